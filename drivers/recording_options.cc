#include "drivers/recording_options.h"

#include <string>

#include "core/section.h"
#include "core/time.h"
#include "drivers/signal_target.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {

void Describe(Section& section, RecordingOptions::Time& time) {
  section.Key("column", time.column, "Header of the column that holds the time.");
  section.Key("unit", time.unit,
              "s, ms, us, ns or iso8601. Default: seconds or ISO 8601, by its looks.");
  if (!time.unit.empty() && !ParseTimeUnit(time.unit)) {
    section.Fail("unit", "'" + time.unit + "' is no unit of time",
                 "Allowed here: " + std::string(kTimeUnitNames));
  }
}

void Describe(Section& section, RecordingOptions::Column& column) {
  section.Require("column", column.column, "Header of the column.");
  section.Key("unit", column.unit,
              "The column's unit, converted to the signal's. Default: the signal's own.");
}

void Describe(Section& section, RecordingOptions& options) {
  section.Key("format", options.format,
              "csv, nmea, genivi or candump (SAE J1939). Default: told by the content.");
  section.Key("time", options.time, "CSV: where a row has its time.");
  section.Key("period", options.period, "CSV without a time: what lies between two rows.");
  section.Key("start", options.start,
              "ISO 8601: when a recording began whose times count from its start.");
  section.Key("signals", options.signals,
              "CSV: series → {column, unit}. Default: the headers are the series.");
  if (!section.reading()) return;
  if (!options.format.empty() && options.format != "csv" && options.format != "nmea" &&
      options.format != "genivi" && options.format != "candump") {
    section.Fail("format", "unknown format '" + options.format + "'",
                 "Allowed here: csv nmea genivi candump");
  }
  if (!options.start.empty() && !ParseUtcTime(options.start)) {
    section.Fail("start", "'" + options.start + "' is no time",
                 "Write for example 2026-11-21T06:28:35Z");
  }
  if (options.period < Duration::zero()) {
    section.Fail("period", "a period can't be negative", "Write for example 1s");
  }
  for (const auto& [series, column] : options.signals) {
    ReadSignalTarget(series, column.unit, section.PositionOf("signals"), section.context());
  }
}

}  // namespace fleet_edge::drivers
