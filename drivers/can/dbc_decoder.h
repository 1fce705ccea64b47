#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "drivers/can/dbc_field.h"

namespace fleet_edge::drivers {

/// What one message says.
struct DbcReport {
  struct Value {
    std::size_t field;  ///< its place in the decoder's fields
    double value;
  };
  struct Failure {
    std::size_t field;
    std::string_view reason;  ///< of drivers/rejections.h
  };

  std::vector<Value> values;
  std::vector<Failure> failed;

  void clear() {
    values.clear();
    failed.clear();
  }
};

/// Reads the signals of a DBC file from messages. One thread; no allocation once the report has
/// grown.
///
/// - A multiplexed signal that the multiplexors don't choose is not there, which is no failure.
/// - A raw value that has a name (`VAL_`) and lies outside the signal's range is a word such as
///   "not available": kDeviceError.
/// - Of a J1939 parameter group, whole bytes up to 0xFA… are values, 0xFF… is not available and no
///   failure, what lies between is kDeviceError (SAE J1939-71, 5.1.4).
/// - Of its states (two bits, not scaled, no multiplexor) 0 and 1 are values, 3 is not available
/// and no failure, 2 is
///   kDeviceError (SAE J1939-71, table 2).
/// - Data too short for a signal, or for a multiplexor that chooses it: kMissing. A float that is
/// no finite number: kDeviceError.
class DbcDecoder {
 public:
  explicit DbcDecoder(std::vector<DbcField> fields);

  const std::vector<DbcField>& fields() const { return fields_; }

  /// Reads data into `report`, which it clears. False when no field is of this message. `data` may
  /// be a J1939 message of several packets.
  bool Decode(std::uint32_t id, bool extended, std::span<const std::uint8_t> data,
              DbcReport& report) const;

 private:
  struct Message {
    std::uint32_t key;
    std::vector<std::size_t> fields;
  };
  /// The data's first eight bytes as one number of either byte order.
  struct Words {
    std::uint64_t little;
    std::uint64_t big;

    static Words Of(std::span<const std::uint8_t> data);
  };
  struct Data {
    std::span<const std::uint8_t> bytes;
    Words first;
  };

  static void Insert(std::vector<Message>& messages, std::uint32_t key, std::size_t field);
  static const Message* Find(const std::vector<Message>& messages, std::uint32_t key);
  static std::uint64_t Raw(const Data& data, const DbcBits& bits);
  static bool IsIn(const Data& data, const DbcBits& bits);
  static bool Holds(const Data& data, const DbcField::Condition& condition);
  void ReadAll(const Message& message, const Data& data, DbcReport& report) const;
  void Read(std::size_t place, const Data& data, DbcReport& report) const;

  std::vector<DbcField> fields_;
  std::vector<Message> exact_;   // by identifier, the highest bit set when extended; sorted
  std::vector<Message> groups_;  // of J1939, by masked identifier; sorted
};

}  // namespace fleet_edge::drivers
