#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
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
  /// What is declared of a key: for the reference, the schema, and whoever shows a configuration.
  struct KeyDoc {
    enum class Form : std::uint8_t {
      kSwitch,
      kInteger,
      kNumber,
      kText,
      kDuration,
      kSize,
      kSection,  ///< keys that are declared
      kList,
      kMap,  ///< names of the user's own
      kAny,  ///< judged elsewhere
    };

    std::string path;           ///< `outbox.batch.max_age`
    std::string key;            ///< `max_age`; empty for the items of a list or a map
    std::string default_value;  ///< as it would be written; empty: none, or required
    bool required = false;
    bool optional = false;  ///< without it there is none of it, not a default
    std::string help;
    Form form = Form::kAny;
    std::vector<KeyDoc> inner;       ///< a section's keys; of a list or a map one, its item's
    std::vector<std::string> words;  ///< the only values; empty: all of the form
    std::optional<double> least;
    std::optional<double> most;
    bool (*secret)(std::string_view key) = nullptr;  ///< whether an entry's value is to be hidden
  };

  /// Says more of the key that was just declared than its help does.
  class Note {
   public:
    explicit Note(KeyDoc* doc) : doc_(doc) {}

    /// These words alone are values.
    Note& OneOf(std::span<const std::string_view> words);

    Note& Between(double least, double most);

    /// Of a mapping that somebody else judges: what it holds when it says nothing, and which of its
    /// values are secret.
    Note& Open(const std::map<std::string, std::string>& defaults,
               bool (*secret)(std::string_view key));

   private:
    KeyDoc* doc_;  // null while a file is read
  };

  /// What reading goes on in: the file's name and the findings so far. Outlives the sections.
  struct Context {
    std::string file;
    Diagnostics& diagnostics;

    void Fail(Position position, std::string what, std::string mend) const;
  };

  /// Optional: keeps `value` as it is when the key is not there.
  template <typename T>
  Note Key(std::string_view key, T& value, std::string_view help) {
    return Declare(key, value, help, false);
  }

  template <typename T>
  Note Require(std::string_view key, T& value, std::string_view help) {
    return Declare(key, value, help, true);
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

  /// T's keys, in the order of their declaration; the defaults are what `value` holds.
  template <typename T>
  static std::vector<KeyDoc> Reference(std::string_view path = {}, T value = {});

 private:
  Section(const YamlNode& node, const Context& context) : node_(&node), context_(&context) {}
  Section(std::vector<KeyDoc>& docs, std::string_view path) : docs_(&docs), path_(path) {}

  template <typename T>
  Note Declare(std::string_view key, T& value, std::string_view help, bool required);

  template <typename T>
  static KeyDoc Document(const std::string& path, T& value);

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

template <typename T>
constexpr Section::KeyDoc::Form FormOf() {
  using Form = Section::KeyDoc::Form;
  if constexpr (std::same_as<T, bool>) return Form::kSwitch;
  if constexpr (std::integral<T>) return Form::kInteger;
  if constexpr (std::same_as<T, double>) return Form::kNumber;
  if constexpr (std::same_as<T, std::string>) return Form::kText;
  if constexpr (std::same_as<T, Duration>) return Form::kDuration;
  if constexpr (std::same_as<T, Bytes>) return Form::kSize;
  if constexpr (kIsVector<T>) return Form::kList;
  if constexpr (kIsMap<T>) return Form::kMap;
  if constexpr (Described<T>) return Form::kSection;
  return Form::kAny;
}

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
Section::Note Section::Declare(std::string_view key, T& value, std::string_view help,
                               bool required) {
  if (docs_ == nullptr) {
    if (const YamlNode* node = Take(key, required)) Read(*node, *context_, value);
    return Note(nullptr);
  }
  KeyDoc doc = Document(path_.empty() ? std::string(key) : path_ + "." + std::string(key), value);
  doc.key = key;
  doc.help = help;
  doc.required = required;
  if (required) doc.default_value.clear();
  docs_->push_back(std::move(doc));
  return Note(&docs_->back());
}

template <typename T>
Section::KeyDoc Section::Document(const std::string& path, T& value) {
  namespace internal = section_internal;
  KeyDoc doc;
  if constexpr (internal::kIsOptional<T>) {
    typename T::value_type inner = value.value_or(typename T::value_type{});
    doc = Document(path, inner);
    doc.default_value.clear();
    doc.optional = true;
    return doc;
  } else if constexpr (Described<T>) {
    Section nested(doc.inner, path);
    Describe(nested, value);
  } else if constexpr (internal::kIsVector<T> && !std::same_as<T, std::vector<YamlNode>>) {
    typename T::value_type item{};
    doc.inner.push_back(Document(path + "[]", item));
  } else if constexpr (internal::kIsMap<T>) {
    typename T::mapped_type item{};
    doc.inner.push_back(Document(path + ".*", item));
  } else if constexpr (std::integral<T> && !std::same_as<T, bool>) {
    doc.default_value = internal::Show(static_cast<std::int64_t>(value));
    doc.least = static_cast<double>(std::numeric_limits<T>::min());
    doc.most = static_cast<double>(std::numeric_limits<T>::max());
  } else if constexpr (requires { internal::Show(value); }) {
    doc.default_value = internal::Show(value);
  }
  doc.path = path;
  doc.form = internal::FormOf<T>();
  return doc;
}

template <typename T>
std::vector<Section::KeyDoc> Section::Reference(std::string_view path, T value) {
  std::vector<KeyDoc> docs;
  Section section(docs, path);
  Describe(section, value);
  return docs;
}

/// All keys of `docs`, one below the other: a section before what is in it.
std::vector<Section::KeyDoc> Flatten(const std::vector<Section::KeyDoc>& docs);

}  // namespace fleet_edge
