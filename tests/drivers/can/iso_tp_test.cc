#include "drivers/can/iso_tp.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace fleet_edge::drivers {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Bytes8 = std::vector<std::uint8_t>;
using Flow = IsoTpReceiver::Step::Flow;

/// What a step says: the message in hexadecimal, `go` or `stop`, the reason.
std::string Show(const IsoTpReceiver::Step& step) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string shown;
  if (step.message) {
    for (const std::uint8_t byte : *step.message) {
      shown += kDigits[byte >> 4U];
      shown += kDigits[byte & 0xFU];
    }
  }
  if (step.flow != Flow::kNone) shown += step.flow == Flow::kContinue ? "go" : "stop";
  if (!step.refused.empty()) shown.append(shown.empty() ? "" : " ").append(step.refused);
  return shown;
}

struct Receiver {
  IsoTpReceiver receiver;
  BootTime now{seconds{100}};
  std::string Take(const Bytes8& frame) { return Show(receiver.Take(frame, now)); }
};

}  // namespace

TEST_CASE_FIXTURE(Receiver, "IsoTp: a single frame, padded or not") {
  CHECK(Take({0x03, 0x41, 0x05, 0x7B}) == "41057B");
  CHECK(Take({0x03, 0x41, 0x0D, 0x32, 0xAA, 0xAA, 0xAA, 0xAA}) == "410D32");
  CHECK(Take({0x07, 1, 2, 3, 4, 5, 6, 7}) == "01020304050607");
}

// The vehicle's number as the ELM327 data sheet shows it ("Multiline Responses").
TEST_CASE_FIXTURE(Receiver, "IsoTp: first and consecutive frames, the number of a vehicle") {
  CHECK(Take({0x10, 0x14, 0x49, 0x02, 0x01, 0x31, 0x44, 0x34}) == "go");
  CHECK(Take({0x21, 0x47, 0x50, 0x30, 0x30, 0x52, 0x35, 0x35}) == "");
  CHECK(Take({0x22, 0x42, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36}) ==
        "490201"
        "3144344750303052353542313233343536");
}

TEST_CASE_FIXTURE(Receiver, "IsoTp: the sequence number begins anew after 15") {
  CHECK(Take({0x10, 0x80, 0, 0, 0, 0, 0, 0}) == "go");
  for (std::uint8_t n = 1; n <= 17; ++n) {
    CAPTURE(n);
    CHECK(Take({static_cast<std::uint8_t>(0x20 | (n & 0xF)), n, n, n, n, n, n, n}) == "");
  }
  const auto step = receiver.Take(Bytes8{0x22, 18, 18, 18, 18, 18, 18, 18}, now);
  REQUIRE(step.message);
  REQUIRE(step.message->size() == 128);
  CHECK((*step.message)[127] == 18);
}

TEST_CASE_FIXTURE(Receiver, "IsoTp: a frame that is lost loses its message, and no other") {
  CHECK(Take({0x10, 0x14, 1, 2, 3, 4, 5, 6}) == "go");
  CHECK(Take({0x22, 7, 8, 9, 10, 11, 12, 13}) == "missing");
  CHECK(Take({0x23, 7, 8, 9, 10, 11, 12, 13}) == "");  // the rest of it
  CHECK(Take({0x02, 0x41, 0x00}) == "4100");
}

TEST_CASE_FIXTURE(Receiver, "IsoTp: what comes a second late belongs to nothing") {
  CHECK(Take({0x10, 0x0A, 1, 2, 3, 4, 5, 6}) == "go");
  now += seconds{1};
  CHECK_FALSE(receiver.Expire(now));
  now += milliseconds{1};
  CHECK(receiver.Expire(now));
  CHECK_FALSE(receiver.Expire(now));
  CHECK(Take({0x21, 7, 8, 9, 10}) == "");
  CHECK(Take({0x10, 0x0A, 1, 2, 3, 4, 5, 6}) == "go");
  now += seconds{2};
  CHECK(Take({0x21, 7, 8, 9, 10}) == "missing");
}

TEST_CASE_FIXTURE(Receiver, "IsoTp: a message that begins ends the one before it") {
  CHECK(Take({0x10, 0x0A, 1, 2, 3, 4, 5, 6}) == "go");
  CHECK(Take({0x01, 0x41}) == "41 malformed");
  CHECK(Take({0x10, 0x0A, 1, 2, 3, 4, 5, 6}) == "go");
  CHECK(Take({0x10, 0x08, 1, 2, 3, 4, 5, 6}) == "go malformed");
  CHECK(Take({0x21, 7, 8}) == "0102030405060708");
}

TEST_CASE_FIXTURE(Receiver, "IsoTp: what is too long is told to stop") {
  CHECK(Take({0x11, 0x01, 1, 2, 3, 4, 5, 6}) == "stop too_large");
  CHECK(Take({0x10, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0}) == "stop too_large");
  CHECK(Take({0x21, 1, 2, 3, 4, 5, 6, 7}) == "");
  CHECK(IsoTpFlowControl(Flow::kContinue)[0] == 0x30);
  CHECK(IsoTpFlowControl(Flow::kOverflow)[0] == 0x32);
}

TEST_CASE_FIXTURE(Receiver, "IsoTp: frames that can't be") {
  for (const Bytes8& frame : {Bytes8{},
                              {0x00},
                              {0x03, 0x41},
                              {0x08, 1, 2, 3, 4, 5, 6, 7},
                              {0x10, 0x07, 1, 2, 3, 4, 5, 6},
                              {0x10, 0x14, 1},
                              {0x40},
                              {0xF0, 1}}) {
    CHECK(Take(frame) == "malformed");
  }
  CHECK(Take({0x30, 0, 0}) == "");
  CHECK(Take({0x10, 0x0A, 1, 2, 3, 4, 5, 6}) == "go");
  CHECK(Take({0x21, 7, 8}) == "missing");  // too short for what is left
}

}  // namespace fleet_edge::drivers
