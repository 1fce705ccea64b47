#pragma once

#include <string>

namespace fleet_edge::rules {

/// One rule file's name and text: the rules do no I/O.
struct RuleText {
  std::string file;
  std::string text;
};

}  // namespace fleet_edge::rules
