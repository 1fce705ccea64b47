#include "drivers/io/serial_port.h"

#include <fcntl.h>
#include <termios.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace fleet_edge::drivers {
namespace {

constexpr std::array<std::pair<std::uint32_t, speed_t>, 12> kRates{{{1200, B1200},
                                                                    {2400, B2400},
                                                                    {4800, B4800},
                                                                    {9600, B9600},
                                                                    {19'200, B19200},
                                                                    {38'400, B38400},
                                                                    {57'600, B57600},
                                                                    {115'200, B115200},
                                                                    {230'400, B230400},
                                                                    {460'800, B460800},
                                                                    {500'000, B500000},
                                                                    {921'600, B921600}}};

const std::pair<std::uint32_t, speed_t>* FindRate(std::uint32_t baud) {
  const auto* const found =
      std::ranges::find(kRates, baud, [](const auto& rate) { return rate.first; });
  return found == kRates.end() ? nullptr : found;
}

bool SetUp(int port, speed_t speed) {
  termios settings{};
  if (::tcgetattr(port, &settings) != 0) return false;
  ::cfmakeraw(&settings);
  settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
  settings.c_cflag |= CLOCAL | CREAD;
  ::cfsetspeed(&settings, speed);
  return ::tcsetattr(port, TCSANOW, &settings) == 0;
}

}  // namespace

bool IsBaudRate(std::uint32_t baud) { return FindRate(baud) != nullptr; }

Result<FileDescriptor> OpenSerialPort(const std::string& device, std::uint32_t baud) {
  const auto* const rate = FindRate(baud);
  FileDescriptor port(::open(device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  if (rate == nullptr) errno = EINVAL;
  if (rate != nullptr && port && SetUp(port.get(), rate->second)) return port;
  return Error{Error::Code::kRetry, device + ": " + std::strerror(errno) +
                                        ". Is the device plugged in, open to the service "
                                        "(DeviceAllow=), and its user in the group dialout?"};
}

}  // namespace fleet_edge::drivers
