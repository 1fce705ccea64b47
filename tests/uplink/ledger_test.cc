#include "uplink/ledger.h"

#include <doctest/doctest.h>

#include "uplink/batch.h"

namespace fleet_edge::uplink {
namespace {

TEST_CASE("Ledger: what came in is acknowledged, queued or dropped") {
  Ledger ledger;
  ledger.Recover(5);
  ledger.Accept(100);
  ledger.Acknowledge(60);
  ledger.Drop(Lane::kTelemetry, "quota", 10);
  ledger.Drop(Lane::kTelemetry, "quota", 5);
  ledger.Drop(Lane::kAlert, "quarantined", 1);
  const auto books = ledger.snapshot();
  CHECK(books.accepted == 100);
  CHECK(books.recovered == 5);
  CHECK(books.queued == 29);
  CHECK(books.dropped.at({Lane::kTelemetry, "quota"}) == 15);
  CHECK(books.dropped_total() == 16);
}

TEST_CASE("Ledger: an audit shows records that nobody booked") {
  Ledger ledger;
  ledger.Accept(10);
  ledger.Audit(10);
  CHECK(ledger.snapshot().residual == 0);
  ledger.Audit(7);
  CHECK(ledger.snapshot().residual == 3);
  ledger.Audit(12);
  CHECK(ledger.snapshot().residual == -2);
}

}  // namespace
}  // namespace fleet_edge::uplink
