#include "agent/status_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "agent/json.h"
#include "core/clock.h"
#include "core/counters.h"
#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"
#include "uplink/status.h"

namespace fleet_edge::agent {
namespace {

JsonObject RecordsJson(const uplink::Ledger::Snapshot& books) {
  JsonObject dropped;
  for (const auto& [key, records] : books.dropped) {
    dropped.Add(std::string(ToString(key.first)) + "." + key.second, records);
  }
  JsonObject json;
  json.Add("accepted", books.accepted)
      .Add("recovered", books.recovered)
      .Add("acknowledged", books.acknowledged)
      .Add("queued", books.queued)
      .Add("dropped", books.dropped_total())
      .Add("dropped_by", dropped)
      .Add("residual", books.residual);
  return json;
}

JsonObject OutboxJson(const uplink::OutboxStatus& outbox) {
  JsonObject json;
  json.Add("batches", outbox.batches)
      .Add("records", outbox.records)
      .Add("committed_records", outbox.committed_records)
      .Add("memory_bytes", outbox.memory.count)
      .Add("disk_bytes", outbox.disk.count)
      .Add("quota_share", outbox.quota_share)
      .Add("oldest_seconds", ToSeconds(outbox.oldest))
      .Add("commits", outbox.commits)
      .Add("failed_commits", outbox.failed_commits)
      .Add("written_bytes", outbox.written.count)
      .Add("error", outbox.error);
  return json;
}

JsonObject HubJson(const uplink::PublisherStatus& publisher, const Clock& clock) {
  JsonObject json;
  json.Add("link", ToString(publisher.link))
      .Add("for_seconds", ToSeconds(clock.Boot() - publisher.since))
      .Add("in_flight", publisher.in_flight)
      .Add("sent", publisher.sent)
      .Add("returned", publisher.returned)
      .Add("rebuilt", publisher.rebuilt)
      .Add("round_trip_seconds", ToSeconds(publisher.round_trip))
      .Add("error", publisher.error);
  return json;
}

JsonObject CountersJson(const Counters& counters) {
  JsonObject json;
  for (const Counters::Sample& sample : counters.Snapshot()) {
    json.Add(sample.name + ToString(sample.labels), sample.value);
  }
  return json;
}

Error Failure(const std::string& path) {
  return {Error::Code::kRetry, path + ": can't be written: " + std::strerror(errno)};
}

}  // namespace

JsonObject StatusJson(const uplink::UplinkStatus& uplink, const Counters& counters,
                      const Clock& clock) {
  JsonObject json;
  json.Add("time", ToString(clock.Now()))
      .Add("records", RecordsJson(uplink.ledger))
      .Add("outbox", OutboxJson(uplink.outbox))
      .Add("hub", HubJson(uplink.publisher, clock))
      .Add("counters", CountersJson(counters));
  return json;
}

Result<void> ReplaceFile(const std::string& path, const std::string& text) {
  const std::string fresh = path + ".new";
  std::FILE* const file = std::fopen(fresh.c_str(), "we");
  if (file == nullptr) return Failure(fresh);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) return Failure(fresh);
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return Failure(path);
  return {};
}

}  // namespace fleet_edge::agent
