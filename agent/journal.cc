#include "agent/journal.h"

#define SD_JOURNAL_SUPPRESS_LOCATION  // else each entry says that it comes from this file
#include <systemd/sd-journal.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge::agent {
namespace {

constexpr std::string_view kDriver = "driver ";
constexpr std::string_view kHealth = "health: ";

/// `text` up to `end`; empty without one.
std::string_view Before(std::string_view text, std::string_view end) {
  const std::size_t at = text.find(end);
  return at == std::string_view::npos ? std::string_view() : text.substr(0, at);
}

void AddField(JournalEntry& entry, std::string_view name, std::string_view value) {
  if (!value.empty()) entry.push_back(std::string(name).append("=").append(value));
}

/// `health: ID (SUBJECT): what is wrong`, `health: ID (SUBJECT) is critical now: …` and
/// `health: ID (SUBJECT) is over`; most have no subject.
void AddHealth(JournalEntry& entry, std::string_view text) {
  const std::string_view id = text.substr(0, text.find_first_of(": "));
  AddField(entry, "FLEET_EDGE_HEALTH", id);
  text.remove_prefix(id.size());
  if (text.starts_with(" (")) AddField(entry, "FLEET_EDGE_SUBJECT", Before(text.substr(2), ")"));
}

}  // namespace

JournalEntry MakeJournalEntry(char priority, std::string_view text) {
  JournalEntry entry{"SYSLOG_IDENTIFIER=fleet-edge", std::string("PRIORITY=") + priority};
  if (text.starts_with(kDriver)) {
    AddField(entry, "FLEET_EDGE_DRIVER", Before(text.substr(kDriver.size()), ": "));
  } else if (text.starts_with(kHealth)) {
    AddHealth(entry, text.substr(kHealth.size()));
  }
  std::string message = "MESSAGE=";
  message.append(text.substr(0, kLongestJournalText));
  if (text.size() > kLongestJournalText) message += " … (cut)";
  entry.push_back(std::move(message));
  return entry;
}

bool SendToJournal(const JournalEntry& entry) {
  std::vector<iovec> fields;
  fields.reserve(entry.size());
  for (const std::string& field : entry) {
    fields.push_back({.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()});
  }
  return sd_journal_sendv(fields.data(), static_cast<int>(fields.size())) == 0;
}

}  // namespace fleet_edge::agent
