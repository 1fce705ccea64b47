#include "drivers/mqtt/sparkplug_node.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"
#include "drivers/decoded.h"
#include "drivers/mqtt/sparkplug_payload.h"
#include "drivers/rejections.h"
#include "tests/drivers/mutation.h"
#include "tests/support/sparkplug_message.h"

namespace fleet_edge::drivers {
namespace {

using test::SparkplugMessage;

constexpr std::uint32_t kInt16 = 2;
constexpr std::uint32_t kUInt64 = 8;

/// A node with two fields of its own and one of a device.
struct Bench {
  /// `field value`, `field reason`, `dead field`, and what the message is counted for.
  std::string Read(std::string_view topic, std::string_view payload) {
    const auto parts = ParseSparkplugTopic(topic);
    REQUIRE(parts);
    SparkplugNode::Output out;
    node.Read(*parts, payload, out);
    std::vector<std::string> words;
    for (const auto& value : out.decoded.values) {
      const auto number = static_cast<int>(std::clamp(value.value, -1e9, 1e9));
      words.push_back(std::to_string(value.field) + "=" + std::to_string(number) +
                      (value.is_current ? "" : " (historical)"));
    }
    for (const auto& fault : out.decoded.faults) {
      words.push_back(std::to_string(fault.field) + " " + std::string(fault.reason));
    }
    for (const std::size_t field : out.dead) words.push_back("dead " + std::to_string(field));
    if (out.refused) words.emplace_back(*out.refused);
    if (out.gap) words.emplace_back("gap");
    if (out.unborn) words.emplace_back("unborn");
    std::string shown;
    for (const std::string& word : words) shown += (shown.empty() ? "" : ", ") + word;
    return shown;
  }

  std::string Node(std::string_view type, const SparkplugMessage& message) {
    return Read("spBv1.0/depot/" + std::string(type) + "/truck", message.bytes());
  }
  std::string Device(std::string_view type, const SparkplugMessage& message) {
    return Read("spBv1.0/depot/" + std::string(type) + "/truck/probe", message.bytes());
  }

  /// Node and device are born; the next number is 2.
  void GiveBirth() {
    CHECK(Node("NBIRTH", SparkplugMessage(0)
                             .Whole("bdSeq", {}, kUInt64, 7)
                             .Whole("Engine/Coolant", 1, kInt16, 88)
                             .Real("Fuel", 2, 40)) == "0=88, 1=40");
    CHECK(Device("DBIRTH", SparkplugMessage(1).Whole("Temp", 3, kInt16, 0xFFF6)) == "2=-10");
  }

  const std::vector<SparkplugField> fields{
      {.name = "Engine/Coolant", .device = {}, .conversion = {}},
      {.name = "Fuel", .device = {}, .conversion = {}},
      {.name = "Temp", .device = "probe", .conversion = {}}};
  SparkplugNode node{fields};
};

TEST_CASE_FIXTURE(Bench, "Sparkplug: aliases and types of a birth count in the data after it") {
  GiveBirth();
  CHECK(Node("NDATA", SparkplugMessage(2).Whole({}, 1, 0, 90)) == "0=90");
  CHECK(Device("DDATA", SparkplugMessage(3).Whole({}, 3, 0, 0xFFEC)) == "2=-20");
  CHECK(Node("NDATA", SparkplugMessage(4).Real("Fuel", {}, 39)) == "1=39");
  CHECK(Node("NDATA", SparkplugMessage(5).Whole({}, 77, 0, 1)).empty());  // nobody reads it
}

// Sparkplug 3.0.0, section 6.4.16: signed values are in unsigned fields, sign-extended or not.
TEST_CASE("Sparkplug: integers are read by their types") {
  const auto read = [](std::uint64_t bits, std::uint32_t type) {
    SparkplugMetric metric;
    metric.value = bits;
    return SparkplugNumber(metric, type);
  };
  CHECK(read(0xFF, 1) == -1);
  CHECK(read(0xFFFFFFFF, 1) == -1);
  CHECK(read(0xFF38, 2) == -200);
  CHECK(read(0xFFFFFF38, 2) == -200);
  CHECK(read(0xFFFFFFFE, 3) == -2);
  CHECK(read(0xFFFFFFFFFFFFFFFE, 4) == -2);
  CHECK(read(0xFF, 5) == 255);
  CHECK(read(0xFFFF, 6) == 65'535);
  CHECK(read(0xFFFFFFFF, 7) == 4'294'967'295);
  CHECK(read(1, 8) == 1);
  CHECK_FALSE(read(1, 0));
  CHECK_FALSE(read(1, 12));  // a string
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: data before a birth is counted, what has a name is read") {
  CHECK(Node("NDATA", SparkplugMessage(9).Whole({}, 1, 0, 90)) == "unborn");
  CHECK(Node("NDATA", SparkplugMessage(10).Real("Fuel", {}, 39)) == "1=39");
  CHECK(Node("NDATA", SparkplugMessage(11).Whole("Engine/Coolant", {}, 0, 1)) == "0 wrong_type");
  GiveBirth();
  CHECK(Node("NBIRTH", SparkplugMessage(0).Real("Fuel", 2, 40)) == "1=40");
  CHECK(Device("DDATA", SparkplugMessage(1).Whole({}, 3, 0, 5)) == "unborn");  // not born anew
  CHECK(Read("spBv1.0/depot/DDATA/truck/other", SparkplugMessage(2).Whole({}, 3, 0, 5).bytes())
            .empty());
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: after a birth that can't be read, aliases count as unborn") {
  GiveBirth();
  CHECK(Read("spBv1.0/depot/NBIRTH/truck", "\xFF").find(reason::kMalformed) != std::string::npos);
  CHECK(Node("NDATA", SparkplugMessage(1).Whole({}, 1, 0, 90)).starts_with("unborn"));
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: numbers go round at 255, and a gap is counted") {
  GiveBirth();
  CHECK(Node("NDATA", SparkplugMessage(4).Whole({}, 1, 0, 90)) == "0=90, gap");
  for (unsigned seq = 5; seq <= 300; ++seq) {
    CHECK(Node("NDATA", SparkplugMessage(seq % 256).Whole({}, 1, 0, 90)) == "0=90");
  }
}

TEST_CASE_FIXTURE(Bench,
                  "Sparkplug: a node's death is its devices', an earlier life's is nobody's") {
  GiveBirth();
  SparkplugMessage old;
  SparkplugMessage death;
  CHECK(Node("NDEATH", old.Whole("bdSeq", {}, kUInt64, 6)).empty());
  CHECK(Node("NDEATH", death.Whole("bdSeq", {}, kUInt64, 7)) == "dead 0, dead 1, dead 2");
  CHECK(Node("NDATA", SparkplugMessage(2).Whole({}, 1, 0, 90)) == "unborn");
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: a device's death is its own") {
  GiveBirth();
  CHECK(Device("DDEATH", SparkplugMessage(2)) == "dead 2");
  CHECK(Device("DDATA", SparkplugMessage(3).Whole({}, 3, 0, 5)) == "unborn");
  CHECK(Node("NDATA", SparkplugMessage(4).Whole({}, 1, 0, 90)) == "0=90");
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: nothing is no value, history is not of now") {
  GiveBirth();
  CHECK(Node("NDATA", SparkplugMessage(2).Null(1)).empty());
  CHECK(Node("NDATA", SparkplugMessage(3).Real({}, 2, 5).Historical()) == "1=5 (historical)");
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: a metric's time counts before its message's") {
  const auto parts = ParseSparkplugTopic("spBv1.0/depot/NDATA/truck");
  SparkplugNode::Output out;
  SparkplugMessage message(0, 1'700'000'000'000);
  message.Real("Fuel", {}, 1).Real("Fuel", {}, 2).At(1'700'000'001'500);
  node.Read(*parts, message.bytes(), out);
  REQUIRE(out.decoded.values.size() == 2);
  CHECK(out.decoded.values[0].time == ParseUtcTime("2023-11-14T22:13:20Z"));
  CHECK(out.decoded.values[1].time == ParseUtcTime("2023-11-14T22:13:21.500Z"));
  CHECK(Node("NDATA", SparkplugMessage(1).Real("Fuel", {}, 2).At(~std::uint64_t{0})) ==
        "1 bad_time");
}

TEST_CASE("Sparkplug: topics are those of section 4, and no others") {
  const auto topic = ParseSparkplugTopic("spBv1.0/depot/DDATA/truck/probe");
  REQUIRE(topic);
  CHECK(topic->group == "depot");
  CHECK(topic->node == "truck");
  CHECK(topic->device == "probe");
  CHECK(topic->type == SparkplugTopic::Type::kDeviceData);
  CHECK(ParseSparkplugTopic("spBv1.0/depot/NCMD/truck")->type == SparkplugTopic::Type::kOther);
  for (const std::string_view text :
       {"", "spAv1.0/depot/NDATA/truck", "spBv1.0/depot/NDATA", "spBv1.0//NDATA/truck",
        "spBv1.0/depot/DDATA/truck", "spBv1.0/depot/NDATA/truck/probe",
        "spBv1.0/depot/DDATA/truck/probe/more"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseSparkplugTopic(text));
  }
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: what is no such message is refused, the node goes on") {
  GiveBirth();
  CHECK(Read("spBv1.0/depot/NDATA/truck", "{\"a\": 1}") == "malformed");
  CHECK(Read("spBv1.0/depot/NDATA/truck", "\x12\x7f") == "malformed");
  CHECK(Read("spBv1.0/depot/NCMD/truck", "") == "unread_type");
  CHECK(Node("NDATA", SparkplugMessage(2).Whole({}, 1, 0, 90)) == "0=90");
}

TEST_CASE_FIXTURE(Bench, "Sparkplug: spoilt messages are read or refused") {
  std::mt19937 random(1);
  const std::string birth =
      SparkplugMessage(0).Whole("Engine/Coolant", 1, kInt16, 88).Real("Fuel", 2, 40).bytes();
  std::size_t refused = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto shown = Read("spBv1.0/depot/NBIRTH/truck", Mutate(birth, random));
    if (shown.starts_with("malformed")) ++refused;
  }
  CHECK(refused > 1'000);
}

}  // namespace
}  // namespace fleet_edge::drivers
