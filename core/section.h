#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/diagnostic.h"
#include "core/time.h"
#include "core/yaml.h"

namespace fleet_edge {

/// Reads one mapping of a configuration file strictly: each key is declared once, with its help, by
/// a function `void Describe(Section&, T&)` beside the struct T that it fills, and the same
/// declarations make the reference.
///
///     struct Batch { Duration max_age = 1s; Bytes max_bytes = KiB(64); };
///     void Describe(Section& section, Batch& batch) {
///       section.Key("max_age", batch.max_age, "A batch is sealed when its oldest reading is this
///       old."); section.Key("max_bytes", batch.max_bytes, "… or when it has grown to this size.");
///     }
///
/// All that is wrong is collected, never thrown: a key that is not declared (with the nearest that
/// is), a value of the wrong form, a required key that is missing.
class Section {
 public:
  /// One line of the reference.
  struct KeyDoc {
    std::string path;           ///< `outbox.batch.max_age`
    std::string default_value;  ///< as it would be written; empty for required keys
    bool required;
    std::string help;
  };

  /// What reading goes on in: the file's name and the findings so far. Outlives the sections.
  struct Context {
    std::string file;
    Diagnostics& diagnostics;

    void Fail(Position position, std::string what, std::string mend) const;
  };

  /// Optional: keeps `value` as it is when the key is not there.
  template <typename T>
  void Key(std::string_view key, T& value, std::string_view help) {
    Declare(key, value, help, false);
  }

  template <typename T>
  void Require(std::string_view key, T& value, std::string_view help) {
    Declare(key, value, help, true);
  }

  /// Adds a finding at `key`'s value, or at the mapping when the key is not there. For checks
  /// between keys, after all keys are declared.
  void Fail(std::string_view key, std::string what, std::string mend);

  /// Where `key`'s value stands, or the mapping. For findings that are made later.
  Position PositionOf(std::string_view key) const;

  const Context& context() const { return *context_; }

  /// False while the reference is made: values are defaults then, and checks between keys have no
  /// meaning.
  bool reading() const { return node_ != nullptr; }

  /// Fills `value` from `node`.
  template <typename T>
  static void Read(const YamlNode& node, const Context& context, T& value);

  /// The reference of T's keys, in the order of their declaration.
  template <typename T>
  static std::vector<KeyDoc> Reference(std::string_view path = {});

 private:
  Section(const YamlNode& node, const Context& context) : node_(&node), context_(&context) {}
  Section(std::vector<KeyDoc>& docs, std::string_view path) : docs_(&docs), path_(path) {}

  template <typename T>
  void Declare(std::string_view key, T& value, std::string_view help, bool required);

  /// The value to read at `key`, or null (reported when it is required).
  const YamlNode* Take(std::string_view key, bool required);

  /// Reports all keys that no declaration has taken.
  void RefuseUnknown() const;

  const YamlNode* node_ = nullptr;
  const Context* context_ = nullptr;
  std::vector<std::string> known_;
  std::vector<KeyDoc>* docs_ = nullptr;
  std::string path_;
};

/// A struct whose keys a Describe() declares.
template <typename T>
concept Described = requires(Section& section, T& value) { Describe(section, value); };

namespace section_internal {

void ReadScalar(const YamlNode& node, const Section::Context& context, bool& value);
void ReadScalar(const YamlNode& node, const Section::Context& context, std::int64_t& value);
void ReadScalar(const YamlNode& node, const Section::Context& context, double& value);
void ReadScalar(const YamlNode& node, const Section::Context& context, std::string& value);
void ReadScalar(const YamlNode& node, const Section::Context& context, Duration& value);
void ReadScalar(const YamlNode& node, const Section::Context& context, Bytes& value);

/// Reports when `node` is not of `kind`.
bool Expect(const YamlNode& node, YamlNode::Kind kind, const Section::Context& context);

std::string Show(bool value);
std::string Show(std::int64_t value);
std::string Show(double value);
std::string Show(const std::string& value);
std::string Show(Duration value);
std::string Show(Bytes value);

template <typename T>
inline constexpr bool kIsVector = false;
template <typename T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <typename T>
inline constexpr bool kIsMap = false;
template <typename T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;
template <typename T>
inline constexpr bool kIsOptional = false;
template <typename T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

/// Integers are read as 64 bits and must fit.
template <std::integral T>
void ReadInteger(const YamlNode& node, const Section::Context& context, T& value) {
  std::int64_t wide = 0;
  const std::size_t before = context.diagnostics.size();
  ReadScalar(node, context, wide);
  if (context.diagnostics.size() != before) return;
  if (std::in_range<T>(wide)) {
    value = static_cast<T>(wide);
  } else {
    context.Fail(node.position, "'" + node.text + "' is out of range", "Write a smaller number");
  }
}

}  // namespace section_internal

template <typename T>
void Section::Read(const YamlNode& node, const Context& context, T& value) {
  using Kind = YamlNode::Kind;
  namespace internal = section_internal;
  if constexpr (std::same_as<T, YamlNode>) {
    value = node;
  } else if constexpr (Described<T>) {
    if (!internal::Expect(node, Kind::kMapping, context)) return;
    Section section(node, context);
    Describe(section, value);
    section.RefuseUnknown();
  } else if constexpr (internal::kIsOptional<T>) {
    Read(node, context, value ? *value : value.emplace());
  } else if constexpr (internal::kIsVector<T>) {
    if (!internal::Expect(node, Kind::kSequence, context)) return;
    value.clear();
    for (const YamlNode& item : node.items) Read(item, context, value.emplace_back());
  } else if constexpr (internal::kIsMap<T>) {
    if (!internal::Expect(node, Kind::kMapping, context)) return;
    value.clear();
    for (const auto& [key, item] : node.entries) Read(item, context, value[key.text]);
  } else if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    internal::ReadInteger(node, context, value);
  } else {
    if (internal::Expect(node, Kind::kScalar, context)) internal::ReadScalar(node, context, value);
  }
}

template <typename T>
void Section::Declare(std::string_view key, T& value, std::string_view help, bool required) {
  namespace internal = section_internal;
  if (docs_ == nullptr) {
    if (const YamlNode* node = Take(key, required)) Read(*node, *context_, value);
    return;
  }
  std::string path = path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  KeyDoc doc{path, {}, required, std::string(help)};
  if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    doc.default_value = internal::Show(static_cast<std::int64_t>(value));
  } else if constexpr (requires { internal::Show(value); }) {
    doc.default_value = internal::Show(value);
  }
  if (required) doc.default_value.clear();
  docs_->push_back(std::move(doc));
  // The keys of what is inside: of a struct, of one that may be absent, of the items of a list or
  // a map.
  if constexpr (Described<T>) {
    Section nested(*docs_, path);
    Describe(nested, value);
  } else if constexpr (internal::kIsOptional<T> || internal::kIsVector<T>) {
    using Inner = typename T::value_type;
    if constexpr (Described<Inner>) {
      Section nested(*docs_, internal::kIsVector<T> ? path + "[]" : path);
      Inner inner{};
      Describe(nested, inner);
    }
  } else if constexpr (internal::kIsMap<T>) {
    using Inner = typename T::mapped_type;
    if constexpr (Described<Inner>) {
      Section nested(*docs_, path + ".*");
      Inner inner{};
      Describe(nested, inner);
    }
  }
}

template <typename T>
std::vector<Section::KeyDoc> Section::Reference(std::string_view path) {
  std::vector<KeyDoc> docs;
  Section section(docs, path);
  T value{};
  Describe(section, value);
  return docs;
}

}  // namespace fleet_edge
