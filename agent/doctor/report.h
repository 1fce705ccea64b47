#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include "agent/doctor/finding.h"

namespace fleet_edge::agent::doctor {

/// What an examination came to. A value.
struct Tally {
  std::array<std::size_t, 5> by_verdict{};  ///< by Verdict
  std::chrono::milliseconds took{};

  std::size_t of(Verdict verdict) const { return by_verdict.at(static_cast<std::size_t>(verdict)); }

  /// What the command tells the shell: 0 all well (notes allowed), 1 warnings, 3 errors; 2 is a
  /// wrong command line's.
  int exit_code() const;
};

/// How `fleet-edge doctor` tells of its findings, on stdout, each at once.
class Report {
 public:
  Report() = default;
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;
  virtual ~Report() = default;

  virtual void Tell(const Finding& finding) = 0;
  virtual void Tell(const Tally& tally) = 0;
};

/// For people: a line a check, below it the mend of what is wrong; a count at the end.
class TextReport final : public Report {
 public:
  explicit TextReport(bool color) : color_(color) {}

  void Tell(const Finding& finding) override;
  void Tell(const Tally& tally) override;

 private:
  const bool color_;
};

/// For programs: an object a line, then a summary; docs/doctor.md has the keys.
class JsonReport final : public Report {
 public:
  void Tell(const Finding& finding) override;
  void Tell(const Tally& tally) override;
};

/// What TextReport prints of a finding.
std::string TextOf(const Finding& finding, bool color);

/// What JsonReport prints of a finding.
std::string JsonOf(const Finding& finding);

}  // namespace fleet_edge::agent::doctor
