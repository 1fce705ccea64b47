#pragma once

#include <string>
#include <string_view>

namespace fleet_edge::drivers {

/// What has come from a broker. Valid during the call that hands it over.
struct MqttMessage {
  std::string_view topic;
  std::string_view payload;
  bool retained;  ///< the broker had kept it: nobody has just published it
};

/// What is to go to a broker. A value.
struct MqttPublication {
  std::string topic;
  std::string payload;
  int qos = 1;  ///< 0 or 1
  bool retained = false;
};

}  // namespace fleet_edge::drivers
