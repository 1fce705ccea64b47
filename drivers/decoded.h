#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "core/quality.h"
#include "core/time.h"

namespace fleet_edge::drivers {

/// What a codec has found in one message, by places in its list of fields. Reused from message to
/// message.
struct Decoded {
  struct Value {
    std::size_t field;
    double value;                   ///< finite
    std::optional<UtcTime> time{};  ///< nothing: of now
    Quality quality = Quality::kGood;
    bool is_current = true;  ///< false: told late, a newer one may be known
  };
  struct Fault {
    std::size_t field;
    std::string_view reason;  ///< of drivers/rejections.h
  };

  std::vector<Value> values;
  std::vector<Fault> faults;

  void Clear() {
    values.clear();
    faults.clear();
  }
};

}  // namespace fleet_edge::drivers
