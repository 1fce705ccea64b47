#include "drivers/io/gzip_stream.h"

#include <zconf.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <ios>
#include <istream>
#include <memory>
#include <streambuf>
#include <utility>

namespace fleet_edge::drivers {
namespace {

constexpr std::size_t kBuffer = 32 << 10;  // bytes
constexpr int kGzipOnly = 16;              // added to the window's bits: zlib.h, inflateInit2
constexpr int kFirstByte = 0x1f;

/// Unpacks into its own buffer. Where the file is damaged it ends, and sets `stream`'s bad(): what
/// an exception would set, too, but std::istream::read forgets what it has read when one comes.
class GzipBuffer : public std::streambuf {
 public:
  /// `stream` outlives it.
  GzipBuffer(std::unique_ptr<std::istream> file, std::ios& stream)
      : file_(std::move(file)), stream_(stream) {
    ::inflateInit2(&zlib_, MAX_WBITS + kGzipOnly);  // fails without memory alone; so will inflate()
  }
  GzipBuffer(const GzipBuffer&) = delete;
  GzipBuffer& operator=(const GzipBuffer&) = delete;
  ~GzipBuffer() override { ::inflateEnd(&zlib_); }

 protected:
  int_type underflow() override {
    while (!failed_) {
      if (zlib_.avail_in == 0) Fill();
      if (zlib_.avail_in == 0 && !in_member_) return traits_type::eof();
      const std::size_t size = Unpack();
      if (size == 0) continue;
      setg(unpacked_.data(), unpacked_.data(), unpacked_.data() + size);
      return traits_type::to_int_type(unpacked_.front());
    }
    stream_.setstate(std::ios::badbit);
    return traits_type::eof();
  }

 private:
  void Fill() {
    file_->read(packed_.data(), static_cast<std::streamsize>(packed_.size()));
    zlib_.next_in = reinterpret_cast<Bytef*>(packed_.data());
    zlib_.avail_in = static_cast<uInt>(file_->gcount());
  }

  /// Returns how much there is now.
  std::size_t Unpack() {
    if (!std::exchange(in_member_, true)) ::inflateReset(&zlib_);
    zlib_.next_out = reinterpret_cast<Bytef*>(unpacked_.data());
    zlib_.avail_out = static_cast<uInt>(unpacked_.size());
    const int result = ::inflate(&zlib_, Z_NO_FLUSH);  // Z_BUF_ERROR when the file ends too early
    in_member_ = result != Z_STREAM_END;
    failed_ = result != Z_OK && result != Z_STREAM_END;
    return unpacked_.size() - zlib_.avail_out;
  }

  const std::unique_ptr<std::istream> file_;
  std::ios& stream_;
  z_stream zlib_{};
  bool in_member_ = true;  // at first: an empty file is none
  bool failed_ = false;
  std::array<char, kBuffer> packed_{};
  std::array<char, kBuffer> unpacked_{};
};

class GzipStream : public std::istream {
 public:
  explicit GzipStream(std::unique_ptr<std::istream> file)
      : std::istream(nullptr), buffer_(std::move(file), *this) {
    rdbuf(&buffer_);
  }

 private:
  GzipBuffer buffer_;
};

}  // namespace

bool LooksLikeGzip(std::istream& file) { return file.peek() == kFirstByte; }

std::unique_ptr<std::istream> OpenGzip(std::unique_ptr<std::istream> file) {
  return std::make_unique<GzipStream>(std::move(file));
}

}  // namespace fleet_edge::drivers
