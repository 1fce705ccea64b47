#include "simulators/output_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fleet_edge::simulators {
namespace {

std::runtime_error Failed(const std::string& path) {
  return std::runtime_error("can't write " + path + ": " + std::strerror(errno));
}

}  // namespace

OutputFile::OutputFile(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "we")) {
  if (!file_) throw Failed(path_);
}

void OutputFile::Write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) throw Failed(path_);
}

void OutputFile::Flush() {
  if (std::fflush(file_.get()) != 0) throw Failed(path_);
}

}  // namespace fleet_edge::simulators
