#include "simulators/report_table.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "core/time.h"
#include "simulators/grouped.h"
#include "simulators/report.h"

namespace fleet_edge::simulators {
namespace {

std::string Decimal(double number, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
  return text.data();
}

std::string Milliseconds(Duration duration) {
  return Decimal(static_cast<double>(duration.count()) / 1000, 0) + " ms";
}

void Row(std::string& table, std::string_view name, std::string_view value,
         std::string_view note = {}) {
  constexpr std::size_t kNameWidth = 24;
  constexpr std::size_t kValueWidth = 12;
  table += "  ";
  table += name;
  table.append(kNameWidth - std::min(kNameWidth, name.size()), ' ');
  table.append(kValueWidth - std::min(kValueWidth, value.size()), ' ');
  table += value;
  if (!note.empty()) table.append("  ").append(note);
  table += '\n';
}

/// A number that must be zero.
void Zero(std::string& table, std::string_view name, std::uint64_t count,
          std::string_view note = {}) {
  Row(table, name, Grouped(count), count == 0 ? std::string_view("ok") : note);
}

/// A number that is only told when there is something to tell.
void Told(std::string& table, std::string_view name, std::uint64_t count, std::string_view note) {
  if (count != 0) Row(table, name, Grouped(count), note);
}

void Readings(std::string& table, const Report& report) {
  const Report::Readings& readings = report.readings;
  table += "readings\n";
  Row(table, "sent", Grouped(readings.expected));
  Row(table, "arrived", Grouped(readings.arrived));
  Zero(table, "lost", readings.lost, "WRONG: promised, and not there");
  Zero(table, "duplicated", readings.duplicated, "WRONG: there again under another key");
  Zero(table, "altered", readings.altered, "WRONG: another value than was sent");
  Zero(table, "invented", readings.invented, "WRONG: at times when nothing was sent");
  Told(table, "not promised", readings.unpromised,
       "sent right before a SIGKILL, or never acknowledged by MQTT");
  Told(table, "delivered again", readings.redelivered, "around a SIGKILL, by MQTT");
  Told(table, "not good", readings.not_good, "arrived, marked as doubtful");
  Told(table, "others", readings.other, "results of rules, or of another run");
}

void Records(std::string& table, const Report& report) {
  const Report::Records& records = report.records;
  table += "records\n";
  Row(table, "telemetry", Grouped(records.telemetry));
  Row(table, "alerts", Grouped(records.alerts));
  Row(table, "status", Grouped(records.status));
  Zero(table, "out of order", records.out_of_order, "WRONG: within a vehicle and topic");
  Zero(table, "altered", records.altered, "WRONG: one key with other bytes, or not decodable");
  Told(table, "repeated on the wire", records.repeated, "same key, same bytes: dropped, allowed");
  Told(table, "numbers missing", records.missing, "below others of the same vehicle and start");
  Told(table, "dropped by the hub", records.skipped, "before they were read: start verify first");
  for (const std::string& gap : report.gaps) table += "  gap reported: " + gap + "\n";
}

void Alerts(std::string& table, const Report& report) {
  table += "alerts, firing and resolved\n";
  Row(table, "expected", Grouped(report.alerts.expected));
  Row(table, "arrived", Grouped(report.alerts.arrived));
  Zero(table, "missing", report.alerts.missing, "WRONG");
  Zero(table, "too many", report.alerts.excess, "WRONG");
  Told(table, "left open", report.alerts.open, "near a threshold, the end or a SIGKILL");
  Told(table, "others", report.alerts.other, "of other rules or runs: not judged");
  if (report.driver.count == 0) return;
  Row(table, "shown to the driver", Grouped(report.driver.count));
  Row(table, "  after p50", Milliseconds(report.driver.p50), "beyond the rules' lateness");
  Row(table, "  after p99", Milliseconds(report.driver.p99));
  Row(table, "  after at most", Milliseconds(report.driver.max));
}

std::string Verdict(const Report& report) {
  if (report.Holds()) return "The ledger holds.\n";
  if (!report.complete) return "The ledger has no end: the run is not over, or was broken off.\n";
  if (report.readings.expected == 0) return "Nothing was sent: nothing is shown.\n";
  return "THE LEDGER DOES NOT HOLD.\n";
}

}  // namespace

std::string ToTable(const Report& report) {
  std::string table;
  Readings(table, report);
  Records(table, report);
  Alerts(table, report);
  table += "wire\n";
  Row(table, "bytes per reading", Decimal(report.BytesPerReading(), 2),
      "keys, values and headers of telemetry, before compression");
  for (const std::string& finding : report.findings) table += "  " + finding + "\n";
  return table + Verdict(report);
}

}  // namespace fleet_edge::simulators
