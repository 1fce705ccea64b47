#include "uplink/batcher.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/reading.h"
#include "core/section.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/batch_encoder.h"

namespace fleet_edge::uplink {
namespace {

// What a reading may take before one was seen: long codes for time and value, or a row with names.
constexpr std::size_t kFirstGuess = 20;
constexpr std::size_t kFirstGuessPlain = 100;

}  // namespace

Batcher::Batcher(Identity identity, Options options, const Clock& clock)
    : identity_(std::move(identity)),
      options_(options),
      clock_(clock),
      encoder_(options.encoding),
      room_(options.max_bytes.count /
            (options.encoding == Encoding::kPlain ? kFirstGuessPlain : kFirstGuess)) {}

void Batcher::Add(const Reading& reading) {
  if (!opened_) opened_ = clock_.Boot();
  open_.push_back(reading);
}

std::optional<BootTime> Batcher::Due() const {
  if (!opened_ || open_.size() >= room_) return opened_;
  return *opened_ + options_.max_age;
}

std::optional<Batch> Batcher::Seal() {
  if (!opened_) return std::nullopt;
  Batch batch{.id = {Lane::kTelemetry, identity_.epoch, ++seq_},
              .count = static_cast<std::uint32_t>(open_.size()),
              .time = clock_.Now(),
              .accepted = *opened_,
              .body = encoder_.Encode(identity_, seq_, clock_synced_, open_)};
  // The next batch is taken to be like this one, though never denser than a byte a reading.
  const std::uint64_t room = options_.max_bytes.count * open_.size() / batch.body.size();
  room_ = std::clamp<std::uint64_t>(room, 1, options_.max_bytes.count);
  open_.clear();
  opened_.reset();
  return batch;
}

void Describe(Section& section, Batcher::Options& options) {
  section.Key("max_age", options.max_age,
              "A batch is sealed when its oldest reading is this old. Default: uplink.send_every, "
              "at most half of durable_within.");
  section.Key("max_bytes", options.max_bytes,
              "It is sealed earlier when it has grown to about this size; at most a sixteenth of "
              "outbox.memory.");
  std::string encoding = options.encoding == Batcher::Encoding::kPlain ? "plain" : "delta";
  static constexpr std::array<std::string_view, 2> kEncodings{"delta", "plain"};
  section
      .Key("encoding", encoding,
           "`delta`: columns of differences, one to two bytes a reading. `plain`: a row per "
           "reading, for "
           "consumers that want no arithmetic, at a multiple of the size.")
      .OneOf(kEncodings);
  options.encoding = encoding == "plain" ? Batcher::Encoding::kPlain : Batcher::Encoding::kDelta;
  if (!section.reading()) return;
  if (encoding != "plain" && encoding != "delta") {
    section.Fail("encoding", "unknown encoding '" + encoding + "'", "Write delta or plain");
  }
  if (options.max_age <= Duration::zero()) {
    section.Fail("max_age", "a batch needs time to fill", "Write a duration like 1s");
  }
  // Above it a batch with its headers could exceed what a broker takes by default, 1 MB.
  if (options.max_bytes < KiB(1) || options.max_bytes > KiB(512)) {
    section.Fail("max_bytes", "a batch has between 1KiB and 512KiB", "Write a size like 64KiB");
  }
}

}  // namespace fleet_edge::uplink
