#include "drivers/replay/recording_options.h"

#include <map>
#include <string>

#include "core/diagnostic.h"
#include "core/section.h"
#include "core/time.h"
#include "drivers/can/dbc_options.h"
#include "drivers/signal_target.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {

namespace {

bool MayBeBus(const std::string& format) {
  return format.empty() || format == "candump" || format == "asc";
}

void ReadSignals(Section& section, RecordingOptions& options) {
  const Position position = section.PositionOf("signals");
  options.decoding.j1939 = options.j1939.value_or(options.dbc.empty());
  std::map<std::string, DbcSignalOptions> signals;
  for (const auto& [series, column] : options.signals) {
    if (column.signal.empty() != options.dbc.empty()) {
      section.context().Fail(position, series + " has no place in this recording",
                             "Write `signal:` with `dbc`, `column:` without");
    } else if (options.dbc.empty()) {
      ReadSignalTarget(series, column.unit, position, section.context());
    } else {
      signals[series] = {.signal = column.signal, .unit = column.unit};
    }
  }
  if (options.dbc.empty()) {
    if (!options.decoding.j1939 && MayBeBus(options.format)) {
      section.Fail("j1939", "nothing would be read", "Leave it out, or add `dbc` and `signals`");
    }
    return;
  }
  if (options.signals.empty()) {
    section.context().Fail(position, "nothing is taken from the DBC file",
                           "Write `signals: {engine_rpm: {signal: Engine.Speed}}`");
  }
  options.decoding.dbc = ReadDbcChannels(options.dbc, signals, position, section.context());
}

}  // namespace

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
  section.Key("column", column.column, "CSV: header of the column.");
  section.Key("signal", column.signal, "In its place, with `dbc`: Message.Signal of the DBC file.");
  section.Key("unit", column.unit,
              "The column's or signal's unit, converted to the series'. Default: the series' own, "
              "or as the DBC file says.");
  if (section.reading() && column.column.empty() == column.signal.empty()) {
    section.Fail("column", "a series comes from one place",
                 "Write `column:` for a CSV, or `signal:` with `dbc`");
  }
}

void Describe(Section& section, RecordingOptions& options) {
  section.Key("format", options.format,
              "csv, nmea, genivi, candump or asc (CAN buses). Default: told by the content.");
  section.Key("time", options.time, "CSV: where a row has its time.");
  section.Key("period", options.period, "CSV without a time: what lies between two rows.");
  section.Key("start", options.start,
              "ISO 8601: when a recording began whose times count from its start.");
  section.Key("signals", options.signals,
              "CSV: series → {column, unit}. Default: the headers are the series. With `dbc`: "
              "series → {signal, unit}.");
  section.Key(
      "dbc", options.dbc,
      "candump, asc: a DBC file that says what the bus carries; a relative path counts from "
      "this file's folder.");
  section.Key("j1939", options.j1939,
              "candump, asc: whether SAE J1939's groups are read as the standard defines them. "
              "Default: when there is no `dbc`.");
  if (!section.reading()) return;
  if (!options.format.empty() && options.format != "csv" && options.format != "nmea" &&
      options.format != "genivi" && options.format != "candump" && options.format != "asc") {
    section.Fail("format", "unknown format '" + options.format + "'",
                 "Allowed here: csv nmea genivi candump asc");
  }
  if (!options.start.empty() && !ParseUtcTime(options.start)) {
    section.Fail("start", "'" + options.start + "' is no time",
                 "Write for example 2026-11-21T06:28:35Z");
  }
  if (options.period < Duration::zero()) {
    section.Fail("period", "a period can't be negative", "Write for example 1s");
  }
  ReadSignals(section, options);
}

}  // namespace fleet_edge::drivers
