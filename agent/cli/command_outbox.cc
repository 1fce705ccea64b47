#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "agent/cli/commands.h"
#include "agent/config/config_file.h"
#include "agent/config/findings.h"
#include "agent/outbox/outbox_export.h"
#include "agent/outbox/outbox_view.h"
#include "agent/status/agent_rows.h"
#include "agent/status/control_socket.h"
#include "agent/text/json.h"
#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "uplink/batch.h"
#include "uplink/outbox_reader.h"
#include "uplink/row_source.h"
#include "uplink/store.h"

namespace fleet_edge::agent {
namespace {

using uplink::OutboxReader;

/// Which outbox: its folder and, where a configuration names it, its quota.
struct Target {
  std::string directory;
  std::optional<Bytes> quota;
};

/// Nothing when the configuration can't be read: what is wrong with it is on stderr then.
std::optional<Target> TargetOf(const OutboxArguments& arguments) {
  if (arguments.config.empty()) return Target{arguments.directory, std::nullopt};
  const LoadedConfig loaded = LoadConfig(arguments.config, Purpose::kLook);
  if (HasErrors(loaded.findings)) {
    std::fputs(ListFindings(loaded.findings).c_str(), stderr);
    return std::nullopt;
  }
  return Target{loaded.config.outbox.directory, loaded.config.outbox.limits.quota};
}

int Fail(const Error& error) {
  std::fprintf(stderr, "fleet-edge outbox: %s\n", error.message.c_str());
  return kExitFailure;
}

int Status(const Target& target, bool json) {
  const auto answer = AskAgent(target.directory, json ? kStatusJson : kStatusText);
  if (answer) {
    std::fputs(answer->c_str(), stdout);
    return kExitOk;
  }
  auto reader = OutboxReader::Open(target.directory);
  if (!reader) return Fail(reader.error());
  const OutboxView view = ReadOutboxView(target.directory, target.quota, **reader);
  std::fputs((json ? Json(view) : Text(view)).c_str(), stdout);
  return kExitOk;
}

/// Where an outbox's batches come from: the agent that runs on it, or its database.
struct Source {
  std::unique_ptr<AgentRows> agent{};        // null: none runs
  std::unique_ptr<OutboxReader> database{};  // null: an agent runs

  uplink::RowSource& rows() const {
    return agent ? static_cast<uplink::RowSource&>(*agent) : *database;
  }
};

Result<Source> OpenSource(const std::string& directory) {
  auto agent = AgentRows::Open(directory);
  if (agent) return Source{.agent = std::move(*agent)};
  if (agent.error().code != Error::Code::kRetry) return agent.error();
  auto database = OutboxReader::Open(directory);
  if (!database) return database.error();
  return Source{.database = std::move(*database)};
}

int Export(const Target& target, bool wire) {
  if (wire && isatty(STDOUT_FILENO) == 1) {
    std::fputs("fleet-edge outbox: --wire writes bytes, not text. Write them to a file: > FILE\n",
               stderr);
    return kExitUsage;
  }
  const auto source = OpenSource(target.directory);
  if (!source) return Fail(source.error());
  uplink::RowSource& rows = source->rows();
  std::uint64_t left_out = 0;
  uplink::Store::Row row;
  auto more = rows.Next(row);
  for (; more && *more; more = rows.Next(row)) {
    const auto text = wire ? ToExportedRecord(row.batch) : ToNdjson(row.batch);
    if (!row.intact || !text) {
      ++left_out;
    } else if (std::fwrite(text->data(), 1, text->size(), stdout) != text->size()) {
      return Fail({Error::Code::kRetry, std::string("stdout: ") + std::strerror(errno)});
    }
  }
  if (std::fflush(stdout) != 0) {
    return Fail({Error::Code::kRetry, std::string("stdout: ") + std::strerror(errno)});
  }
  if (!more) return Fail(more.error());
  const std::string unsettled = source->agent ? source->agent->unsettled() : "";
  if (!unsettled.empty()) {
    return Fail({Error::Code::kRetry, "what is in memory is left out: " + unsettled});
  }
  if (left_out == 0 && rows.holes() == 0) return kExitOk;
  std::fprintf(
      stderr, "fleet-edge outbox: %llu damaged batches and %llu unreadable places are left out\n",
      static_cast<unsigned long long>(left_out), static_cast<unsigned long long>(rows.holes()));
  return kExitFailure;
}

/// What `verify` has found so far.
struct Findings {
  uplink::Totals sound{};
  std::uint64_t damaged = 0;
};

/// What `verify` says at its end, in batches.
struct Verdict {
  bool ok = false;
  std::uint64_t sound = 0;
  std::uint64_t damaged = 0;
  std::uint64_t holes = 0;
  bool has_books = false;  // no agent runs
  std::uint64_t booked = 0;
};

void TellDamaged(const uplink::Store::Row& row, bool json, Findings& findings) {
  ++findings.damaged;
  const uplink::BatchId& id = row.batch.id;
  if (json) {
    JsonObject object;
    object.Add("row", static_cast<std::int64_t>(row.id))
        .Add("lane", ToString(id.lane))
        .Add("epoch", id.epoch)
        .Add("seq", id.seq)
        .Add("damage", "crc");
    std::puts(object.Text().c_str());
  } else {
    std::printf("row %lld: %s %llu/%llu is not what was committed: its crc does not match\n",
                static_cast<long long>(row.id), std::string(ToString(id.lane)).c_str(),
                static_cast<unsigned long long>(id.epoch), static_cast<unsigned long long>(id.seq));
  }
}

Result<Findings> Read(uplink::RowSource& rows, bool json) {
  Findings findings;
  uplink::Store::Row row;
  auto more = rows.Next(row);
  for (; more && *more; more = rows.Next(row)) {
    if (!row.intact) {
      TellDamaged(row, json, findings);
      continue;
    }
    auto& totals = findings.sound.at(static_cast<std::size_t>(row.batch.id.lane));
    ++totals.batches;
    totals.records += row.batch.count;
    totals.bytes += row.batch.body.size();
  }
  if (!more) return more.error();
  return findings;
}

std::uint64_t Batches(const uplink::Totals& totals) {
  std::uint64_t batches = 0;
  for (const uplink::LaneTotals& lane : totals) batches += lane.batches;
  return batches;
}

void TellVerdict(const Target& target, const Verdict& verdict) {
  std::string books;
  if (verdict.has_books) books = "; " + std::to_string(verdict.booked) + " in the books";
  std::printf("%s: %llu batches sound, %llu damaged, %llu places unreadable%s\n",
              target.directory.c_str(), static_cast<unsigned long long>(verdict.sound),
              static_cast<unsigned long long>(verdict.damaged),
              static_cast<unsigned long long>(verdict.holes), books.c_str());
  if (!verdict.ok) std::puts("The agent goes on with what is sound and counts the rest.");
}

void TellVerdictAsJson(const Verdict& verdict) {
  JsonObject summary;
  summary.Add("ok", verdict.ok)
      .Add("sound", verdict.sound)
      .Add("damaged", verdict.damaged)
      .Add("unreadable_places", verdict.holes);
  if (verdict.has_books) summary.Add("booked", verdict.booked);
  std::puts(summary.Text().c_str());
}

int Verify(const Target& target, bool json) {
  const auto source = OpenSource(target.directory);
  if (!source) return Fail(source.error());
  const auto findings = Read(source->rows(), json);
  if (!findings) return Fail(findings.error());
  Verdict verdict{.sound = Batches(findings->sound),
                  .damaged = findings->damaged,
                  .holes = source->rows().holes()};
  verdict.ok = verdict.damaged == 0 && verdict.holes == 0;
  // A running agent's books go on while its rows are read.
  if (source->database) {
    const auto books = source->database->books();
    verdict.has_books = true;
    verdict.booked = books ? Batches(*books) : 0;
    verdict.ok = verdict.ok && books == findings->sound;
  }
  if (json) {
    TellVerdictAsJson(verdict);
  } else {
    TellVerdict(target, verdict);
  }
  return verdict.ok ? kExitOk : kExitFailure;
}

}  // namespace

int Outbox(const OutboxArguments& arguments) {
  const auto target = TargetOf(arguments);
  if (!target) return kExitFailure;
  switch (arguments.what) {
    case OutboxArguments::What::kStatus:
      return Status(*target, arguments.json);
    case OutboxArguments::What::kExport:
      return Export(*target, arguments.wire);
    case OutboxArguments::What::kVerify:
      return Verify(*target, arguments.json);
  }
  return kExitUsage;
}

}  // namespace fleet_edge::agent
