#include "simulators/note_command.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <stdexcept>

#include "core/clock.h"
#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/ledger_file.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(
Notes in a ledger what was done to an agent, so that `verify` knows what was promised: what an
agent took within durable_within before a SIGKILL may be lost, and its alerts wait for its return.

  kill -9 $AGENT; fleet-sim note --ledger trip.ledger --kind kill
  fleet-edge run …; fleet-sim note --ledger trip.ledger --kind start)";

}  // namespace

CLI::App& AddNoteCommand(CLI::App& app, NoteOptions& options) {
  CLI::App& note = *app.add_subcommand("note", "Notes in a ledger what was done to an agent.");
  note.footer(kHelp);
  note.add_option("--ledger", options.ledger, "The run's ledger.")->required()->type_name("FILE");
  note.add_option("--kind", options.kind, "kill: ended by SIGKILL; start: it is up again.")
      ->check(CLI::IsMember({"kill", "start"}))
      ->capture_default_str();
  note.add_option("--at", options.at, "When: now, or ISO 8601.")->capture_default_str();
  note.add_option("--vehicle", options.vehicle, "Whose agent; default: all.");
  return note;
}

int Note(const NoteOptions& options) {
  const std::optional<UtcTime> at =
      options.at == "now" ? SystemClock().Now() : ParseUtcTime(options.at);
  if (!at) {
    throw std::runtime_error("--at '" + options.at +
                             "' is no time. Write now, or 2026-11-21T06:28:35.250Z");
  }
  LedgerWriter ledger(options.ledger, LedgerWriter::Mode::kAppend);
  ledger.Append(LedgerNote{
      .kind = options.kind == "kill" ? LedgerNote::Kind::kKill : LedgerNote::Kind::kStart,
      .at = *at,
      .vehicle = options.vehicle});
  ledger.Flush();
  return 0;
}

}  // namespace fleet_edge::simulators
