#include "agent/service/journal.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "agent/service/local_datagram.h"

namespace fleet_edge::agent {
namespace {

constexpr std::string_view kDriver = "driver ";
constexpr std::string_view kHealth = "health: ";

// Of systemd's native journal protocol, which it keeps stable.
constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

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
  const bool cut = text.size() > kLongestJournalText;
  text = text.substr(0, kLongestJournalText);
  JournalEntry entry{"SYSLOG_IDENTIFIER=fleet-edge", std::string("PRIORITY=") + priority};
  if (text.starts_with(kDriver)) {
    AddField(entry, "FLEET_EDGE_DRIVER", Before(text.substr(kDriver.size()), ": "));
  } else if (text.starts_with(kHealth)) {
    AddHealth(entry, text.substr(kHealth.size()));
  }
  std::string message = "MESSAGE=";
  message.append(text);
  if (cut) message += " … (cut)";
  entry.push_back(std::move(message));
  return entry;
}

// A field of one line is `NAME=value`; any other is its name, the length of its value in 64 bits,
// little end first, and the value.
std::string JournalDatagram(const JournalEntry& entry) {
  std::string datagram;
  for (const std::string_view field : entry) {
    const std::size_t equals = field.find('=');
    if (field.find('\n') == std::string_view::npos) {
      datagram.append(field);
    } else {
      datagram.append(field.substr(0, equals)).push_back('\n');
      const std::uint64_t size = field.size() - equals - 1;
      for (unsigned shift = 0; shift < 64; shift += 8) {
        datagram.push_back(static_cast<char>(size >> shift & 0xFFU));
      }
      datagram.append(field.substr(equals + 1));
    }
    datagram.push_back('\n');
  }
  return datagram;
}

bool SendToJournal(const JournalEntry& entry) {
  return SendLocalDatagram(kJournalSocket, JournalDatagram(entry)) == 0;
}

}  // namespace fleet_edge::agent
