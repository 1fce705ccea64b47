#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "uplink/batch.h"

namespace fleet_edge::uplink {

/// Names a committed batch within the store. Grows with each insert, and is never given out twice.
using RowId = std::int64_t;

/// The rows from `first` to `last`, both among them.
struct RowRun {
  RowId first = 0;
  RowId last = 0;

  friend bool operator==(const RowRun&, const RowRun&) = default;
};

/// How much of a lane is committed.
struct LaneTotals {
  std::uint64_t batches = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;  ///< of bodies

  friend bool operator==(const LaneTotals&, const LaneTotals&) = default;
};

/// By lane, in the order of kLanes.
using Totals = std::array<LaneTotals, kLanes.size()>;

/// Where batches survive a power cut: the tail of the outbox.
///
/// Owned by App, used on the uplink's thread only.
class Store {
 public:
  /// A batch as it was committed.
  struct Row {
    RowId id = 0;
    Batch batch;
    bool intact = true;  ///< false: the body is not what was committed
  };

  struct Insert {
    const Batch* batch;  ///< lives until Commit() returns
    RowId id = 0;        ///< 0: a new row; else the row that Salvage() may have lost, written again
  };

  struct Quarantine {
    const Batch* batch;  ///< lives until Commit() returns
    std::string reason;
  };

  /// What is committed as a whole or not at all.
  struct Transaction {
    std::vector<RowRun>
        erase{};  ///< done first, so that it makes room; rows that aren't there: no error
    std::vector<Insert> insert{};
    std::vector<Quarantine> quarantine{};  ///< put aside for people; the newest are kept
    std::vector<std::pair<std::string, std::string>> meta{};        ///< key, new value
    std::vector<std::pair<std::string, std::uint64_t>> counters{};  ///< key, growth
    Totals totals{};              ///< of `batch` once this is committed
    bool salvage_booked = false;  ///< what a salvage lost is in `counters`: forget its report

    bool empty() const {
      return erase.empty() && insert.empty() && quarantine.empty() && meta.empty() &&
             counters.empty();
    }
  };

  struct Size {
    Bytes used;     ///< pages that hold something
    Bytes written;  ///< by this process, checkpoints and all; a salvage's copy apart
    Bytes journal;  ///< of `written`: to the journal
  };

  /// What a salvage left behind.
  struct SalvageReport {
    std::string aside;  ///< where the damaged file is kept; empty: it was only opened late
    Totals lost;        ///< by what the damaged file's own books said; 0 when they are unreadable
  };

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Returns the new rows' ids, in the order of `insert`, once all of it would survive a power cut.
  /// Errors, nothing is changed then: kFull (the quota is used up: drop something, try again),
  /// kRetry (I/O, or the disk is full, where dropping would not help: try again later), kCorrupt
  /// (call Salvage()).
  virtual Result<std::vector<RowId>> Commit(const Transaction& transaction) = 0;

  /// The lane's rows with an id greater than `after`, oldest first: at most `max_rows`, and no more
  /// once `max_bytes` of bodies are reached. Errors: kRetry, kCorrupt, as above.
  virtual Result<std::vector<Row>> Load(Lane lane, RowId after, std::size_t max_rows,
                                        Bytes max_bytes) = 0;

  /// Puts the damaged database aside and goes on with what is readable in it, row by row, under the
  /// same ids. Errors: kRetry (I/O: try again later).
  virtual Result<SalvageReport> Salvage() = 0;

  /// What this start had to salvage; nothing when the database was sound.
  virtual const std::optional<SalvageReport>& salvaged() const = 0;

  /// As the last commit left them.
  virtual const Totals& totals() const = 0;

  /// Counted in the rows themselves, those of `lane` between two ids (both exclusive). Slow.
  virtual Result<LaneTotals> Count(Lane lane, RowId after, RowId before) = 0;

  /// A committed value of `meta` or of a counter.
  virtual std::optional<std::string> Meta(const std::string& key) const = 0;

  virtual Size size() const = 0;
};

// Keys of `meta`.
inline constexpr const char* kAlertStateKey = "alert_state";  ///< Engine::SaveState()
inline constexpr const char* kEpochKey = "epoch";             ///< of the last start
inline constexpr const char* kGapsKey = "gaps";               ///< GapLog::Serialize()

}  // namespace fleet_edge::uplink
