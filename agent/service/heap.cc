#include "agent/service/heap.h"

#include <malloc.h>

namespace fleet_edge::agent {
namespace {

// By default the allocator raises this threshold to the largest block it has seen freed, and keeps
// all smaller ones: zstd's workspace of 3.6 MB, needed for a moment each second, would stay.
constexpr int kOwnMappingFrom = 256 * 1024;  // bytes

// Arenas, each with its own remains; a dozen threads would have up to eight for each core.
constexpr int kArenas = 2;

}  // namespace

void BoundHeap() {
  mallopt(M_MMAP_THRESHOLD, kOwnMappingFrom);
  mallopt(M_ARENA_MAX, kArenas);
}

void TrimHeap() { malloc_trim(0); }

}  // namespace fleet_edge::agent
