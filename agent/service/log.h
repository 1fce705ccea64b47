#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

#include "agent/service/journal.h"
#include "core/section.h"

namespace fleet_edge::agent {

/// Keys of the configuration's `log`.
struct LogOptions {
  std::string level = "info";
};

void Describe(Section& section, LogOptions& options);

/// How a line of the log looks.
enum class LogStyle : std::uint8_t {
  kTerminal,  ///< `06:28:35.250 warning text`, the level in colour
  kJournal,   ///< `<4>text`: systemd's journal keeps time and level itself
  kPlain,     ///< `2026-11-21T06:28:35.250Z warning text`
};

/// What the open file `fd` asks for. `journal_stream` is the environment's JOURNAL_STREAM, or null:
/// systemd says there which device and inode the journal reads, so that a daemon whose stderr goes
/// elsewhere is not taken in.
LogStyle DetectLogStyle(int fd, const char* journal_stream);

/// Takes an entry of the journal; false when the journal can't be reached.
using JournalSender = std::function<bool(const JournalEntry&)>;

/// Makes spdlog's default logger hand lines to `journal`, or, without one and when it fails, write
/// them to `stream`, which stays open as long as it logs. Repeats are held back and counted, see
/// RepeatFilter. Called before threads start, and again once the level is known.
void SetUpLog(const LogOptions& options, LogStyle style, std::FILE* stream,
              JournalSender journal = {});

}  // namespace fleet_edge::agent
