#include "uplink/sqlite_meter.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <sstream>
#include <string>

#include "core/bytes.h"

namespace fleet_edge::uplink {
namespace {

/// Lies behind the system's file object, whose calls are the system's own but for writing.
struct MeteredFile {
  sqlite3_io_methods methods;
  const sqlite3_io_methods* system;
  std::uint64_t* written;
};

/// Where it lies: the size of the system's file object, aligned.
std::size_t MeteredFileOffset() {
  constexpr std::size_t kAligned = alignof(MeteredFile);
  const auto size = static_cast<std::size_t>(sqlite3_vfs_find(nullptr)->szOsFile);
  return (size + kAligned - 1) / kAligned * kAligned;
}

void* PlaceBehind(sqlite3_file* file) {
  return reinterpret_cast<std::byte*>(file) + MeteredFileOffset();
}

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  const auto& metered = *static_cast<const MeteredFile*>(PlaceBehind(file));
  const int code = metered.system->xWrite(file, bytes, count, at);
  if (code == SQLITE_OK) *metered.written += static_cast<std::uint64_t>(count);
  return code;
}

}  // namespace

/// The system's VFS with another way to open files.
struct SqliteMeter::Vfs {
  Vfs() {
    std::ostringstream unique;
    unique << "meter-" << this;
    name = std::move(unique).str();
    vfs.zName = name.c_str();
    vfs.pNext = nullptr;
    vfs.pAppData = this;
    vfs.szOsFile = static_cast<int>(MeteredFileOffset() + sizeof(MeteredFile));
    vfs.xOpen = &Vfs::Open;
    sqlite3_vfs_register(&vfs, 0);
  }
  ~Vfs() { sqlite3_vfs_unregister(&vfs); }
  Vfs(const Vfs&) = delete;
  Vfs& operator=(const Vfs&) = delete;

  static int Open(sqlite3_vfs* self, const char* path, sqlite3_file* file, int flags, int* opened) {
    auto& meter = *static_cast<Vfs*>(self->pAppData);
    const int code = meter.system.xOpen(&meter.system, path, file, flags, opened);
    if (file->pMethods == nullptr) return code;
    auto* const metered = new (PlaceBehind(file)) MeteredFile{
        .methods = *file->pMethods,
        .system = file->pMethods,
        .written = (flags & SQLITE_OPEN_WAL) != 0 ? &meter.journal : &meter.database,
    };
    metered->methods.xWrite = &Write;
    file->pMethods = &metered->methods;
    return code;
  }

  sqlite3_vfs& system = *sqlite3_vfs_find(nullptr);
  sqlite3_vfs vfs = system;
  std::string name;
  std::uint64_t journal = 0;
  std::uint64_t database = 0;
};

SqliteMeter::SqliteMeter() : vfs_(std::make_unique<Vfs>()) {}

SqliteMeter::~SqliteMeter() = default;

const char* SqliteMeter::name() const { return vfs_->name.c_str(); }

Bytes SqliteMeter::journal() const { return {vfs_->journal}; }

Bytes SqliteMeter::database() const { return {vfs_->database}; }

}  // namespace fleet_edge::uplink
