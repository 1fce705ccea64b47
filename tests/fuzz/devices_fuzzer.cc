// Any bytes as what an agent sends to simulated devices: an SLCAN adapter, an ELM327 adapter, a
// Modbus unit. They answer within bounds, and the same bytes in one piece or in many are answered
// alike.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "simulators/interfaces/elm327_adapter.h"
#include "simulators/interfaces/modbus_answer.h"
#include "simulators/interfaces/slcan_adapter.h"
#include "simulators/vehicle_state.h"

namespace {

using fleet_edge::simulators::AnswerModbus;
using fleet_edge::simulators::Elm327Adapter;
using fleet_edge::simulators::ModbusRange;
using fleet_edge::simulators::ModbusTable;
using fleet_edge::simulators::SlcanAdapter;
using fleet_edge::simulators::VehicleState;

// A command is echoed, and its longest answer is that to six PIDs, with headers and spaces.
constexpr std::size_t kMostPerByte = 256;
constexpr std::size_t kLongestPdu = 253;

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  VehicleState state;
  state.ignition_on = size % 2 == 0;

  SlcanAdapter slcan;
  SlcanAdapter slcan_in_pieces;
  Elm327Adapter elm;
  Elm327Adapter elm_in_pieces;
  std::string slcan_pieces;
  std::string elm_pieces;
  for (const char& byte : bytes) {
    slcan_pieces += slcan_in_pieces.Take({&byte, 1});
    elm_pieces += elm_in_pieces.Take({&byte, 1}, state).text;
  }
  Require(slcan.Take(bytes) == slcan_pieces);
  Require(elm.Take(bytes, state).text == elm_pieces);
  Require(slcan_pieces.size() <= 8 * size && elm_pieces.size() <= kMostPerByte * size);

  std::optional<ModbusRange> read;
  const std::string answer = AnswerModbus(
      bytes,
      [](ModbusTable, unsigned place) {
        return place < 200 ? std::optional<std::uint16_t>(static_cast<std::uint16_t>(place))
                           : std::nullopt;
      },
      read);
  Require(answer.size() >= 2 && answer.size() <= kLongestPdu);
  Require(!read || read->Holds(read->table, read->first, read->count));
  return 0;
}
