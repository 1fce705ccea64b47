#include "agent/metrics/open_metrics.h"

#include <doctest/doctest.h>
#include <prometheus/metric_family.h>
#include <prometheus/metric_type.h>

#include <limits>
#include <string>

namespace fleet_edge::agent {
namespace {

prometheus::MetricFamily Family(const std::string& name, prometheus::MetricType type,
                                const std::string& help) {
  prometheus::MetricFamily family;
  family.name = name;
  family.type = type;
  family.help = help;
  return family;
}

}  // namespace

TEST_CASE("OpenMetrics: counters, gauges, units, labels and the end are as the format has them") {
  auto counter =
      Family("written_bytes_total", prometheus::MetricType::Counter, "A \"b\" \\ c\nsecond line");
  counter.metric.resize(1);
  counter.metric[0].label = {{"lane", "a\"b\\c\nd"}, {"reason", "ü"}};
  counter.metric[0].counter.value = 12345678901;
  auto gauge = Family("age_seconds", prometheus::MetricType::Gauge, "Age");
  gauge.metric.resize(4);
  gauge.metric[0].gauge.value = 0.1;
  gauge.metric[1].gauge.value = -std::numeric_limits<double>::infinity();
  gauge.metric[2].gauge.value = std::numeric_limits<double>::infinity();
  gauge.metric[3].gauge.value = std::numeric_limits<double>::quiet_NaN();
  const auto histogram = Family("h", prometheus::MetricType::Histogram, "");
  CHECK(OpenMetricsText({counter, gauge, histogram}) ==
        "# TYPE written_bytes counter\n"
        "# UNIT written_bytes bytes\n"
        "# HELP written_bytes A \\\"b\\\" \\\\ c\\nsecond line\n"
        "written_bytes_total{lane=\"a\\\"b\\\\c\\nd\",reason=\"ü\"} 12345678901\n"
        "# TYPE age_seconds gauge\n"
        "# UNIT age_seconds seconds\n"
        "# HELP age_seconds Age\n"
        "age_seconds 0.1\n"
        "age_seconds -Inf\n"
        "age_seconds +Inf\n"
        "age_seconds NaN\n"
        "# EOF\n");
  CHECK(OpenMetricsText({}) == "# EOF\n");
}

TEST_CASE("OpenMetrics: a client has to ask for it, and may like the old format better") {
  for (const char* const accept :
       {"application/openmetrics-text",
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
        "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "text/plain;q=0.5 , application/openmetrics-text; version=1.0.0; q=0.6"}) {
    CAPTURE(accept);
    CHECK(PrefersOpenMetrics(accept));
  }
  for (const char* const accept :
       {"", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8", ",;,q=1;;=", "text/plain",
        "application/openmetrics-text;q=0", "application/openmetrics-text;q=x;q=0",
        "application/openmetrics-text;q=0.4,text/plain;version=0.0.4;q=0.5"}) {
    CAPTURE(accept);
    CHECK_FALSE(PrefersOpenMetrics(accept));
  }
}

}  // namespace fleet_edge::agent
