#include "agent/journal.h"

#include <sys/uio.h>
#define SD_JOURNAL_SUPPRESS_LOCATION  // else each entry says that it comes from this file
#include <systemd/sd-journal.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fleet_edge::agent {
namespace {

struct Subject {
  std::string_view beginning;
  std::string_view field;
};

constexpr std::array<Subject, 2> kSubjects{
    {{"driver ", "FLEET_EDGE_DRIVER="}, {"health ", "FLEET_EDGE_HEALTH="}}};

/// Before the first colon and blank; empty when there are none.
std::string_view NameIn(std::string_view text) {
  const std::size_t end = text.find(": ");
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end);
}

}  // namespace

JournalEntry MakeJournalEntry(char priority, std::string_view text) {
  JournalEntry entry{"SYSLOG_IDENTIFIER=fleet-edge", std::string("PRIORITY=") + priority};
  for (const Subject& subject : kSubjects) {
    if (!text.starts_with(subject.beginning)) continue;
    const std::string_view name = NameIn(text.substr(subject.beginning.size()));
    if (!name.empty()) entry.push_back(std::string(subject.field).append(name));
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
