#pragma once

#include <memory>

#include "core/bytes.h"

namespace fleet_edge::uplink {

/// Counts what SQLite hands to the system to be written: the frames of commits, the pages of
/// checkpoints, and headers.
///
/// A part of SqliteDatabase, which lives no longer; the same thread. A database that is opened
/// under name() goes through the system's VFS and is counted on the way.
class SqliteMeter {
 public:
  SqliteMeter();
  ~SqliteMeter();
  SqliteMeter(const SqliteMeter&) = delete;
  SqliteMeter& operator=(const SqliteMeter&) = delete;

  /// Of the VFS, for sqlite3_open_v2().
  const char* name() const;

  /// Written to the write-ahead log.
  Bytes journal() const;

  /// Written to all other files: the database, and a rollback journal while it is made.
  Bytes database() const;

 private:
  struct Vfs;

  std::unique_ptr<Vfs> vfs_;
};

}  // namespace fleet_edge::uplink
