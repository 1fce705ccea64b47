#include "rules/label_template.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/labels.h"
#include "rules/template_function.h"
#include "rules/template_parser.h"
#include "rules/template_program.h"
#include "rules/template_value.h"

namespace fleet_edge::rules {
namespace {

constexpr std::size_t kLongest = 4096;

void Cut(std::string& text, std::string_view note) {
  if (text.size() <= kLongest) return;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  text.resize(end);
  text += note;
}

/// Runs a program once.
class Expansion {
 public:
  Expansion(const TemplateProgram& program, const TemplateData& data)
      : program_(program), data_(data), slots_(program.slots) {}

  std::string Run() {
    std::size_t at = 0;
    while (at < program_.steps.size() && out_.size() <= kLongest && failure_.empty()) {
      const TemplateStep& step = program_.steps[at];
      at = Jumps(step) ? step.begin : at + 1;
      Do(step);
    }
    if (!failure_.empty()) return "<error expanding template: " + failure_ + ">";
    Cut(out_, "… (cut at 4 KiB)");
    return std::move(out_);
  }

 private:
  using Op = TemplateStep::Op;

  std::string_view PartOf(const TemplateStep& step) const {
    return std::string_view(program_.text).substr(step.begin, step.length);
  }

  bool Jumps(const TemplateStep& step) const {
    switch (step.op) {
      case Op::kJump:
        return true;
      case Op::kJumpIfFalse:
      case Op::kAndElse:
        return !IsTrue(stack_.back());
      case Op::kOrElse:
        return IsTrue(stack_.back());
      default:
        return false;
    }
  }

  void Do(const TemplateStep& step) {
    switch (step.op) {
      case Op::kText:
        out_ += PartOf(step);
        break;
      case Op::kPrint:
        out_ += ToGoText(Pop());
        break;
      case Op::kStore:
        slots_[step.slot] = Pop();
        break;
      case Op::kCall:
        Call(step);
        break;
      case Op::kJump:
        break;
      case Op::kJumpIfFalse:
        Pop();
        break;
      case Op::kAndElse:
        if (IsTrue(stack_.back())) Pop();
        break;
      case Op::kOrElse:
        if (!IsTrue(stack_.back())) Pop();
        break;
      default:
        stack_.push_back(ValueOf(step));
    }
  }

  TemplateValue ValueOf(const TemplateStep& step) const {
    switch (step.op) {
      case Op::kNumber:
        return NumberOf<double>(step);
      case Op::kWhole:
        return NumberOf<std::int64_t>(step);
      case Op::kBool:
        return step.slot != 0;
      case Op::kValue:
        return data_.value;
      case Op::kLabel:
        return std::string(data_.labels.Get(PartOf(step)));
      case Op::kExternalLabel:
        return std::string(data_.external.labels.Get(PartOf(step)));
      case Op::kLabels:
        return &data_.labels;
      case Op::kExternalLabels:
        return &data_.external.labels;
      case Op::kExternalUrl:
        return std::string(data_.external.url);
      case Op::kLoad:
        return slots_[step.slot];
      default:
        return std::string(PartOf(step));
    }
  }

  template <typename Number>
  Number NumberOf(const TemplateStep& step) const {
    const std::string_view digits = PartOf(step);
    Number number{};
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
  }

  TemplateValue Pop() {
    TemplateValue value = std::move(stack_.back());
    stack_.pop_back();
    return value;
  }

  void Call(const TemplateStep& step) {
    const TemplateFunction& function = TemplateFunctions()[step.slot];
    const std::span<const TemplateValue> arguments = std::span(stack_).last(step.count);
    std::string why;
    TemplateValue result = function.apply(arguments, why);
    // Variables could double a text at every step.
    if (auto* const text = std::get_if<std::string>(&result)) Cut(*text, "…");
    if (!why.empty()) failure_ = FailureOf(function, PartOf(step), why);
    stack_.resize(stack_.size() - step.count);
    stack_.push_back(std::move(result));
  }

  /// As Go's template package words it; `place` is `LINE:COLUMN COMMAND`.
  std::string FailureOf(const TemplateFunction& function, std::string_view place,
                        const std::string& why) const {
    const std::size_t blank = place.find(' ');
    const std::string name = "__alert_" + std::string(data_.alert);
    std::string failure = "error executing template " + name + ": template: " + name + ":";
    failure.append(place.substr(0, blank)).append(": executing \"").append(name);
    failure.append("\" at <").append(place.substr(blank + 1)).append(">: error calling ");
    return failure.append(function.name).append(": ").append(why);
  }

  const TemplateProgram& program_;
  const TemplateData& data_;
  std::vector<TemplateValue> stack_;
  std::vector<TemplateValue> slots_;
  std::string out_;
  std::string failure_;
};

/// Follows the alert's value through the steps of all branches: what is true of a value is that it
/// was made of the alert's.
class ValueTrace {
 public:
  explicit ValueTrace(const TemplateProgram& program) : slots_(program.slots) {
    for (const TemplateStep& step : program.steps) Follow(step);
  }

  bool printed() const { return printed_; }

 private:
  using Op = TemplateStep::Op;

  void Follow(const TemplateStep& step) {
    switch (step.op) {
      case Op::kText:
      case Op::kJump:
        break;
      case Op::kPrint:
        printed_ = Pop() || printed_;
        break;
      case Op::kStore:
        slots_[step.slot] = Pop() || slots_[step.slot];
        break;
      case Op::kLoad:
        Push(slots_[step.slot]);
        break;
      case Op::kJumpIfFalse:
        Pop();
        break;
      case Op::kAndElse:
      case Op::kOrElse:
        passed_ = Pop() || passed_;
        break;
      case Op::kCall:
        Call(step);
        break;
      default:
        Push(step.op == Op::kValue);
    }
  }

  /// A comparison only chooses.
  void Call(const TemplateStep& step) {
    bool made = false;
    for (int i = 0; i < step.count; ++i) made = Pop() || made;
    Push(made && TemplateFunctions()[step.slot].result != TemplateType::kBool);
  }

  /// What `and` or `or` has passed over may be their result as well.
  void Push(bool made) { stack_.push_back(std::exchange(passed_, false) || made); }

  bool Pop() {
    const bool made = stack_.back();
    stack_.pop_back();
    return made;
  }

  std::vector<bool> stack_;
  std::vector<bool> slots_;
  bool passed_ = false;
  bool printed_ = false;
};

}  // namespace

LabelTemplate LabelTemplate::Parse(std::string_view text) {
  return LabelTemplate(ParseTemplate(text));
}

std::string LabelTemplate::Expand(const TemplateData& data) const {
  if (program_.steps.empty()) return program_.text;
  return Expansion(program_, data).Run();
}

std::vector<LabelTemplate::Mention> LabelTemplate::Mentions() const {
  std::vector<Mention> mentions;
  for (const TemplateStep& step : program_.steps) {
    if (step.op != TemplateStep::Op::kLabel) continue;
    const std::string_view text = program_.text;
    mentions.push_back({text.substr(step.begin, step.length), step.begin});
  }
  return mentions;
}

bool LabelTemplate::PrintsValue() const { return ValueTrace(program_).printed(); }

}  // namespace fleet_edge::rules
