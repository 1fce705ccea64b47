#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "agent/commands.h"
#include "agent/config_file.h"
#include "agent/control_socket.h"
#include "agent/findings.h"
#include "agent/json.h"
#include "agent/outbox_export.h"
#include "agent/outbox_view.h"
#include "core/bytes.h"
#include "core/clock.h"
#include "core/diagnostic.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/outbox_reader.h"
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
  const LoadedConfig loaded = LoadConfig(arguments.config);
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

OutboxView ViewOf(const Target& target, OutboxReader& reader) {
  OutboxView view{.directory = target.directory, .disk = reader.size(), .quota = target.quota};
  view.lanes = reader.books().value_or(uplink::Totals{});
  view.dropped = reader.dropped();
  if (const auto oldest = reader.oldest()) {
    view.oldest = std::max(Duration{0}, SystemClock().Now() - *oldest);
  }
  return view;
}

int Status(const Target& target, bool json) {
  const auto answer = AskAgent(target.directory, json ? kStatusJson : kStatusText);
  if (answer) {
    std::fputs(answer->c_str(), stdout);
    return kExitOk;
  }
  auto reader = OutboxReader::Open(target.directory);
  if (!reader) return Fail(reader.error());
  const OutboxView view = ViewOf(target, *reader);
  std::fputs((json ? Json(view) : Text(view)).c_str(), stdout);
  return kExitOk;
}

int Export(const Target& target, bool wire) {
  if (wire && isatty(STDOUT_FILENO) == 1) {
    std::fputs("fleet-edge outbox: --wire writes bytes, not text. Write them to a file: > FILE\n",
               stderr);
    return kExitUsage;
  }
  auto reader = OutboxReader::Open(target.directory);
  if (!reader) return Fail(reader.error());
  std::uint64_t left_out = 0;
  uplink::Store::Row row;
  while (reader->Next(row)) {
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
  if (left_out == 0 && reader->holes() == 0) return kExitOk;
  std::fprintf(
      stderr, "fleet-edge outbox: %llu damaged batches and %llu unreadable places are left out\n",
      static_cast<unsigned long long>(left_out), static_cast<unsigned long long>(reader->holes()));
  return kExitFailure;
}

/// What `verify` has found so far.
struct Findings {
  uplink::Totals sound{};
  std::uint64_t damaged = 0;
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

Findings Read(OutboxReader& reader, bool json) {
  Findings findings;
  uplink::Store::Row row;
  while (reader.Next(row)) {
    if (!row.intact) {
      TellDamaged(row, json, findings);
      continue;
    }
    auto& totals = findings.sound.at(static_cast<std::size_t>(row.batch.id.lane));
    ++totals.batches;
    totals.records += row.batch.count;
    totals.bytes += row.batch.body.size();
  }
  return findings;
}

std::uint64_t Batches(const uplink::Totals& totals) {
  std::uint64_t batches = 0;
  for (const uplink::LaneTotals& lane : totals) batches += lane.batches;
  return batches;
}

int Verify(const Target& target, bool json) {
  auto reader = OutboxReader::Open(target.directory);
  if (!reader) return Fail(reader.error());
  const Findings findings = Read(*reader, json);
  const auto books = reader->books();
  const std::uint64_t sound = Batches(findings.sound);
  const std::uint64_t booked = books ? Batches(*books) : 0;
  const bool ok = findings.damaged == 0 && reader->holes() == 0 && books == findings.sound;
  if (json) {
    JsonObject summary;
    summary.Add("ok", ok)
        .Add("sound", sound)
        .Add("damaged", findings.damaged)
        .Add("unreadable_places", reader->holes())
        .Add("booked", booked);
    std::puts(summary.Text().c_str());
  } else {
    std::printf("%s: %llu batches sound, %llu damaged, %llu places unreadable; %llu in the books\n",
                target.directory.c_str(), static_cast<unsigned long long>(sound),
                static_cast<unsigned long long>(findings.damaged),
                static_cast<unsigned long long>(reader->holes()),
                static_cast<unsigned long long>(booked));
    if (!ok) std::puts("The agent's next start goes on with what is sound and counts the rest.");
  }
  return ok ? kExitOk : kExitFailure;
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
