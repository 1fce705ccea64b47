#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "simulators/ledger.h"

namespace fleet_edge::simulators {

/// The entry as a line of JSON without its end. An object with one key, its kind; a sent message,
/// of which there may be millions, as an array: [form, time, value, …]. Times are microseconds
/// since 1970.
std::string ToLine(const LedgerEntry& entry);

/// Reads what ToLine() wrote. One thread.
class LedgerParser {
 public:
  LedgerParser();
  ~LedgerParser();
  LedgerParser(const LedgerParser&) = delete;
  LedgerParser& operator=(const LedgerParser&) = delete;

  /// Errors: kCorrupt, the line is no entry; nothing to do but to give up on the ledger.
  Result<LedgerEntry> Parse(std::string_view line);

 private:
  struct Json;  // keeps simdjson out of everybody else's
  std::unique_ptr<Json> json_;
};

}  // namespace fleet_edge::simulators
