#include "simulators/interfaces/device_ledger.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/time.h"
#include "simulators/ledger.h"
#include "simulators/ledger_file.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::simulators {
namespace {

constexpr UtcTime kBegin{std::chrono::seconds{1'700'000'000}};

UtcTime At(int seconds) { return kBegin + std::chrono::seconds{seconds}; }

template <typename Kind>
std::vector<Kind> Entries(const std::string& file) {
  LedgerReader reader(file);
  std::vector<Kind> found;
  while (true) {
    const auto entry = reader.Next();
    REQUIRE(entry);
    if (!entry->has_value()) return found;
    if (const auto* const kind = std::get_if<Kind>(&**entry)) found.push_back(*kind);
  }
}

}  // namespace

TEST_CASE("Device ledger: what is said is numbered, and what is doubted is told at the end, once") {
  const TempFolder folder;
  DeviceLedger ledger(folder.Path("ledger"), "truck-1", 7, kBegin);
  const std::size_t fuel = ledger.AddForm({{"fuel_percent", {}}}, Stamp::kArrival);
  CHECK(ledger.Say(fuel, At(1), {70}) == 0);
  CHECK(ledger.Say(fuel, At(2), {70}) == 1);
  CHECK(ledger.Say(fuel, At(3), {69.6}) == 2);
  ledger.Doubt(2);
  ledger.DoubtSince(fuel, At(2));
  ledger.Close(At(5));
  CHECK(ledger.readings() == 3);
  CHECK(Entries<SentMessage>(folder.Path("ledger")).size() == 3);
  const auto end = Entries<LedgerEnd>(folder.Path("ledger"));
  REQUIRE(end.size() == 1);
  CHECK(end[0].unacknowledged == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("Device ledger: nothing to see is said once, and only where there was something") {
  const TempFolder folder;
  DeviceLedger ledger(folder.Path("ledger"), "truck-1", 7, kBegin);
  const std::size_t cargo = ledger.AddForm({{"cargo_celsius", {{"zone", "2"}}}}, Stamp::kLook);
  ledger.FallSilent(cargo, At(1));
  ledger.Say(cargo, At(2), {4.5});
  ledger.FallSilent(cargo, At(4));
  ledger.FallSilent(cargo, At(5));
  ledger.Close(At(6));
  const auto messages = Entries<SentMessage>(folder.Path("ledger"));
  REQUIRE(messages.size() == 2);
  CHECK(messages[1].time == At(4));
  CHECK(messages[1].values.empty());
}

TEST_CASE("Device ledger: what stands to be seen counts as spoken, and an absence is expected") {
  const TempFolder folder;
  DeviceLedger ledger(folder.Path("ledger"), "truck-1", 7, kBegin);
  const std::size_t cargo = ledger.AddForm({{"cargo_celsius", {{"zone", "2"}}}}, Stamp::kLook);
  ledger.Say(cargo, At(1), {4.5});
  for (int second = 2; second <= 20; ++second) ledger.Tend(At(second));
  ledger.FallSilent(cargo, At(20));
  ledger.Say(cargo, At(30), {4.5});
  ledger.Tend(At(31));
  std::size_t required = 0;
  for (const ExpectedChange& change : Entries<ExpectedChange>(folder.Path("ledger"))) {
    if (!change.required) continue;
    ++required;
    CHECK(change.alert == "SensorSilent");
    CHECK(change.latest > At(23));
  }
  CHECK(required == 2);
  CHECK(ledger.Series().size() == 1);
}

}  // namespace fleet_edge::simulators
