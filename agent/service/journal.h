#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fleet_edge::agent {

/// What one line of the log is in systemd's journal: fields as `NAME=value`.
using JournalEntry = std::vector<std::string>;

/// Longer texts are cut, and say so: what comes from outside has no say in how much is written.
inline constexpr std::size_t kLongestJournalText = 8192;  // bytes

/// `text` with its `priority`, as syslog counts, and with what it is about, as far as its beginning
/// tells: a line of a driver's begins with `driver NAME: ` and has FLEET_EDGE_DRIVER, a line about
/// health with `health: ID` or `health: ID (SUBJECT)` and has FLEET_EDGE_HEALTH and
/// FLEET_EDGE_SUBJECT.
JournalEntry MakeJournalEntry(char priority, std::string_view text);

/// An entry as the journal's socket takes it. Precondition: each field has its `=`.
std::string JournalDatagram(const JournalEntry& entry);

/// Hands an entry to the journal. False when it can't be reached. Any thread.
bool SendToJournal(const JournalEntry& entry);

}  // namespace fleet_edge::agent
