#include "simulators/report_json.h"

#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/json_writer.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {
namespace {

double Milliseconds(Duration duration) { return static_cast<double>(duration.count()) / 1000; }

void WriteList(JsonWriter& json, const char* key, const std::vector<std::string>& texts) {
  json.Key(key).BeginArray();
  for (const std::string& text : texts) json.Value(text);
  json.EndArray();
}

}  // namespace

std::string ToJson(const Report& report) {
  JsonWriter json;
  json.BeginObject().Member("holds", report.Holds()).Member("complete", report.complete);

  const Report::Readings& readings = report.readings;
  json.Key("readings").BeginObject();
  json.Member("expected", readings.expected).Member("arrived", readings.arrived);
  json.Member("lost", readings.lost).Member("unpromised", readings.unpromised);
  json.Member("duplicated", readings.duplicated).Member("redelivered", readings.redelivered);
  json.Member("altered", readings.altered).Member("invented", readings.invented);
  json.Member("not_good", readings.not_good).Member("other", readings.other).EndObject();

  const Report::Records& records = report.records;
  json.Key("records").BeginObject();
  json.Member("telemetry", records.telemetry).Member("alerts", records.alerts);
  json.Member("status", records.status).Member("repeated", records.repeated);
  json.Member("out_of_order", records.out_of_order).Member("altered", records.altered);
  json.Member("missing", records.missing).Member("skipped", records.skipped).EndObject();

  const Report::Alerts& alerts = report.alerts;
  json.Key("alerts").BeginObject();
  json.Member("expected", alerts.expected).Member("arrived", alerts.arrived);
  json.Member("missing", alerts.missing).Member("excess", alerts.excess);
  json.Member("open", alerts.open).Member("other", alerts.other).EndObject();

  const Report::Latency& driver = report.driver;
  json.Key("driver_latency_ms").BeginObject().Member("count", driver.count);
  json.Member("p50", Milliseconds(driver.p50)).Member("p99", Milliseconds(driver.p99));
  json.Member("max", Milliseconds(driver.max)).EndObject();

  json.Key("wire").BeginObject().Member("bytes", report.wire_bytes);
  json.Member("readings", report.wire_readings);
  json.Member("bytes_per_reading", report.BytesPerReading()).EndObject();
  WriteList(json, "gaps", report.gaps);
  WriteList(json, "findings", report.findings);
  return json.EndObject().text();
}

}  // namespace fleet_edge::simulators
