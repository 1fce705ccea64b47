#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace fleet_edge::agent {

/// The text of a bundle on disk, beside the file whose place it may take: what is slow, the disk,
/// is over before it is decided. Each has a file of its own, which goes with it unless it was kept;
/// a power cut may leave one, see RemoveLeftovers().
///
/// One thread at a time.
class StagedBundle {
 public:
  /// None.
  StagedBundle() = default;

  /// Writes `text` beside the file at `path`, and waits until it is on disk. Errors: kRetry with
  /// the reason; nothing is left then.
  static Result<StagedBundle> Write(const std::string& path, std::string_view text);

  StagedBundle(StagedBundle&& other) noexcept;
  StagedBundle& operator=(StagedBundle&& other) noexcept;
  StagedBundle(const StagedBundle&) = delete;
  StagedBundle& operator=(const StagedBundle&) = delete;
  ~StagedBundle();

  /// Takes the place of the file at `path`, without waiting for the disk: a power cut leaves the
  /// one or the other. At most once, and of one that was written. Errors: kRetry with the reason.
  Result<void> Keep();

  /// Removes what was staged for `path` before the program's start, and not kept.
  static void RemoveLeftovers(const std::string& path);

 private:
  StagedBundle(std::string path, std::string staged);

  std::string path_;
  std::string staged_;  // empty: there is no file
};

}  // namespace fleet_edge::agent
