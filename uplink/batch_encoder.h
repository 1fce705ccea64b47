#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/reading.h"
#include "core/series.h"
#include "fleet/v1/telemetry.pb.h"
#include "uplink/bit_writer.h"
#include "uplink/column_writer.h"
#include "uplink/identity.h"

namespace fleet_edge::uplink {

/// Writes readings as a fleet.v1.TelemetryBatch. Lossless, except that a catalogued signal is
/// rounded to its declared resolution; readings keep their order within a series, not among series.
///
/// Owned by the Batcher, used on the pipeline's thread only. Keeps its buffers from batch to batch.
/// Readings' series must live as long as this.
class BatchEncoder {
 public:
  enum class Encoding : std::uint8_t {
    kDelta,  ///< columns of differences as strings of bits; times are shared
    kPlain,  ///< a row per reading: no arithmetic for the consumer, a multiple of the size
  };

  explicit BatchEncoder(Encoding encoding) : encoding_(encoding) {}

  /// The serialized batch. Precondition: no reading's quality is kMalformed; `readings` is not
  /// empty.
  std::string Encode(const Identity& identity, std::uint64_t seq, bool clock_synced,
                     std::span<const Reading> readings);

 private:
  /// The readings of one series and quality: a run of the columns.
  struct Group {
    const Series* series;
    Quality quality;
    std::size_t begin;
    std::size_t size;
    std::size_t times = 0;  ///< index into columns_
  };

  void AddColumns(std::span<const Reading> readings);
  void GroupBySeries(std::span<const Reading> readings);
  void FillColumns(std::span<const Reading> readings);
  void ShareTimes();
  void AddSeries(const Group& group);
  std::uint32_t StringIndex(const std::string& text);
  void AddRows(std::span<const Reading> readings);

  const Encoding encoding_;
  fleet::v1::TelemetryBatch message_;

  std::vector<Group> groups_;               // in order of first sight
  std::vector<std::uint32_t> group_of_;     // by series id and quality: place in groups_, plus 1
  std::vector<std::uint32_t> group_index_;  // by reading: place in groups_
  std::vector<std::int64_t> times_;         // all groups' columns, one after another
  std::vector<double> values_;
  std::vector<std::int64_t> scaled_;
  struct TimesColumn {
    std::size_t begin;
    std::size_t size;
  };
  std::vector<TimesColumn> columns_;                       // that differ
  std::unordered_map<std::uint64_t, std::size_t> column_;  // by hash of the content
  std::unordered_map<std::string, std::uint32_t> string_;
  BitWriter bits_;
  ColumnWriter writer_;
};

}  // namespace fleet_edge::uplink
