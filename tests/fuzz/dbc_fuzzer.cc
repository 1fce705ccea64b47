// Any text as a DBC file: what is wrong is told with its place, and what is read can decode any
// frame.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "drivers/can/dbc.h"
#include "drivers/can/dbc_decoder.h"
#include "drivers/can/dbc_field.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::drivers;

std::vector<DbcField> AllFields(const Dbc& dbc) {
  std::vector<DbcField> fields;
  for (const DbcMessage& message : dbc.messages) {
    for (const DbcSignal& signal : message.signals) {
      auto field = CompileDbcField(dbc, message.name + "." + signal.name);
      if (field) {
        fields.push_back(std::move(*field));
      } else if (field.error().message.empty()) {
        std::abort();
      }
    }
  }
  return fields;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Diagnostics findings;
  const Dbc dbc =
      ParseDbc(std::string_view(reinterpret_cast<const char*>(data), size), "a.dbc", findings);
  if (findings.size() > 20 + 20 + 1) std::abort();  // errors, warnings, and how many more of them
  for (const Diagnostic& finding : findings) {
    if (finding.what.empty() || finding.position.line < 1) std::abort();
  }
  const DbcDecoder decoder(AllFields(dbc));
  DbcReport report;
  for (const DbcMessage& message : dbc.messages) {
    for (const std::size_t length :
         {std::size_t{0}, std::size_t{3}, std::size_t{8}, std::size_t{1785}}) {
      std::vector<std::uint8_t> bytes(length);
      for (std::size_t at = 0; at < length; ++at) {
        bytes[at] = static_cast<std::uint8_t>(size == 0 ? 0 : data[(at * 7) % size]);
      }
      decoder.Decode(message.id, message.extended, bytes, report);
      for (const DbcReport::Value& value : report.values) {
        if (!std::isfinite(value.value)) std::abort();
      }
    }
  }
  return 0;
}
