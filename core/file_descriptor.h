#pragma once

#include <unistd.h>

#include <utility>

namespace fleet_edge {

/// Owns a file descriptor and closes it. Any thread, one at a time.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int file) : file_(file) {}
  FileDescriptor(FileDescriptor&& other) noexcept : file_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (file_ >= 0) ::close(file_);
  }

  /// Negative: none.
  int get() const { return file_; }
  explicit operator bool() const { return file_ >= 0; }

  /// Gives it away.
  int release() { return std::exchange(file_, -1); }

 private:
  int file_ = -1;
};

}  // namespace fleet_edge
