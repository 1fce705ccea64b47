// Reads lines of candump's by a DBC file and tells each value: for the judge, dbc_test.py.
//
//   dbc_decode FILE.dbc <LINES   a line `place Message.Signal value` per value, the value in
//                                hexadecimal so that no bit of it is lost; place: of the frame,
//                                from 0
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <ios>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostic.h"
#include "core/time.h"
#include "drivers/can/can_frame.h"
#include "drivers/can/candump.h"
#include "drivers/can/dbc.h"
#include "drivers/can/dbc_decoder.h"
#include "drivers/can/dbc_field.h"

namespace {

using namespace fleet_edge;
using namespace fleet_edge::drivers;

std::vector<DbcField> AllFields(const Dbc& dbc) {
  std::vector<DbcField> fields;
  for (const DbcMessage& message : dbc.messages) {
    for (const DbcSignal& signal : message.signals) {
      auto field = CompileDbcField(dbc, message.name + "." + signal.name);
      if (field) {
        fields.push_back(std::move(*field));
      } else {
        std::fprintf(stderr, "%s\n", field.error().message.c_str());
      }
    }
  }
  return fields;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream file(argv[1], std::ios::binary);
  Diagnostics findings;
  const Dbc dbc =
      ParseDbc(std::string(std::istreambuf_iterator<char>(file), {}), argv[1], findings);
  for (const Diagnostic& finding : findings)
    std::fprintf(stderr, "%s\n", ToString(finding).c_str());
  const DbcDecoder decoder(AllFields(dbc));
  DbcReport report;
  std::size_t place = 0;
  for (std::string line; std::getline(std::cin, line); ++place) {
    UtcTime time;
    CanFrame frame;
    if (ReadCandump(line, time, frame)) return 1;
    decoder.Decode(frame.id, frame.extended, frame.data(), report);
    for (const auto& [field, value] : report.values) {
      std::printf("%zu %s %a\n", place, decoder.fields()[field].name.c_str(), value);
    }
  }
  return findings.empty() ? 0 : 1;
}
