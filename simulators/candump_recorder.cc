#include "simulators/candump_recorder.h"

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/interfaces/bus_frame.h"
#include "simulators/interfaces/j1939_group.h"
#include "simulators/interfaces/schedule.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

// Rounding must not put a period off by a row.
constexpr double kRounding = 1e-6;

/// `(1784023200.100000) can0 18FEEE00#7DFFFFFFFFFFFFFF`.
std::string LineOf(const BusFrame& frame, UtcTime time) {
  std::array<char, 48> head{};
  const long long us = time.time_since_epoch().count();
  std::snprintf(head.data(), head.size(), "(%lld.%06lld) can0 %08X#", us / 1'000'000,
                us % 1'000'000, frame.id);
  std::string line = head.data();
  for (unsigned i = 0; i < frame.length; ++i) {
    std::array<char, 3> byte{};
    std::snprintf(byte.data(), byte.size(), "%02X", frame.bytes.at(i));
    line += byte.data();
  }
  return line + '\n';
}

}  // namespace

CandumpRecorder::CandumpRecorder(const std::string& path, UtcTime start)
    : start_(start), file_(path) {
  for (const J1939Group& group : TruckGroups()) {
    senders_.push_back({.group = &group, .schedule = Schedule(group.period_s)});
  }
}

void CandumpRecorder::Add(Duration since_start, const VehicleState& shown) {
  for (Sender& sender : senders_) {
    if (!sender.schedule.Due(ToSeconds(since_start) + kRounding)) continue;
    const SaidGroup said = Encode(*sender.group, shown);
    file_.Write(LineOf(said.frame, start_ + since_start));
    ++frames_;
  }
}

}  // namespace fleet_edge::simulators
