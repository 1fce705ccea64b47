#include <simdjson.h>

#include <cstring>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "drivers/mqtt/senml_record.h"

namespace fleet_edge::drivers {
namespace {

namespace dom = simdjson::dom;

SenmlScalar ToScalar(const dom::element& element) {
  bool flag = false;
  if (element.get(flag) == simdjson::SUCCESS) return flag;
  double number = 0;
  if (element.get(number) == simdjson::SUCCESS) return number;
  std::string_view text;
  if (element.get(text) == simdjson::SUCCESS) return text;
  return std::monostate{};
}

bool ReadRecord(const dom::element& element, SenmlRecord& record) {
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return false;
  for (const dom::key_value_pair& field : object) {
    if (!SetSenmlField(record, SenmlLabelOf(field.key), ToScalar(field.value))) return false;
  }
  return true;
}

}  // namespace

struct SenmlJson::Impl {
  dom::parser parser;
  std::vector<char> buffer;  // the payload, and simdjson's padding behind it
};

SenmlJson::SenmlJson() : impl_(std::make_unique<Impl>()) {}
SenmlJson::~SenmlJson() = default;

bool SenmlJson::Read(std::string_view payload, const TakeSenmlRecord& take) {
  if (impl_->buffer.size() < payload.size() + simdjson::SIMDJSON_PADDING) {
    impl_->buffer.resize(2 * payload.size() + simdjson::SIMDJSON_PADDING);
  }
  std::memcpy(impl_->buffer.data(), payload.data(), payload.size());
  dom::array pack;
  constexpr bool kCopyFirst = false;
  if (impl_->parser.parse(impl_->buffer.data(), payload.size(), kCopyFirst).get(pack) !=
      simdjson::SUCCESS) {
    return false;
  }
  for (const dom::element& element : pack) {
    SenmlRecord record;
    if (!ReadRecord(element, record) || !take(record)) return false;
  }
  return true;
}

}  // namespace fleet_edge::drivers
