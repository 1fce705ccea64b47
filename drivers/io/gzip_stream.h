#pragma once

#include <istream>
#include <memory>

namespace fleet_edge::drivers {

/// True when `file` begins as a gzip file does, and no text: RFC 1952, section 2.3.1. Reads nothing
/// off it, so that it may be a pipe.
bool LooksLikeGzip(std::istream& file);

/// What a gzip file holds, unpacked as it is read; of a file with several members, all of them.
/// Keeps 64 KiB, whatever the file's size. A file that ends too early or is damaged sets bad()
/// where it does; what came before is read.
std::unique_ptr<std::istream> OpenGzip(std::unique_ptr<std::istream> file);

}  // namespace fleet_edge::drivers
