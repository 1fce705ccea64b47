#include "simulators/promise.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {
namespace {

// Of an absence whose end nobody noted.
constexpr Duration kUnknownAbsence = std::chrono::seconds{30};

}  // namespace

std::vector<Promise::Absence> Promise::AbsencesOf(const std::string& vehicle) const {
  std::vector<LedgerNote> notes;
  std::ranges::copy_if(notes_, std::back_inserter(notes), [&](const LedgerNote& note) {
    return note.vehicle.empty() || note.vehicle == vehicle;
  });
  std::ranges::stable_sort(notes, {}, &LedgerNote::at);
  std::vector<Absence> absences;
  for (auto note = notes.begin(); note != notes.end(); ++note) {
    if (note->kind != LedgerNote::Kind::kKill) continue;
    const auto start =
        std::ranges::find(note, notes.end(), LedgerNote::Kind::kStart, &LedgerNote::kind);
    absences.push_back(
        {.begin = note->at, .end = start == notes.end() ? note->at + kUnknownAbsence : start->at});
  }
  return absences;
}

bool Promise::Covers(const std::string& vehicle, UtcTime sent) const {
  return std::ranges::none_of(notes_, [&](const LedgerNote& note) {
    return note.kind == LedgerNote::Kind::kKill &&
           (note.vehicle.empty() || note.vehicle == vehicle) && note.at - unsafe_ <= sent &&
           sent <= note.at;
  });
}

std::optional<Promise::Absence> Promise::Disturbs(const std::string& vehicle, UtcTime from,
                                                  UtcTime to) const {
  for (const Absence& absence : AbsencesOf(vehicle)) {
    if (from <= absence.end && to >= absence.begin - unsafe_) return absence;
  }
  return std::nullopt;
}

}  // namespace fleet_edge::simulators
