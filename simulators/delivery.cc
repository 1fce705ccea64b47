#include "simulators/delivery.h"

#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "core/result.h"
#include "core/time.h"
#include "fleet/v1/signal.pb.h"
#include "fleet/v1/telemetry.pb.h"
#include "simulators/series_name.h"

namespace fleet_edge::simulators {
namespace {

namespace v1 = fleet::v1;

/// What the batch says of itself does not fit together. Goes no further than DecodeDelivery().
class Contradiction : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string NameOf(v1::Signal signal) {
  constexpr std::string_view kPrefix = "SIGNAL_";
  const std::string& name = v1::Signal_Name(signal);
  if (!name.starts_with(kPrefix)) throw Contradiction("a signal that the descriptor doesn't have");
  std::string lower = name.substr(kPrefix.size());
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

const std::string& StringAt(const v1::TelemetryBatch& batch, std::uint32_t index) {
  if (index >= static_cast<std::uint32_t>(batch.strings_size())) {
    throw Contradiction("an index beyond the strings");
  }
  return batch.strings(static_cast<int>(index));
}

SeriesName SeriesOf(const v1::TelemetryBatch& batch, const v1::Series& series) {
  SeriesName result;
  if (series.signal() != v1::SIGNAL_UNSPECIFIED) {
    result.name = NameOf(series.signal());
  } else if (series.name() != 0) {
    result.name = StringAt(batch, series.name() - 1);
  } else {
    throw Contradiction("a series without a name");
  }
  if (series.labels_size() % 2 != 0) throw Contradiction("a label without a value");
  for (int i = 0; i < series.labels_size(); i += 2) {
    result.labels.Set(StringAt(batch, series.labels(i)), StringAt(batch, series.labels(i + 1)));
  }
  return result;
}

std::vector<UtcTime> TimesOf(const v1::TelemetryBatch& batch, const v1::Times& times) {
  // Unsigned, since sums of corrupt deltas may wrap.
  const std::uint64_t unit = times.unit_us() == 0 ? 1000 : times.unit_us();
  std::vector<UtcTime> instants;
  auto at = static_cast<std::uint64_t>(batch.base_time_us());
  std::uint64_t interval = 0;
  for (int i = 0; i < times.deltas_size(); ++i) {
    // The first delta is from the base, the second is the first interval, and from then on each is
    // a change of the interval.
    const auto delta = static_cast<std::uint64_t>(times.deltas(i));
    interval = i == 0 ? 0 : interval + delta;
    at += unit * (i == 0 ? delta : interval);
    instants.emplace_back(Duration{static_cast<std::int64_t>(at)});
  }
  return instants;
}

std::vector<double> ValuesOf(const v1::Series& series) {
  if (series.scaled_size() == 0) return {series.plain().begin(), series.plain().end()};
  if (series.plain_size() != 0) throw Contradiction("values both scaled and plain");
  if (series.decimals() > 9) throw Contradiction("more than nine decimals");
  const double power = std::pow(10, series.decimals());
  std::vector<double> values;
  std::uint64_t sum = 0;  // wraps, as above
  for (const std::int64_t delta : series.scaled()) {
    sum += static_cast<std::uint64_t>(delta);
    values.push_back(static_cast<double>(static_cast<std::int64_t>(sum)) / power);
  }
  return values;
}

void AppendSeries(const v1::TelemetryBatch& batch, const v1::Series& series,
                  const std::vector<std::vector<UtcTime>>& times, Delivery& delivery) {
  if (series.times() >= times.size()) throw Contradiction("an index beyond the times");
  const std::vector<UtcTime>& instants = times[series.times()];
  const std::vector<double> values = ValuesOf(series);
  if (values.size() != instants.size()) throw Contradiction("not as many values as times");
  const bool good = series.quality() == v1::QUALITY_GOOD;
  for (std::size_t i = 0; i < values.size(); ++i) {
    delivery.readings.push_back(
        {.series = delivery.series.size(), .time = instants[i], .value = values[i], .good = good});
  }
  delivery.series.push_back(SeriesOf(batch, series));
}

void AppendRow(const v1::Row& row, Delivery& delivery) {
  SeriesName series{.name = row.signal(), .labels = {}};
  for (const auto& [name, value] : row.labels()) series.labels.Set(name, value);
  delivery.readings.push_back({.series = delivery.series.size(),
                               .time = UtcTime{Duration{row.time_us()}},
                               .value = row.value(),
                               .good = row.quality() == v1::QUALITY_GOOD});
  delivery.series.push_back(std::move(series));
}

}  // namespace

Result<Delivery> DecodeDelivery(std::string_view bytes) {
  v1::TelemetryBatch batch;
  if (!batch.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error{Error::Code::kCorrupt, "no TelemetryBatch"};
  }
  Delivery delivery{.vehicle = batch.vehicle(),
                    .epoch = batch.epoch(),
                    .seq = batch.seq(),
                    .series = {},
                    .readings = {}};
  try {
    std::vector<std::vector<UtcTime>> times;
    for (const v1::Times& list : batch.times()) times.push_back(TimesOf(batch, list));
    for (const v1::Series& series : batch.series()) AppendSeries(batch, series, times, delivery);
    for (const v1::Row& row : batch.rows()) AppendRow(row, delivery);
  } catch (const Contradiction& contradiction) {
    return Error{Error::Code::kCorrupt, contradiction.what()};
  }
  return delivery;
}

}  // namespace fleet_edge::simulators
