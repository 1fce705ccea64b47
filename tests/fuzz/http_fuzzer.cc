// Any bytes as what an HTTP client sends first.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/http/http_message.h"
#include "agent/metrics/open_metrics.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fleet_edge::agent;
  const std::string text(data, data + size);
  const ParsedHttpRequest parsed = ParseHttpRequest(text, {"tanker-17.local"});
  if (!parsed.request) {
    const int status = parsed.refusal.status;
    if (status != 400 && status != 405 && status != 421) std::abort();
    if (parsed.refusal.body.empty()) std::abort();
    return 0;
  }
  if (!text.starts_with("GET /") && !text.starts_with("HEAD /")) std::abort();
  const HttpRequest& request = *parsed.request;
  if (request.path.find_first_of("? \r\n") != std::string::npos) std::abort();
  if (request.head != text.starts_with("HEAD")) std::abort();
  if (request.accept.find_first_of("\r\n") != std::string::npos) std::abort();
  // Nobody gets it who doesn't name it.
  constexpr std::string_view kName = "application/openmetrics-text";
  if (PrefersOpenMetrics(request.accept) && request.accept.find(kName) == std::string::npos) {
    std::abort();
  }
  return 0;
}
