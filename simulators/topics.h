#pragma once

#include <array>
#include <string_view>

namespace fleet_edge::simulators {

/// The hub's topics, as any consumer knows them.
inline constexpr std::string_view kTelemetryTopic = "fleet.telemetry.v1";
inline constexpr std::string_view kAlertsTopic = "fleet.alerts.v1";
inline constexpr std::string_view kStatusTopic = "fleet.status.v1";

inline constexpr std::array kTopics{kTelemetryTopic, kAlertsTopic, kStatusTopic};

}  // namespace fleet_edge::simulators
