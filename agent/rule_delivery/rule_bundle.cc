#include "agent/rule_delivery/rule_bundle.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/utf8.h"
#include "core/yaml.h"
#include "rules/rule_text.h"

namespace fleet_edge::agent {
namespace {

constexpr std::size_t kMaxId = 128;

/// Each has as many empty lines before it as it takes for its lines to count as in the whole, which
/// bounds their number, too: texts must not grow with its square.
constexpr std::size_t kMaxDocuments = 64;

bool IsSeparator(std::string_view line) {
  return line == "---" || line.starts_with("--- ") || line.starts_with("---\r");
}

/// The documents of `text`, those without a line between separators left out.
std::vector<std::string> Split(std::string_view text) {
  std::vector<std::string> documents(1);
  std::size_t lines = 0;
  bool said = false;
  while (!text.empty() && documents.size() <= kMaxDocuments) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    ++lines;
    if (IsSeparator(line.substr(0, line.find('\n')))) {
      if (said) documents.emplace_back();
      documents.back() = std::string(lines, '\n');
      said = false;
    } else {
      documents.back() += line;
      said = true;
    }
  }
  if (!said && text.empty()) documents.pop_back();
  return documents;
}

class Reader {
 public:
  Reader(const std::string& file, Diagnostics& findings) : file_(file), findings_(findings) {}

  void Read(std::string text) {
    const std::size_t before = findings_.size();
    const YamlNode root = ParseYaml(text, file_, findings_);
    if (findings_.size() != before) return;
    if (const YamlNode* const id = root.Find("bundle"); id != nullptr && !named_) {
      TakeId(*id);
    } else if (root.Find("groups") != nullptr) {
      bundle_.rules.push_back({file_, std::move(text)});
    } else if (root.Find("tests") != nullptr) {
      bundle_.tests.push_back({file_, std::move(text)});
    } else if (root.kind != YamlNode::Kind::kNull) {
      Fail(root.position, "a document that is neither rules nor tests",
           "Begin it with `groups:` or `tests:`");
    }
  }

  void Fail(Position position, std::string what, std::string mend) {
    findings_.push_back(
        {.file = file_, .position = position, .what = std::move(what), .mend = std::move(mend)});
  }

  bool named() const { return named_; }
  RuleBundle Take() { return std::move(bundle_); }

 private:
  void TakeId(const YamlNode& id) {
    named_ = true;
    if (id.kind != YamlNode::Kind::kScalar || id.text.empty() || id.text.size() > kMaxId) {
      Fail(id.position, "the bundle's name is no short text",
           "Write `bundle: north-42`, at most 128 characters");
    } else {
      bundle_.id = id.text;
    }
  }

  const std::string& file_;
  Diagnostics& findings_;
  RuleBundle bundle_;
  bool named_ = false;
};

}  // namespace

RuleBundle ReadBundle(const rules::RuleText& text, Diagnostics& findings) {
  Reader reader(text.file, findings);
  if (text.text.size() > kMaxBundleBytes) {
    reader.Fail({}, "the bundle has " + std::to_string(text.text.size()) + " bytes",
                "At most 1 MiB: leave out what the vehicle doesn't need");
    return {};
  }
  if (ValidUtf8(text.text) != text.text) {
    reader.Fail({}, "the bundle is no UTF-8 text", "Send the text as it is, not packed");
    return {};
  }
  std::vector<std::string> documents = Split(text.text);
  if (documents.size() > kMaxDocuments) {
    reader.Fail({}, "the bundle has more than 64 documents", "Put more groups into each");
    return {};
  }
  for (std::string& document : documents) reader.Read(std::move(document));
  if (!reader.named() && !HasErrors(findings)) {
    reader.Fail({}, "the bundle has no name", "Begin it with `bundle: north-42` and a line `---`");
  }
  return reader.Take();
}

}  // namespace fleet_edge::agent
