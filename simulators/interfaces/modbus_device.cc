#include "simulators/interfaces/modbus_device.h"

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/labels.h"
#include "simulators/interfaces/device_ledger.h"
#include "simulators/interfaces/modbus_answer.h"
#include "simulators/interfaces/moment.h"
#include "simulators/interfaces/tcp_server.h"
#include "simulators/ledger.h"
#include "simulators/series_name.h"
#include "simulators/vehicle_state.h"

namespace fleet_edge::simulators {
namespace {

constexpr std::chrono::milliseconds kPatience{500};
// The agent waits 300 ms for an answer.
constexpr double kLateSeconds = 0.2;
constexpr unsigned kByte = 8;
constexpr unsigned kWord = 16;
// Messaging on TCP/IP V1.0b, 3.1.3: transaction, protocol, length, unit.
constexpr std::size_t kHeader = 7;
constexpr std::size_t kLongest = 260;
constexpr char kUnit = 1;
// V1.1b3, 7: no other unit is behind this address.
constexpr char kNoSuchUnit = 0x0B;

unsigned WordAt(std::string_view bytes, std::size_t place) {
  return unsigned{static_cast<unsigned char>(bytes[place])} << kByte |
         static_cast<unsigned char>(bytes[place + 1]);
}

double Cargo(const VehicleState& state) {
  constexpr std::size_t kZone = 3;
  return state.cargo_celsius.size() < kZone ? state.ambient_celsius
                                            : state.cargo_celsius[kZone - 1];
}

std::vector<std::uint16_t> Integer(double raw) {
  return {static_cast<std::uint16_t>(static_cast<std::int16_t>(std::lround(raw)))};
}

/// IEEE 754 in two registers, the high one first.
std::vector<std::uint16_t> Float(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return {static_cast<std::uint16_t>(bits >> kWord), static_cast<std::uint16_t>(bits & 0xFFFFU)};
}

}  // namespace

ModbusDevice::ModbusDevice(DeviceLedger& ledger) : ledger_(ledger) {
  const auto tire = [](const char* side) {
    return SeriesName{"tire_kpa", Labels{{"axle", "2"}, {"side", side}}};
  };
  AddProbe({ModbusTable::kHolding,
            100,
            "register: 100, type: int16, scale: 0.1",
            {"cargo_celsius", {{"zone", "3"}}},
            0.1,
            0,
            {},
            0},
           ledger);
  AddProbe({ModbusTable::kInput,
            200,
            "register: 200, table: input, type: uint16",
            tire("left"),
            1,
            0,
            {},
            0},
           ledger);
  AddProbe({ModbusTable::kInput,
            201,
            "register: 201, table: input, type: uint16",
            tire("right"),
            1,
            0,
            {},
            0},
           ledger);
  AddProbe({ModbusTable::kInput,
            210,
            "register: 210, table: input, type: float32",
            {"tank_pressure_kpa", {}},
            1,
            0,
            {},
            0},
           ledger);
}

void ModbusDevice::AddProbe(Probe probe, DeviceLedger& ledger) {
  probe.form = ledger.AddForm({probe.series}, Stamp::kArrival);
  probes_.push_back(std::move(probe));
}

std::string ModbusDevice::Configuration() const {
  std::string text = "modbus:\n  address: 127.0.0.1:" + std::to_string(server_.port()) +
                     "\n  every: 1s\n  signals:\n";
  for (const Probe& probe : probes_) {
    text += "    '" + probe.series.name +
            (probe.series.labels.empty() ? "" : ToString(probe.series.labels)) + "': {" +
            probe.options + "}\n";
  }
  return text;
}

void ModbusDevice::Plug(const Moment& moment) {
  server_.Plug();
  asked_ = false;
  last_turn_s_ = moment.seconds;
}

void ModbusDevice::Unplug(const Moment& /*moment*/) { server_.Unplug(kPatience); }

void ModbusDevice::Turn(const Moment& moment) {
  late_ = moment.seconds - last_turn_s_ > kLateSeconds;
  last_turn_s_ = moment.seconds;
  server_.Turn();
  Measure(moment.state);
  for (TcpServer::Client& client : server_.clients()) Answer(client, moment);
  server_.Turn();
}

void ModbusDevice::Measure(const VehicleState& state) {
  constexpr double kTireKpa = 850;
  const auto tire = [&state](std::size_t place) {
    return place < state.tire_kpa.size() ? state.tire_kpa[place] : kTireKpa;
  };
  const std::array<double, 3> whole{Cargo(state), tire(2), tire(3)};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    Probe& probe = probes_.at(i);
    const double raw = std::round(whole.at(i) / probe.scale);
    probe.words = Integer(raw);
    probe.value = raw * probe.scale;
  }
  // A tank of gas follows its temperature: 8 bar at 15 °C, Gay-Lussac.
  constexpr double kKelvin = 273.15;
  const auto kpa = static_cast<float>(800 * (Cargo(state) + kKelvin) / (15 + kKelvin));
  probes_.back().words = Float(kpa);
  probes_.back().value = double{kpa};
}

std::optional<std::uint16_t> ModbusDevice::RegisterAt(ModbusTable table, unsigned place) const {
  for (const Probe& probe : probes_) {
    if (probe.table == table && probe.first <= place && place < probe.first + probe.words.size()) {
      return probe.words[place - probe.first];
    }
  }
  return std::nullopt;
}

void ModbusDevice::Answer(TcpServer::Client& client, const Moment& moment) {
  while (client.in.size() > kHeader) {
    const std::size_t length = WordAt(client.in, 4);
    if (length < 2 || length > kLongest || WordAt(client.in, 2) != 0) {
      client.in.clear();  // not Modbus: there is no way to find the next request
      return;
    }
    if (client.in.size() < kHeader - 1 + length) return;
    const std::string request = client.in.substr(kHeader, length - 1);
    std::optional<ModbusRange> read;
    std::string answer = AnswerModbus(
        request, [this](ModbusTable table, unsigned at) { return RegisterAt(table, at); }, read);
    if (client.in[kHeader - 1] != kUnit) {
      read.reset();
      answer = {static_cast<char>(request[0] | '\x80'), kNoSuchUnit};
    }
    client.out += client.in.substr(0, 4) + '\0' + static_cast<char>(answer.size() + 1) +
                  client.in[kHeader - 1] + answer;
    client.in.erase(0, kHeader - 1 + length);
    for (const Probe& probe : probes_) {
      const auto count = static_cast<unsigned>(probe.words.size());
      if (!read || !read->Holds(probe.table, probe.first, count)) continue;
      const std::uint64_t message = ledger_.Say(probe.form, moment.now, {probe.value});
      if (late_) ledger_.Doubt(message);
    }
    asked_ = true;
  }
}

}  // namespace fleet_edge::simulators
