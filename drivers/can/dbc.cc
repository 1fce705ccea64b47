#include "drivers/can/dbc.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "drivers/can/dbc_lexer.h"
#include "drivers/can/dbc_signal.h"
#include "drivers/can/dbc_words.h"

namespace fleet_edge::drivers {
namespace {

// The identifier's highest bit says that it is extended.
constexpr std::uint32_t kExtendedFlag = 0x8000'0000;
constexpr std::uint32_t kExtendedMask = 0x1FFF'FFFF;
constexpr std::uint32_t kStandardMask = 0x7FF;
// VECTOR__INDEPENDENT_SIG_MSG holds the signals that no message carries.
constexpr std::uint32_t kNoMessage = 0xC000'0000;

// A message is searched for each of its signals.
constexpr std::size_t kMaxSignals = 4096;

// What a line can begin with; most of it says nothing about how a frame is read.
constexpr std::string_view kStatements =
    " VERSION NS_ BS_ BU_ BO_ SG_ VAL_ VAL_TABLE_ BA_ BA_DEF_ BA_DEF_DEF_ SIG_VALTYPE_ SG_MUL_VAL_ "
    "CM_ "
    "BA_REL_ BA_DEF_REL_ BA_DEF_DEF_REL_ BA_SGTYPE_ BA_DEF_SGTYPE_ BO_TX_BU_ CAT_ CAT_DEF_ EV_ "
    "EV_DATA_ ENVVAR_DATA_ FILTER SGTYPE_ SGTYPE_VAL_ SIGTYPE_VALTYPE_ SIG_GROUP_ SIG_TYPE_REF_ ";

bool IsStatement(const DbcToken& token) {
  return token.kind == DbcToken::Kind::kName &&
         kStatements.find(" " + std::string(token.text) + " ") != std::string_view::npos;
}

/// At the beginning of a line: within a line the words are names.
bool BeginsStatement(const DbcToken& token) { return token.first && IsStatement(token); }

constexpr std::string_view kFrameFormat = "VFrameFormat";

class DbcParser {
 public:
  DbcParser(std::string_view text, const std::string& file, Diagnostics& diagnostics)
      : words_(text, file, diagnostics) {}

  Dbc Run() {
    while (!words_.at_end()) Statement();
    for (std::size_t at = 0; at < dbc_.messages.size(); ++at) Finish(dbc_.messages[at], at);
    words_.TellRest();
    return std::move(dbc_);
  }

 private:
  void Statement();
  void SkipTo(bool (*ends)(const DbcToken&));
  bool Message();
  bool Signal();
  bool ValueNames();
  bool ValueType();
  bool Selection();
  bool AttributeDefinition();
  bool AttributeDefault();
  bool Attribute();
  DbcMessage* MessageOf(std::uint32_t id);
  DbcSignal* SignalOf(std::uint32_t id, std::string_view name, Position position);
  void Finish(DbcMessage& message, std::size_t at);

  DbcWords words_;
  Dbc dbc_;
  bool takes_signals_ = false;                             // the last message is sound
  bool begun_ = false;                                     // there was a message, sound or not
  std::unordered_map<std::uint32_t, std::size_t> places_;  // of messages, by the file's identifier
  std::unordered_map<std::size_t, std::string> formats_;   // VFrameFormat, by place
  std::string default_format_;
  std::vector<std::string> format_names_{"StandardCAN", "ExtendedCAN", "reserved", "J1939PG"};
};

void DbcParser::SkipTo(bool (*ends)(const DbcToken&)) {
  while (words_.token().kind != DbcToken::Kind::kEnd && !ends(words_.token())) words_.Next();
}

void DbcParser::Statement() {
  const DbcToken keyword = words_.token();
  words_.Next();
  using Read = bool (DbcParser::*)();
  struct Form {
    std::string_view keyword;
    Read read;
    std::string_view form;
  };
  static constexpr std::array kForms{
      Form{"BO_", &DbcParser::Message, "BO_ 256 Name: 8 Sender"},
      Form{"SG_", &DbcParser::Signal, R"(SG_ Name : 0|16@1+ (0.1,0) [0|100] "km/h" Receiver)"},
      Form{"VAL_", &DbcParser::ValueNames, R"(VAL_ 256 Signal 0 "off" 1 "on" ;)"},
      Form{"SIG_VALTYPE_", &DbcParser::ValueType, "SIG_VALTYPE_ 256 Signal : 1;"},
      Form{"SG_MUL_VAL_", &DbcParser::Selection, "SG_MUL_VAL_ 256 Signal Multiplexor 0-3, 5-5;"},
      Form{"BA_DEF_", &DbcParser::AttributeDefinition,
           R"(BA_DEF_ BO_ "VFrameFormat" ENUM "StandardCAN","ExtendedCAN";)"},
      Form{"BA_DEF_DEF_", &DbcParser::AttributeDefault,
           R"(BA_DEF_DEF_ "VFrameFormat" "StandardCAN";)"},
      Form{"BA_", &DbcParser::Attribute, R"(BA_ "VFrameFormat" BO_ 256 3;)"},
  };
  if (keyword.Is("NS_")) {
    return SkipTo([](const DbcToken& t) { return t.Is("BS_") || t.Is("BU_") || t.Is("BO_"); });
  }
  if (!IsStatement(keyword)) {
    words_.Fail(keyword.position,
                "'" + std::string(keyword.text) + "' begins no line of a DBC file",
                "Is this a DBC file, and the line before complete?");
    return SkipTo(BeginsStatement);
  }
  const auto* const form = std::ranges::find(kForms, keyword.text, &Form::keyword);
  if (form != kForms.end()) {
    words_.set_form(form->form);
    if (!(this->*form->read)()) return SkipTo(BeginsStatement);
  }
  if (keyword.Is("BU_")) return SkipTo(BeginsStatement);
  if (keyword.Is("BO_") || keyword.Is("SG_") || keyword.Is("VERSION") || keyword.Is("BS_")) {
    return SkipTo([](const DbcToken& t) { return t.first; });
  }
  SkipTo([](const DbcToken& t) { return t.Is(";") || BeginsStatement(t); });
  if (words_.token().Is(";")) words_.Next();
}

bool DbcParser::Message() {
  takes_signals_ = false;
  begun_ = true;
  DbcMessage message;
  message.position = words_.token().position;
  std::uint32_t id = 0;
  if (!words_.Integer(id, "the message's identifier, a number of 32 bits") ||
      !words_.Name(message.name, "the message's name") || !words_.Mark(':')) {
    return false;
  }
  const Position size = words_.token().position;
  if (!words_.Integer(message.size, "the message's size in bytes")) return false;
  if (id == kNoMessage) return true;
  message.extended = (id & kExtendedFlag) != 0;
  message.id = id & ~kExtendedFlag;
  if (message.id > (message.extended ? kExtendedMask : kStandardMask)) {
    return words_.Fail(
        message.position, "no CAN identifier: it has more than 11 bits, or 29",
        "An extended identifier has 2147483648 (the highest of 32 bits) added to it");
  }
  if (message.size > kMaxDbcMessageBytes) {
    return words_.Fail(size, "a message of more than 1785 bytes", "J1939 has none that is longer");
  }
  takes_signals_ = true;
  places_.insert_or_assign(id, dbc_.messages.size());
  dbc_.messages.push_back(std::move(message));
  return true;
}

bool DbcParser::Signal() {
  DbcSignal signal;
  const Position position = words_.token().position;
  if (!begun_) return words_.Fail(position, "a signal before any message", "Put its BO_ before it");
  if (!ReadDbcSignal(words_, signal)) return false;
  if (!takes_signals_) return true;  // its message is told already, or carries nothing
  std::vector<DbcSignal>& signals = dbc_.messages.back().signals;
  if (std::ranges::find(signals, signal.name, &DbcSignal::name) != signals.end()) {
    return words_.Fail(position, "signal " + signal.name + " stands twice in its message",
                       "Give one of them another name");
  }
  if (signals.size() == kMaxSignals) {
    return words_.Fail(position, "a message of more than 4096 signals", "Make it two messages");
  }
  signals.push_back(std::move(signal));
  return true;
}

DbcMessage* DbcParser::MessageOf(std::uint32_t id) {
  const auto place = places_.find(id);
  return place == places_.end() ? nullptr : &dbc_.messages[place->second];
}

/// Null when there is none, with a warning unless its message is left out.
DbcSignal* DbcParser::SignalOf(std::uint32_t id, std::string_view name, Position position) {
  DbcMessage* const message = MessageOf(id);
  if (message == nullptr) return nullptr;
  const auto signal = std::ranges::find(message->signals, name, &DbcSignal::name);
  if (signal != message->signals.end()) return &*signal;
  words_.Warn(position, "message " + message->name + " has no signal " + std::string(name),
              "The line has no effect: take it out, or correct the name");
  return nullptr;
}

bool DbcParser::ValueNames() {
  const Position position = words_.token().position;
  std::uint32_t id = 0;
  std::string name;
  if (words_.token().kind == DbcToken::Kind::kName) return true;  // of an environment variable
  if (!words_.Integer(id, "a message's identifier") || !words_.Name(name, "a signal's name"))
    return false;
  DbcSignal* const signal = SignalOf(id, name, position);
  while (!words_.token().Is(";")) {
    std::int64_t value = 0;
    std::string text;
    if (!words_.Integer(value, "a value, a whole number") || !words_.Text(text, "the value's name"))
      return false;
    if (signal != nullptr) signal->names.emplace_back(value, std::move(text));
  }
  return true;
}

bool DbcParser::ValueType() {
  const Position position = words_.token().position;
  std::uint32_t id = 0;
  std::string name;
  std::uint32_t type = 0;
  if (!words_.Integer(id, "a message's identifier") || !words_.Name(name, "a signal's name"))
    return false;
  if (words_.token().Is(":")) words_.Next();
  if (!words_.Integer(type, "0, 1 (float) or 2 (double)")) return false;
  DbcSignal* const signal = SignalOf(id, name, position);
  if (signal == nullptr || type == 0) return true;
  const bool is_float = type == 1;
  if (type > 2 || signal->length != (is_float ? kMaxDbcSignalBits / 2 : kMaxDbcSignalBits)) {
    return words_.Fail(position, "a float (1) has 32 bits, a double (2) 64",
                       "Correct the signal's length");
  }
  signal->number = is_float ? DbcSignal::Number::kFloat : DbcSignal::Number::kDouble;
  return true;
}

/// Extended multiplexing: which values of which signal bring this one.
bool DbcParser::Selection() {
  const Position position = words_.token().position;
  std::uint32_t id = 0;
  std::string name;
  std::string selector;
  if (!words_.Integer(id, "a message's identifier") || !words_.Name(name, "a signal's name") ||
      !words_.Name(selector, "the multiplexor's name")) {
    return false;
  }
  std::vector<DbcSignal::Range> ranges;
  while (!words_.token().Is(";")) {
    DbcSignal::Range range{};
    if (!words_.Integer(range.first, "a value of the multiplexor")) return false;
    words_.Dash();
    if (!words_.Integer(range.last, "the last value of a range, behind its -")) return false;
    ranges.push_back(range);
    if (words_.token().Is(",")) words_.Next();
  }
  DbcSignal* const signal = SignalOf(id, name, position);
  if (signal == nullptr || SignalOf(id, selector, position) == nullptr) return true;
  signal->multiplexed = true;
  signal->selector = std::move(selector);
  signal->selects = std::move(ranges);
  return true;
}

bool DbcParser::AttributeDefinition() {
  if (!words_.token().Is("BO_")) return true;
  words_.Next();
  std::string name;
  if (!words_.Text(name, "the attribute's name")) return false;
  if (name != kFrameFormat || !words_.token().Is("ENUM")) return true;
  words_.Next();
  format_names_.clear();
  for (std::string text; !words_.token().Is(";"); format_names_.push_back(text)) {
    if (!words_.Text(text, "a value's name")) return false;
    if (words_.token().Is(",")) words_.Next();
  }
  return true;
}

bool DbcParser::AttributeDefault() {
  std::string name;
  if (!words_.Text(name, "the attribute's name")) return false;
  return name != kFrameFormat || words_.Text(default_format_, "the default");
}

bool DbcParser::Attribute() {
  std::string name;
  if (!words_.Text(name, "the attribute's name")) return false;
  if (name != kFrameFormat || !words_.token().Is("BO_")) return true;
  words_.Next();
  std::uint32_t id = 0;
  std::uint32_t format = 0;
  std::string text;
  if (!words_.Integer(id, "a message's identifier")) return false;
  if (words_.token().kind == DbcToken::Kind::kString) {
    if (!words_.Text(text, "the value")) return false;
  } else {
    if (!words_.Integer(format, "the value")) return false;
    if (format < format_names_.size()) text = format_names_[format];
  }
  const auto place = places_.find(id);
  if (place != places_.end()) formats_[place->second] = std::move(text);
  return true;
}

/// What could not be told before the last line.
void DbcParser::Finish(DbcMessage& message, std::size_t at) {
  const auto format = formats_.find(at);
  message.parameter_group =
      message.extended &&
      (format == formats_.end() ? default_format_ : format->second) == "J1939PG";
  const auto root = std::ranges::find_if(message.signals, [](const DbcSignal& signal) {
    return signal.multiplexor && !signal.multiplexed;
  });
  const bool rootless = root == message.signals.end();
  const std::string name = rootless ? std::string() : root->name;
  const auto lost = [&](DbcSignal& signal) {
    if (!signal.multiplexed || !signal.selector.empty()) return false;
    signal.selector = name;
    return rootless;
  };
  if (std::erase_if(message.signals, lost) > 0) {
    words_.Fail(message.position,
                "message " + message.name + " has multiplexed signals (m) and no multiplexor (M)",
                "Mark the signal that chooses with M");
  }
}

}  // namespace

Dbc ParseDbc(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  if (text.size() > kMaxDbcBytes) {
    diagnostics.push_back({.file = file,
                           .position = {},
                           .what = "a DBC file of more than 16 MiB is not read",
                           .mend = "Take out the messages that the vehicle doesn't have"});
    return {};
  }
  return DbcParser(text, file, diagnostics).Run();
}

}  // namespace fleet_edge::drivers
