#include "simulators/interfaces/unplugging.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.h"

namespace fleet_edge::simulators {

std::optional<Unplugging> ParseUnplugging(std::string_view text) {
  const std::size_t at = text.find('@');
  const std::size_t plus = text.find('+', at == std::string_view::npos ? 0 : at);
  if (at == std::string_view::npos || plus == std::string_view::npos || at == 0) {
    return std::nullopt;
  }
  const std::optional<Duration> begin = ParseDuration(text.substr(at + 1, plus - at - 1));
  const std::optional<Duration> away = ParseDuration(text.substr(plus + 1));
  if (!begin || !away) return std::nullopt;
  return Unplugging{.device = std::string(text.substr(0, at)), .at = *begin, .away = *away};
}

}  // namespace fleet_edge::simulators
