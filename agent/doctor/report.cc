#include "agent/doctor/report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "agent/doctor/finding.h"
#include "agent/text/json.h"
#include "agent/text/wording.h"

namespace fleet_edge::agent::doctor {
namespace {

constexpr std::size_t kVerdictWidth = 9;
constexpr std::size_t kCheckWidth = 9;

/// SGR parameters: green, faint, cyan, yellow, bold red.
std::string_view ColorOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "32";
    case Verdict::kSkipped:
      return "2";
    case Verdict::kNote:
      return "36";
    case Verdict::kWarning:
      return "33";
    case Verdict::kError:
      return "1;31";
  }
  return "0";
}

std::string Padded(std::string_view text, std::size_t width) {
  std::string padded(text);
  padded.resize(std::max(width, text.size() + 1), ' ');
  return padded;
}

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kSkipped:
      return "skipped";
    case Verdict::kNote:
      return "note";
    case Verdict::kWarning:
      return "warning";
    case Verdict::kError:
      return "error";
  }
  return "";
}

int Tally::exit_code() const {
  if (of(Verdict::kError) > 0) return 3;
  return of(Verdict::kWarning) > 0 ? 1 : 0;
}

std::string TextOf(const Finding& finding, bool color) {
  std::string verdict = Padded(VerdictName(finding.verdict), kVerdictWidth);
  if (color) verdict = "\x1b[" + std::string(ColorOf(finding.verdict)) + "m" + verdict + "\x1b[0m";
  std::string text = verdict + Padded(finding.check, kCheckWidth);
  if (!finding.subject.empty()) text += Printable(finding.subject) + ": ";
  text += Printable(finding.what);
  if (!finding.id.empty()) text += " [" + finding.id + "]";
  text += "\n";
  if (finding.mend.empty()) return text;
  return text + std::string(kVerdictWidth + kCheckWidth, ' ') + "→ " + Printable(finding.mend) +
         "\n";
}

void TextReport::Tell(const Finding& finding) {
  std::fputs(TextOf(finding, color_).c_str(), stdout);
  std::fflush(stdout);
}

void TextReport::Tell(const Tally& tally) {
  const std::string text = Wording(tally.of(Verdict::kError), "error") + ", " +
                           Wording(tally.of(Verdict::kWarning), "warning") + ", " +
                           Wording(tally.of(Verdict::kNote), "note") + ", " +
                           std::to_string(tally.of(Verdict::kOk)) + " ok, " +
                           std::to_string(tally.of(Verdict::kSkipped)) + " skipped";
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

std::string JsonOf(const Finding& finding) {
  JsonObject json;
  json.Add("type", "check")
      .Add("check", finding.check)
      .Add("title", finding.subject.empty() ? finding.check : finding.check + " " + finding.subject)
      .Add("subject", finding.subject)
      .Add("result", VerdictName(finding.verdict))
      .Add("id", finding.id)
      .Add("what", finding.what)
      .Add("mend", finding.mend);
  return json.Text() + "\n";
}

void JsonReport::Tell(const Finding& finding) {
  std::fputs(JsonOf(finding).c_str(), stdout);
  std::fflush(stdout);
}

void JsonReport::Tell(const Tally& tally) {
  JsonObject json;
  json.Add("type", "summary");
  for (const Verdict verdict :
       {Verdict::kError, Verdict::kWarning, Verdict::kNote, Verdict::kOk, Verdict::kSkipped}) {
    json.Add(VerdictName(verdict), static_cast<std::uint64_t>(tally.of(verdict)));
  }
  json.Add("exit_code", static_cast<std::int64_t>(tally.exit_code()))
      .Add("took_ms", static_cast<std::int64_t>(tally.took.count()));
  std::printf("%s\n", json.Text().c_str());
  std::fflush(stdout);
}

}  // namespace fleet_edge::agent::doctor
