// Any bytes as a SenML pack, in JSON or in CBOR: values that are finite, or a reason.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/time.h"
#include "drivers/decoded.h"
#include "drivers/mqtt/cbor.h"
#include "drivers/mqtt/senml_codec.h"
#include "drivers/mqtt/senml_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fleet_edge;
  using namespace fleet_edge::drivers;
  static const SenmlCodec kCodec({{.name = "*", .to = "°C", .unitless = {}, .required = false},
                                  {.name = "*temp", .to = {}, .unitless = {}, .required = true}});
  static SenmlJson json;
  static Decoded out;
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  const auto refused = kCodec.Decode(payload, UtcTime{}, json, out);
  if (refused && (refused->empty() || !out.values.empty() || !out.faults.empty())) std::abort();
  for (const Decoded::Value& value : out.values) {
    if (!std::isfinite(value.value) || value.field > 1) std::abort();
  }
  CborReader reader(payload);
  if (const auto item = reader.Next()) (void)reader.Skip(*item);
  return 0;
}
