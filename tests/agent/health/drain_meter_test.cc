#include "agent/health/drain_meter.h"

#include <doctest/doctest.h>

#include <chrono>

#include "core/time.h"

namespace fleet_edge::agent {
namespace {

using std::chrono::seconds;

constexpr BootTime At(int second) { return BootTime{seconds{second}}; }

}  // namespace

TEST_CASE("DrainMeter: the pace of the last minute says when it is empty") {
  DrainMeter meter;
  CHECK_FALSE(meter.ToEmpty());
  meter.Note(At(0), 1'000);
  CHECK_FALSE(meter.ToEmpty());
  meter.Note(At(10), 800);
  CHECK(meter.ToEmpty() == Duration{seconds{40}});
  meter.Note(At(11), 0);
  CHECK(meter.ToEmpty() == Duration{0});
}

TEST_CASE("DrainMeter: what grows is never empty, and what is older than a minute is forgotten") {
  DrainMeter meter;
  meter.Note(At(0), 5'000);
  meter.Note(At(30), 100);
  meter.Note(At(80), 200);
  CHECK_FALSE(meter.ToEmpty());
  meter.Note(At(90), 50);
  CHECK(meter.ToEmpty() == Duration{seconds{60}});
}

}  // namespace fleet_edge::agent
