#include "drivers/modbus/modbus_bus.h"

#include <modbus/modbus-rtu.h>
#include <modbus/modbus-tcp.h>
#include <modbus/modbus.h>
#include <sys/poll.h>
#include <sys/select.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "core/stop_event.h"
#include "core/time.h"
#include "drivers/io/tcp_stream.h"
#include "drivers/modbus/modbus_plan.h"

namespace fleet_edge::drivers {
namespace {

using Kind = ModbusAnswer::Kind;
using std::chrono::milliseconds;

// MODBUS over serial line V1.02, section 2.5.1: a character has 11 bits on the line.
constexpr std::uint32_t kBitsPerCharacter = 11;
// An answer's unit, function, count and checksum.
constexpr std::uint32_t kOverhead = 5;
constexpr Duration kLongestAnswer = milliseconds{250};
constexpr std::uint16_t kTcpPort = 502;

/// Characters that a line of `baud` carries in the longest answer.
std::uint32_t CharactersInAnswer(std::uint32_t baud) {
  return baud / kBitsPerCharacter / (std::chrono::seconds{1} / kLongestAnswer);
}

/// The silence between two frames: 3.5 characters, and 1.75 ms at 19,200 baud and above, rounded up
/// (section 2.5.1.1).
milliseconds SilenceOf(std::uint32_t baud) {
  const std::uint32_t silent_bits = 3'500 * kBitsPerCharacter;  // a thousandth each
  return milliseconds{baud > 19'200 ? 2 : silent_bits / baud + 1};
}

using Context = std::unique_ptr<modbus_t, decltype(&::modbus_free)>;

/// On libmodbus. Its error recovery stays off: it sleeps, and opens again without a bound.
class LibmodbusBus : public ModbusBus {
 public:
  /// `socket`: the connection, of which the context knows; none: the context's own port.
  LibmodbusBus(Context context, FileDescriptor socket, Duration timeout, milliseconds silence)
      : socket_(std::move(socket)), context_(std::move(context)), silence_(silence) {
    // With no byte time-out the whole answer must be there before the response time-out ends.
    ::modbus_set_byte_timeout(context_.get(), 0, 0);
    const auto whole = static_cast<std::uint32_t>((timeout + kLongestAnswer).count());
    ::modbus_set_response_timeout(context_.get(), 0, whole);
  }
  LibmodbusBus(const LibmodbusBus&) = delete;
  LibmodbusBus& operator=(const LibmodbusBus&) = delete;
  ~LibmodbusBus() override {
    if (!socket_) ::modbus_close(context_.get());
  }

  ModbusAnswer Read(const ModbusRange& range, std::vector<std::uint16_t>& registers) override {
    if (silence_.count() > 0) ::poll(nullptr, 0, static_cast<int>(silence_.count()));
    // What is left of an answer that came too late would be taken for the next one's.
    if (std::exchange(unsettled_, false)) ::modbus_flush(context_.get());
    registers.resize(range.count);
    const auto read = range.table == ModbusTable::kInput ? &::modbus_read_input_registers
                                                         : &::modbus_read_registers;
    ::modbus_set_slave(context_.get(), range.unit);
    errno = 0;
    const int count = read(context_.get(), range.first, range.count, registers.data());
    if (count == range.count) return {.kind = Kind::kRead, .exception = 0, .why = {}};
    return Failure(count < 0 ? errno : EMBBADDATA);
  }

 private:
  ModbusAnswer Failure(int error) {
    ModbusAnswer answer{.kind = Kind::kLost, .exception = 0, .why = ::modbus_strerror(error)};
    if (error >= EMBXILFUN && error <= EMBXGTAR) {
      answer.kind = Kind::kException;
      answer.exception = error - MODBUS_ENOBASE;
      return answer;
    }
    unsettled_ = true;
    if (error == ETIMEDOUT) {
      answer.kind = Kind::kSilent;
      answer.why = "no answer";
    } else if (error >= EMBBADCRC && error <= EMBBADSLAVE) {
      answer.kind = Kind::kGarbled;
    }
    return answer;
  }

  const FileDescriptor socket_;
  const Context context_;
  const milliseconds silence_;
  bool unsettled_ = true;
};

Error Retry(std::string message) { return {Error::Code::kRetry, std::move(message)}; }

/// libmodbus waits with select(2), which knows file descriptors below FD_SETSIZE alone.
bool CanSelect(int file) { return file >= 0 && file < FD_SETSIZE; }

Result<std::unique_ptr<ModbusBus>> OpenRtu(const ModbusLine& line) {
  Context context(::modbus_new_rtu(line.device.c_str(), static_cast<int>(line.baud), line.parity, 8,
                                   line.stop_bits),
                  &::modbus_free);
  if (context == nullptr) return Retry(line.device + ": " + ::modbus_strerror(errno));
  if (::modbus_connect(context.get()) != 0) {
    return Retry(line.device + ": " + ::modbus_strerror(errno) +
                 ". Is the device plugged in, open to the service (DeviceAllow=), and its user in "
                 "the group dialout?");
  }
  const int file = ::modbus_get_socket(context.get());
  auto bus = std::make_unique<LibmodbusBus>(std::move(context), FileDescriptor{}, line.timeout,
                                            SilenceOf(line.baud));
  if (!CanSelect(file)) return Retry(line.device + ": too many files are open");
  return std::unique_ptr<ModbusBus>(std::move(bus));
}

Result<std::unique_ptr<ModbusBus>> OpenTcp(const ModbusLine& line, const StopEvent& stopped) {
  const auto address = ParseTcpAddress(line.address, kTcpPort);
  if (!address) return Retry("'" + line.address + "' is no address");
  auto socket = ConnectTcp(*address, std::chrono::seconds{1}, stopped);
  if (!socket) return socket.error();
  Context context(::modbus_new_tcp("127.0.0.1", kTcpPort), &::modbus_free);  // connected already
  if (context == nullptr || !CanSelect(socket->get())) {
    return Retry(line.address + ": too many files are open");
  }
  ::modbus_set_socket(context.get(), socket->get());
  auto bus = std::make_unique<LibmodbusBus>(std::move(context), std::move(*socket), line.timeout,
                                            milliseconds{0});
  return std::unique_ptr<ModbusBus>(std::move(bus));
}

}  // namespace

std::uint16_t ModbusLine::max_registers() const {
  if (device.empty()) return kModbusMaxRegisters;
  const std::uint32_t registers = (CharactersInAnswer(baud) - kOverhead) / 2;
  return static_cast<std::uint16_t>(std::min<std::uint32_t>(registers, kModbusMaxRegisters));
}

Result<std::unique_ptr<ModbusBus>> OpenModbus(const ModbusLine& line, const StopEvent& stopped) {
  return line.device.empty() ? OpenTcp(line, stopped) : OpenRtu(line);
}

}  // namespace fleet_edge::drivers
