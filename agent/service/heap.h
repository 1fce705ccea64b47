#pragma once

namespace fleet_edge::agent {

/// Has the heap give back what is freed, at the price of some page faults. Call it first in a
/// process that lives for years, before there are threads.
void BoundHeap();

/// Gives the kernel back what the start needed and the rest of the life does not. Any thread.
void TrimHeap();

}  // namespace fleet_edge::agent
