#include "agent/outbox/outbox_export.h"

#include <google/protobuf/message.h>
#include <google/protobuf/stubs/status.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <google/protobuf/util/json_util.h>

#include <chrono>
#include <sstream>
#include <string>
#include <utility>

#include "agent/text/json.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/alert.pb.h"
#include "fleet/v1/export.pb.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/status.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "uplink/batch.h"
#include "uplink/batch_decoder.h"

namespace fleet_edge::agent {
namespace {

using uplink::Batch;
using uplink::Lane;

Error Undecodable(const Batch& batch) {
  return {Error::Code::kDrop, std::string(ToString(batch.id.lane)) + " " +
                                  std::to_string(batch.id.epoch) + "/" +
                                  std::to_string(batch.id.seq) + ": its body can't be decoded"};
}

std::string QualityName(fleet::v1::Quality quality) {
  switch (quality) {
    case fleet::v1::QUALITY_GOOD:
      return "good";
    case fleet::v1::QUALITY_SUSPECT:
      return "suspect";
    case fleet::v1::QUALITY_OUT_OF_RANGE:
      return "out_of_range";
    case fleet::v1::QUALITY_STALE:
      return "stale";
    default:
      return "unknown";
  }
}

Result<std::string> ReadingLines(const Batch& batch) {
  fleet::v1::TelemetryBatch message;
  if (!message.ParseFromString(batch.body)) return Undecodable(batch);
  const auto readings = uplink::DecodeBatch(message);
  if (!readings) return Undecodable(batch);
  std::string lines;
  for (const uplink::DecodedReading& reading : *readings) {
    JsonObject json;
    json.Add("topic", TopicOf(batch.id.lane))
        .Add("vehicle", message.vehicle())
        .Add("epoch", std::to_string(batch.id.epoch))
        .Add("seq", std::to_string(batch.id.seq))
        .Add("time", ToString(reading.time))
        .Add("signal", reading.signal)
        .Add("labels", reading.labels)
        .Add("value", reading.value)
        .Add("quality", QualityName(reading.quality));
    lines += json.Text() + "\n";
  }
  return lines;
}

template <typename Event>
Result<std::string> EventLine(const Batch& batch) {
  Event event;
  if (!event.ParseFromString(batch.body)) return Undecodable(batch);
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string text;
  if (!MessageToJsonString(event, &text, options).ok()) return Undecodable(batch);
  return R"({"topic":)" + JsonString(TopicOf(batch.id.lane)) + R"(,"event":)" + text + "}\n";
}

template <typename Message>
Result<std::string> VehicleIn(const Batch& batch) {
  Message message;
  if (!message.ParseFromString(batch.body)) return Undecodable(batch);
  return message.vehicle();
}

Result<std::string> VehicleOf(const Batch& batch) {
  switch (batch.id.lane) {
    case Lane::kAlert:
      return VehicleIn<fleet::v1::AlertEvent>(batch);
    case Lane::kStatus:
      return VehicleIn<fleet::v1::StatusEvent>(batch);
    case Lane::kTelemetry:
      return VehicleIn<fleet::v1::TelemetryBatch>(batch);
  }
  return Undecodable(batch);
}

}  // namespace

Result<std::string> ToNdjson(const Batch& batch) {
  switch (batch.id.lane) {
    case Lane::kAlert:
      return EventLine<fleet::v1::AlertEvent>(batch);
    case Lane::kStatus:
      return EventLine<fleet::v1::StatusEvent>(batch);
    case Lane::kTelemetry:
      return ReadingLines(batch);
  }
  return Undecodable(batch);
}

Result<std::string> ToExportedRecord(const Batch& batch) {
  const auto vehicle = VehicleOf(batch);
  if (!vehicle) return vehicle.error();
  fleet::v1::ExportedRecord record;
  record.set_topic(std::string(TopicOf(batch.id.lane)));
  record.set_key(*vehicle);
  record.set_timestamp_ms(
      std::chrono::floor<std::chrono::milliseconds>(batch.time).time_since_epoch().count());
  record.set_value(batch.body);
  std::ostringstream out;
  google::protobuf::util::SerializeDelimitedToOstream(record, &out);
  return std::move(out).str();
}

}  // namespace fleet_edge::agent
