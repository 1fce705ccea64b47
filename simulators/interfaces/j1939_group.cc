#include "simulators/interfaces/j1939_group.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "simulators/interfaces/bus_frame.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr unsigned kByte = 8;
constexpr std::uint8_t kNotAvailable = 0xFF;
// SAE J1939-71, table 1: the most significant byte of a value ends here.
constexpr double kLastValue = 0xFA;

// Preferred addresses, SAE J1939, table B2.
constexpr std::uint8_t kEngine = 0x00;
constexpr std::uint8_t kInstruments = 0x17;
constexpr std::uint8_t kCab = 0x31;

// SAE J1939-21, 5.10: connection management and data transfer, to all.
constexpr std::uint32_t kConnection = 0xEC00;
constexpr std::uint32_t kTransfer = 0xEB00;
constexpr std::uint32_t kAll = 0xFF;
constexpr unsigned kTransportPriority = 7;
constexpr std::uint8_t kAnnouncement = 32;
constexpr std::size_t kPacket = 7;

std::uint32_t IdOf(unsigned priority, std::uint32_t pgn, std::uint8_t source) {
  return (priority << 26U) | (pgn << kByte) | source;
}

std::uint8_t ByteOf(std::uint64_t number, unsigned place) {
  return static_cast<std::uint8_t>((number >> (kByte * place)) & 0xFFU);
}

double Cargo1(const VehicleState& state) {
  return state.cargo_celsius.empty() ? state.ambient_celsius : state.cargo_celsius.front();
}

using State = VehicleState;

// SAE J1939-71.
J1939Group EngineController() {  // EEC1
  return {61'444, 3, kEngine, 0.1, {{4, 2, 0.125, 0, {"engine_rpm", {}}, [](const State& s) {
                                       return s.engine_rpm;
                                     }}}};
}

J1939Group CruiseControl() {  // CCVS
  return {
      65'265, 6, kEngine, 0.1, {{2, 2, 1.0 / 256, 0, {"vehicle_speed_kmh", {}}, [](const State& s) {
                                   return s.vehicle_speed_kmh;
                                 }}}};
}

/// The instruments send CCVS too and know nothing of it, as seen on real trucks.
J1939Group SilentCruiseControl() { return {65'265, 6, kInstruments, 0.1, {}}; }

J1939Group Distance() {  // VD
  return {65'248, 6, kInstruments, 1, {{5, 4, 0.125, 0, {"odometer_km", {}}, [](const State& s) {
                                          return s.odometer_km;
                                        }}}};
}

J1939Group EngineTemperature() {  // ET1
  return {
      65'262, 6, kEngine, 1, {{1, 1, 1, -40, {"engine_coolant_celsius", {}}, [](const State& s) {
                                 return s.engine_coolant_celsius;
                               }}}};
}

J1939Group Ambient() {  // AMB
  return {65'269, 6, kCab, 1, {{4, 2, 0.03125, -273, {"ambient_celsius", {}}, [](const State& s) {
                                  return s.ambient_celsius;
                                }}}};
}

J1939Group Supply() {  // VEP1
  return {65'271, 6, kCab, 1, {{5, 2, 0.05, 0, {"battery_volts", {}}, [](const State& s) {
                                  return s.battery_volts;
                                }}}};
}

J1939Group Dash() {  // DD
  return {65'276,
          6,
          kInstruments,
          1,
          {{2, 1, 0.4, 0, {"fuel_percent", {}}, [](const State& s) { return s.fuel_percent; }},
           {5, 2, 0.03125, -273, {"cargo_celsius", {{"zone", "1"}}}, Cargo1}}};
}

}  // namespace

std::span<const J1939Group> TruckGroups() {
  static const std::vector<J1939Group> kGroups{
      EngineController(),  CruiseControl(), Distance(), SilentCruiseControl(),
      EngineTemperature(), Ambient(),       Supply(),   Dash()};
  return kGroups;
}

SaidGroup Encode(const J1939Group& group, const VehicleState& state) {
  SaidGroup said{.frame = {.id = IdOf(group.priority, group.pgn, group.source)}, .values = {}};
  said.frame.bytes.fill(kNotAvailable);
  for (const J1939Group::Parameter& parameter : group.parameters) {
    const double value = parameter.measure(state);
    if (std::isnan(value)) {
      said.values.push_back(value);
      continue;
    }
    const double most = (kLastValue + 1) * std::pow(2.0, kByte * (parameter.bytes - 1)) - 1;
    const double raw =
        std::clamp(std::round((value - parameter.offset) / parameter.scale), 0.0, most);
    for (unsigned place = 0; place < parameter.bytes; ++place) {
      said.frame.bytes.at(parameter.first_byte - 1 + place) =
          ByteOf(static_cast<std::uint64_t>(raw), place);
    }
    said.values.push_back(raw * parameter.scale + parameter.offset);
  }
  return said;
}

std::vector<BusFrame> EncodeBam(std::uint32_t pgn, std::uint8_t source,
                                std::span<const std::uint8_t> bytes) {
  const std::size_t packets = (bytes.size() + kPacket - 1) / kPacket;
  std::vector<BusFrame> frames;
  frames.push_back({.id = IdOf(kTransportPriority, kConnection | kAll, source),
                    .bytes = {kAnnouncement, ByteOf(bytes.size(), 0), ByteOf(bytes.size(), 1),
                              ByteOf(packets, 0), kNotAvailable, ByteOf(pgn, 0), ByteOf(pgn, 1),
                              ByteOf(pgn, 2)}});
  for (std::size_t packet = 0; packet < packets; ++packet) {
    BusFrame& frame =
        frames.emplace_back(BusFrame{.id = IdOf(kTransportPriority, kTransfer | kAll, source)});
    frame.bytes.fill(kNotAvailable);
    frame.bytes[0] = static_cast<std::uint8_t>(packet + 1);
    const auto part =
        bytes.subspan(packet * kPacket, std::min(kPacket, bytes.size() - packet * kPacket));
    std::ranges::copy(part, frame.bytes.begin() + 1);
  }
  return frames;
}

}  // namespace fleet_edge::simulators
