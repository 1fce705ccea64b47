#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fleet_edge::simulators {

/// Drops what one topic brings again, and looks at the order of what it brings first. One thread.
class SequenceCheck {
 public:
  enum class Verdict : std::uint8_t {
    kFirst,
    kRepeated,  ///< the key was there, with the same bytes: at-least-once, dropped
    kAltered,   ///< the key was there, with other bytes
  };

  /// Batches of an epoch that are not there although later ones are.
  struct Gap {
    std::string vehicle;
    std::uint64_t epoch;
    std::uint64_t from_seq;
    std::uint64_t to_seq;
  };

  /// A record, in the order of its partition.
  Verdict Add(const std::string& vehicle, std::uint64_t epoch, std::uint64_t seq,
              std::int32_t partition, std::string_view bytes);

  std::uint64_t first() const { return first_; }
  std::uint64_t repeated() const { return repeated_; }
  std::uint64_t altered() const { return altered_; }

  /// First deliveries with a lower number than one before them, or in another partition of the
  /// topic than the vehicle's others, which leaves their order open.
  std::uint64_t out_of_order() const { return out_of_order_; }

  std::vector<Gap> Gaps() const;

 private:
  struct Place {
    std::uint64_t epoch = 0;
    std::uint64_t seq = 0;

    friend auto operator<=>(const Place&, const Place&) = default;
  };

  struct Vehicle {
    std::int32_t partition;
    Place highest;
    std::map<std::uint64_t, std::unordered_map<std::uint64_t, std::size_t>>
        seen;  // by epoch, by seq: a hash of the bytes
  };

  std::map<std::string, Vehicle> vehicles_;
  std::uint64_t first_ = 0;
  std::uint64_t repeated_ = 0;
  std::uint64_t altered_ = 0;
  std::uint64_t out_of_order_ = 0;
};

}  // namespace fleet_edge::simulators
