#pragma once

#include <memory>

#include "rules/node.h"
#include "rules/selector_nodes.h"

namespace fleet_edge::rules {

// Functions over time whose windows are aggregated as they slide on. Sums, means and variances of
// sliding windows are merged from two parts: they differ from Prometheus's, which go over the whole
// window each time, in the last digits. The windows outlive the nodes.

std::unique_ptr<Node> SlidingAvg(Windows& windows);
std::unique_ptr<Node> SlidingSum(Windows& windows);
std::unique_ptr<Node> SlidingMin(Windows& windows);
std::unique_ptr<Node> SlidingMax(Windows& windows);
std::unique_ptr<Node> SlidingStddev(Windows& windows);
std::unique_ptr<Node> SlidingStdvar(Windows& windows);

}  // namespace fleet_edge::rules
