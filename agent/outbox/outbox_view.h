#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/time.h"
#include "uplink/outbox_reader.h"
#include "uplink/store.h"

namespace fleet_edge::agent {

/// What `fleet-edge outbox status` shows. A value.
struct OutboxView {
  std::string directory{};
  bool running = false;  ///< an agent answered; else its database was read
  std::string hub{};     ///< of a running agent: `up`, or `down for 3m: why`
  uplink::Totals lanes{};
  Bytes disk{};                                    ///< what the database takes
  std::optional<Bytes> quota{};                    ///< nothing when no configuration tells
  std::optional<Duration> oldest{};                ///< age of the oldest record
  std::optional<Duration> to_empty{};              ///< at the pace of the last minute
  std::map<std::string, std::uint64_t> dropped{};  ///< records by `lane.reason`, over all starts
  std::string error{};                             ///< why the last commit failed; empty: it didn't
};

// What AskAgent() asks for: Text() or Json() of the running agent's view.
inline constexpr const char* kStatusText = "outbox status";
inline constexpr const char* kStatusJson = "outbox status --json";

/// Of a stopped agent's outbox.
OutboxView ReadOutboxView(const std::string& directory, std::optional<Bytes> quota,
                          uplink::OutboxReader& reader);

/// For people, some lines.
std::string Text(const OutboxView& view);

/// One JSON object on a line; docs/outbox.md has its keys.
std::string Json(const OutboxView& view);

}  // namespace fleet_edge::agent
