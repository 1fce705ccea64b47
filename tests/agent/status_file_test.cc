#include "agent/status_file.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "core/clock.h"
#include "core/counters.h"
#include "core/time.h"
#include "tests/support/temp_folder.h"
#include "uplink/batch.h"
#include "uplink/ledger.h"
#include "uplink/status.h"

namespace fleet_edge::agent {

TEST_CASE("StatusFile: it has the books, the outbox, the hub and all counters") {
  HandClock clock{UtcTime{std::chrono::seconds{1'700'000'000}}};
  Counters counters;
  counters.Get("fleet_edge_readings_total", {{"quality", "good"}}).Add(12);
  uplink::UplinkStatus status;
  status.publisher.link = uplink::PublisherStatus::Link::kUp;
  status.publisher.since = clock.Boot() - std::chrono::seconds{5};
  uplink::Ledger ledger;
  ledger.Accept(10);
  ledger.Drop(uplink::Lane::kTelemetry, "quota", 3);
  ledger.Acknowledge(4);
  status.ledger = ledger.snapshot();
  const std::string text = StatusJson(status, counters, clock).Text();
  for (const char* const part :
       {R"({"time":"2023-11-14T22:13:20Z")",
        R"("accepted":10,"recovered":0,"acknowledged":4,"queued":3,"dropped":3)",
        R"("dropped_by":{"telemetry.quota":3})", R"("link":"up","for_seconds":5)",
        R"("counters":{"fleet_edge_readings_total{quality=\"good\"}":12})"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("StatusFile: a file is replaced as a whole, and nothing else is left behind") {
  const TempFolder folder;
  folder.Write("status.json", "old and longer");
  REQUIRE(ReplaceFile(folder.Path("status.json"), "new"));
  CHECK(folder.Read("status.json") == "new");
  CHECK(folder.Read("status.json.new") == "");
}

TEST_CASE("StatusFile: a file that can't be written is an error to try again") {
  const auto result = ReplaceFile("/nowhere/status.json", "text");
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("/nowhere/status.json") != std::string::npos);
}

}  // namespace fleet_edge::agent
