#include "simulators/columns.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace fleet_edge::simulators {
namespace {

/// Cuts the text up to `end` off the front of `text`, and the end itself.
std::string_view TakeUntil(char end, std::string_view& text) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

std::vector<std::string_view> Cells(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> cells;
  while (!line.empty()) cells.push_back(TakeUntil(',', line));
  return cells;
}

double Number(std::string_view cell) {
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc{} || end != cell.data() + cell.size()) {
    throw std::invalid_argument("'" + std::string(cell) + "' is no number");
  }
  return value;
}

/// The next line that is neither empty nor a comment; nothing at the end.
std::optional<std::string_view> TakeLine(std::string_view& csv) {
  while (!csv.empty()) {
    const std::string_view line = TakeUntil('\n', csv);
    if (!line.empty() && !line.starts_with('#')) return line;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::vector<double>> ReadColumns(std::string_view csv,
                                             std::initializer_list<std::string_view> names) {
  const std::vector<std::string_view> header = Cells(TakeLine(csv).value_or(""));
  std::vector<std::size_t> places;
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(header, name);
    if (found == header.end()) throw std::invalid_argument("no column " + std::string(name));
    places.push_back(static_cast<std::size_t>(found - header.begin()));
  }

  std::vector<std::vector<double>> columns(names.size());
  while (const std::optional<std::string_view> line = TakeLine(csv)) {
    const std::vector<std::string_view> cells = Cells(*line);
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i] >= cells.size()) throw std::invalid_argument("short row " + std::string(*line));
      columns[i].push_back(Number(cells[places[i]]));
    }
  }
  return columns;
}

}  // namespace fleet_edge::simulators
