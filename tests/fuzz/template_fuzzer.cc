// Any text as a template of a label or an annotation: it is refused with a place in it, or expands.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/labels.h"
#include "rules/expression_error.h"
#include "rules/external.h"
#include "rules/label_template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fleet_edge;
  using namespace fleet_edge::rules;
  const std::string text(data, data + size);
  const Labels labels{{"zone", "1"}, {"text", "12.5"}};
  const External external{.labels = {{"vehicle", "v1"}}, .url = "http://fleet/"};
  try {
    const LabelTemplate parsed = LabelTemplate::Parse(text);
    for (const double value : {1234.5, -0.0, 1e300, HUGE_VAL, std::nan("")}) {
      const std::string result = parsed.Expand({value, labels, external, "Alert"});
      if (result.size() > std::max<std::size_t>(2 * size, 8192)) std::abort();
    }
  } catch (const ExpressionError& error) {
    if (error.offset > size || error.what.empty()) std::abort();
  }
  return 0;
}
