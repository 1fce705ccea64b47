// Any text as an expression: it is refused with a place in it, or evaluates, and its normal form
// reads the same again.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/diagnostic.h"
#include "core/series.h"
#include "rules/engine.h"
#include "rules/expr.h"
#include "rules/expression_error.h"
#include "rules/parser.h"
#include "rules/rule_text.h"
#include "tests/fuzz/samples.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::rules;

constexpr const char* kPlaces = R"({"type":"Feature","properties":{"name":"depot","radius_m":100},)"
                                R"("geometry":{"type":"Point","coordinates":[10,50]}})";

void CheckNormalForm(const std::string& text) {
  try {
    const std::string normal = ToString(*ParseExpression(text));
    if (ToString(*ParseExpression(normal)) != normal) std::abort();
  } catch (const ExpressionError& error) {
    if (error.offset > text.size() || error.what.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  CheckNormalForm(text);
  SeriesRegistry registry;
  Engine engine(registry, {});
  if (HasErrors(engine.Load({{"places.geojson", kPlaces}}, {{"query", text}}))) return 0;
  AddSamples(registry, engine);
  for (const int second : {5, 10, 20, 35}) {
    engine.Ask(0, kFuzzStart + std::chrono::seconds{second});
  }
  return 0;
}
