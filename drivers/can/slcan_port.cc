#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/file_descriptor.h"
#include "core/result.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/can_source.h"
#include "drivers/can/slcan.h"
#include "drivers/io/serial_port.h"

namespace fleet_edge::drivers {
namespace {

// The longest is T, 8 digits, the length, 16 digits and a stamp; what is longer is noise.
constexpr std::size_t kMaxLine = 64;

// Of the serial port; adapters on USB take any rate.
constexpr std::uint32_t kBaud = 115'200;

// Commands S0 to S8.
constexpr std::array<std::uint32_t, 9> kBitrates{10'000,  20'000,  50'000,  100'000,  125'000,
                                                 250'000, 500'000, 800'000, 1'000'000};

class Slcan : public CanSource {
 public:
  Slcan(FileDescriptor port, std::string device)
      : port_(std::move(port)), device_(std::move(device)) {}

  int fd() const override { return port_.get(); }

  Result<void> Read(std::vector<CanFrame>& out, CanLosses& losses) override {
    std::array<char, 4096> bytes{};
    const ssize_t size = ::read(port_.get(), bytes.data(), bytes.size());
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return {};
    if (size <= 0) {
      const std::string why = size == 0 ? "unplugged" : std::strerror(errno);
      return Error{Error::Code::kRetry, device_ + ": " + why};
    }
    for (const char byte : std::string_view(bytes.data(), static_cast<std::size_t>(size))) {
      Take(byte, out, losses);
    }
    return {};
  }

 private:
  void Take(char byte, std::vector<CanFrame>& out, CanLosses& losses) {
    constexpr char kRefused = '\a';  // ends an answer, as the carriage return does
    if (byte != '\r' && byte != kRefused) {
      if (line_.size() <= kMaxLine) line_ += byte;
      return;
    }
    CanFrame frame;
    switch (ReadSlcan(line_, frame)) {
      case SlcanLine::kFrame:
        out.push_back(frame);
        break;
      case SlcanLine::kMalformed:
        ++losses.malformed;
        break;
      case SlcanLine::kAnswer:
        break;
    }
    line_.clear();
  }

  const FileDescriptor port_;
  const std::string device_;
  std::string line_;
};

bool SendAll(int port, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::write(port, text.data(), text.size());
    if (sent <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

bool IsSlcanBitrate(std::uint32_t bitrate) {
  return std::ranges::find(kBitrates, bitrate) != kBitrates.end();
}

Result<std::unique_ptr<CanSource>> OpenSlcan(const std::string& device, std::uint32_t bitrate) {
  auto port = OpenSerialPort(device, kBaud);
  if (!port) return port.error();
  // Close, set the rate, open to listen only; an empty command first ends what was half sent.
  const auto rate = std::ranges::find(kBitrates, bitrate) - kBitrates.begin();
  if (!SendAll(port->get(), "\rC\rS" + std::to_string(rate) + "\rL\r")) {
    return Error{Error::Code::kRetry,
                 device + ": the adapter takes no command: " + std::strerror(errno)};
  }
  return std::unique_ptr<CanSource>(std::make_unique<Slcan>(std::move(*port), device));
}

}  // namespace fleet_edge::drivers
