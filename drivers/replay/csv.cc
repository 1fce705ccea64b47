#include "drivers/replay/csv.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/nearest.h"
#include "core/result.h"
#include "core/time.h"
#include "drivers/number.h"
#include "drivers/rejections.h"
#include "drivers/replay/recording_options.h"
#include "drivers/signal_target.h"
#include "drivers/time_unit.h"

namespace fleet_edge::drivers {
namespace {

Error Refused(std::string message) { return {Error::Code::kFatal, std::move(message)}; }

/// Takes a cell and the comma behind it off `rest`: what stands between its quotes, or the text
/// without blanks around it. Nothing when a quote has no end or text behind it.
std::optional<std::string_view> TakeCell(std::string_view& rest) {
  const std::size_t first = rest.find_first_not_of(" \t");
  if (first == std::string_view::npos || rest[first] != '"') {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view cell = Trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    return cell;
  }
  const std::size_t begin = first + 1;
  std::size_t end = rest.find('"', begin);
  while (end != std::string_view::npos && rest.substr(end + 1).starts_with('"')) {
    end = rest.find('"', end + 2);
  }
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view cell = rest.substr(begin, end - begin);
  const std::size_t comma = std::min(rest.find(',', end), rest.size());
  if (!Trim(rest.substr(end + 1, comma - end - 1)).empty()) return std::nullopt;
  rest.remove_prefix(std::min(comma + 1, rest.size()));
  return cell;
}

/// Cuts a row; `""` in quoted cells stays as it is. False when a quote is wrong.
bool Cut(std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  bool more = true;
  while (more) {
    const char* const before = line.data();
    const auto cell = TakeCell(line);
    if (!cell) return false;
    cells.push_back(*cell);
    more = line.data() != before && *(line.data() - 1) == ',';
  }
  return true;
}

std::string Unquoted(std::string_view cell) {
  std::string text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    text += cell[i];
    if (cell[i] == '"') ++i;
  }
  return text;
}

std::optional<std::size_t> FindColumn(const std::vector<std::string>& header,
                                      std::string_view name) {
  const auto found = std::ranges::find(header, name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

/// Where the options of a recording stand.
constexpr std::string_view kWhere =
    ", under `drivers: [{replay: …}]` of the configuration; `fleet-edge replay` takes one with -c";

/// The message for a column that isn't there.
Error NoColumn(const std::vector<std::string>& header, std::string_view name,
               std::string_view mend) {
  const std::vector<std::string_view> names(header.begin(), header.end());
  const std::string_view near = Nearest(name, names);
  std::string message = "no column '" + std::string(name) + "' in the header. ";
  if (near.empty()) return Refused(message.append(mend));
  return Refused(message + "Did you mean '" + std::string(near) + "'?");
}

}  // namespace

Result<CsvDecoder> CsvDecoder::Make(std::string_view header, const RecordingOptions& options) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (header.starts_with(kByteOrderMark)) header.remove_prefix(kByteOrderMark.size());
  CsvDecoder decoder;
  if (!Cut(header, decoder.cells_))
    return Refused("a quote in the header has no end. Is it a CSV?");
  std::vector<std::string> names;
  names.reserve(decoder.cells_.size());
  for (const std::string_view cell : decoder.cells_) names.push_back(Unquoted(cell));
  while (!names.empty() && names.back().empty()) names.pop_back();
  decoder.width_ = names.size();

  if (auto mapped = decoder.MapTime(names, options); !mapped) return mapped.error();
  auto mapped =
      options.signals.empty() ? decoder.NameSignals(names) : decoder.MapSignals(names, options);
  if (!mapped) return mapped.error();
  return decoder;
}

Result<bool> CsvDecoder::MapTime(const std::vector<std::string>& header,
                                 const RecordingOptions& options) {
  if (const auto start = ParseUtcTime(options.start)) start_ = start->time_since_epoch();
  time_unit_ = ParseTimeUnit(options.time.unit);
  period_ = options.period;
  time_column_ = FindColumn(header, options.time.column);
  if (time_column_ || period_ > Duration::zero()) return true;
  const std::vector<std::string_view> names(header.begin(), header.end());
  const std::string_view near = Nearest(options.time.column, names);
  return Refused("no column '" + options.time.column +
                 "' in the header. Name the one that holds the time with `time: {column: " +
                 (near.empty() ? "…" : std::string(near)) + "}`, or give `period: 1s`" +
                 std::string(kWhere));
}

Result<bool> CsvDecoder::MapSignals(const std::vector<std::string>& header,
                                    const RecordingOptions& options) {
  for (const auto& [series, column] : options.signals) {
    auto target = ParseSignalTarget(series, column.unit);
    if (!target) return Refused(target.error().message);
    const auto found = FindColumn(header, column.column);
    if (!found) return NoColumn(header, column.column, "Look at the file's first line");
    targets_.push_back(std::move(*target));
    columns_.push_back(*found);
  }
  return true;
}

Result<bool> CsvDecoder::NameSignals(const std::vector<std::string>& header) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i == time_column_) continue;
    auto target = ParseSignalTarget(header[i], {});
    if (!target) {
      return Refused(target.error().message +
                     ". Map the columns with `signals: {name: {column: …}}`" + std::string(kWhere));
    }
    targets_.push_back(std::move(*target));
    columns_.push_back(i);
  }
  return true;
}

std::optional<std::string_view> CsvDecoder::Decode(std::string_view line, Row& row) {
  row.values.clear();
  row.wrong.clear();
  ++rows_;
  if (!Cut(line, cells_) || cells_.size() < width_) return reason::kMalformed;
  if (std::any_of(cells_.begin() + static_cast<std::ptrdiff_t>(width_), cells_.end(),
                  [](std::string_view cell) { return !cell.empty(); })) {
    return reason::kMalformed;
  }
  const auto time = ReadTime();
  if (!time) return reason::kBadTime;
  row.time = *time;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const std::string_view cell = cells_[columns_[i]];
    if (cell.empty()) continue;
    if (const auto number = ParseNumber(cell)) {
      row.values.push_back({i, targets_[i].conversion(*number)});
    } else {
      row.wrong.push_back(i);
    }
  }
  return std::nullopt;
}

std::optional<UtcTime> CsvDecoder::ReadTime() {
  if (!time_column_) return UtcTime(start_ + period_ * static_cast<Duration::rep>(rows_ - 1));
  const std::string_view cell = cells_[*time_column_];
  if (time_unit_ == TimeUnit::kIso8601) return ParseUtcTime(cell);
  const auto number = ParseNumber(cell);
  if (!number) return time_unit_ ? std::nullopt : ParseUtcTime(cell);
  const auto time = FromCount(*number, time_unit_.value_or(TimeUnit::kSeconds));
  if (!time) return std::nullopt;
  return *time + start_;
}

}  // namespace fleet_edge::drivers
