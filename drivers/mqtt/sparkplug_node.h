#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/unit.h"
#include "drivers/decoded.h"
#include "drivers/mqtt/sparkplug_payload.h"

namespace fleet_edge::drivers {

/// A metric that is read.
struct SparkplugField {
  std::string name;
  std::string device;  ///< empty: the node's own
  UnitConversion conversion;
};

/// What is known of one Sparkplug edge node and its devices: who is born, under which aliases, and
/// which message comes next (Sparkplug 3.0.0, sections 5 and 6.4). It only listens: after a start
/// in the middle of a node's life, metrics without a name are told apart at the next birth only.
///
/// One thread. Remembers what the fields need, however many metrics a birth has.
class SparkplugNode {
 public:
  struct Output {
    Decoded decoded;
    std::vector<std::size_t> dead;            ///< fields whose sender says goodbye
    std::optional<std::string_view> refused;  ///< of the message: kMalformed, kUnreadType
    bool gap = false;                         ///< messages before this one are missing
    bool unborn = false;  ///< some of its metrics can't be told apart: no birth was heard
  };

  /// `fields` outlive it.
  explicit SparkplugNode(const std::vector<SparkplugField>& fields)
      : fields_(fields), known_(fields.size()) {}

  /// Reads one message of the node or of one of its devices into `out`.
  void Read(const SparkplugTopic& topic, std::string_view payload, Output& out);

 private:
  struct Known {
    std::optional<std::uint64_t> alias;
    std::uint32_t datatype = 0;
  };

  void ReadBirth(const SparkplugTopic& topic, std::string_view payload, Output& out);
  void ReadData(const SparkplugTopic& topic, std::string_view payload, Output& out);
  void ReadDeath(const SparkplugTopic& topic, std::string_view payload, Output& out);

  std::optional<std::size_t> FindByName(std::string_view name, std::string_view device) const;
  std::optional<std::size_t> FindByAlias(std::uint64_t alias, std::string_view device) const;
  void Put(std::size_t field, const SparkplugPayload& payload, const SparkplugMetric& metric,
           Output& out) const;
  void Follow(const SparkplugPayload& payload, Output& out);
  void Forget(std::string_view device);
  static void Refuse(Output& out);
  /// True when a field is of that device, or of the node when it is empty.
  bool IsWanted(std::string_view device) const;
  bool is_born(std::string_view device) const;

  const std::vector<SparkplugField>& fields_;
  std::vector<Known> known_;                         // by field
  bool born_ = false;                                // the node
  std::set<std::string, std::less<>> born_devices_;  // those of the fields
  std::optional<std::uint64_t> birth_;               // bdSeq, which its death repeats
  std::optional<std::uint8_t> next_;                 // seq
};

}  // namespace fleet_edge::drivers
