#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/file_descriptor.h"
#include "core/result.h"

namespace fleet_edge::drivers {

/// A raw SocketCAN socket on `interface`, which is up. `prepare` sets its options before it is
/// bound, so that nothing unwanted is queued. `how` is what `ip link set <interface> up type can`
/// is to be followed by. Errors: kRetry, with the mend. Any thread.
Result<FileDescriptor> OpenCanSocket(const std::string& interface, std::string_view how,
                                     const std::function<void(int socket)>& prepare);

}  // namespace fleet_edge::drivers
