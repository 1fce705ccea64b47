#pragma once

#include <string>
#include <string_view>

namespace fleet_edge::agent {

/// An error of the hub's client, as people can use it. A value.
struct HubError {
  std::string words;  ///< what happened, without the client's own talk; empty: nothing is known
  std::string mend;   ///< what to do about it, a sentence
};

/// `error` as librdkafka words it (PublisherStatus::error).
HubError ExplainHubError(std::string_view error);

}  // namespace fleet_edge::agent
