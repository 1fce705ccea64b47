#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/labels.h"
#include "core/result.h"

namespace fleet_edge::drivers {

/// An MQTT topic filter (MQTT 3.1.1 §4.7) in which a level `{name}` stands for `+` and gives a
/// label of that name: `vehicles/{vehicle}/cargo/{zone}`.
///
/// A value; any thread.
class TopicFilter {
 public:
  /// Errors: kDrop, `text` is no filter; the message says why.
  static Result<TopicFilter> Parse(std::string_view text);

  bool Matches(std::string_view topic) const;

  /// The labels in `topic`. Precondition: Matches(topic).
  Labels Capture(std::string_view topic) const;

  /// True when some topic matches both.
  bool Overlaps(const TopicFilter& other) const;

  /// As the broker takes it: `vehicles/+/cargo/+`.
  const std::string& subscription() const { return subscription_; }

  const std::vector<std::string>& label_names() const { return label_names_; }

 private:
  std::string subscription_;
  std::vector<std::string> levels_;  // of subscription_
  std::vector<std::string> label_names_;
  std::vector<std::size_t> label_levels_;  // where they stand, in rising order
};

}  // namespace fleet_edge::drivers
