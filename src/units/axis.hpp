// Descriptor of the stream edges: ern_axis_in and ern_axis_out.
//
// Frames of `size` elements travel as beats of `beat` elements outside and as blocks of `k` elements inside, both
// powers of two. Cycle counts hold while nothing waits: beats are offered back to back and blocks are taken at once.
#pragma once

#include <algorithm>
#include <span>

#include "base/bits.hpp"

namespace erngen {

/// Bits of a lane of tdata for elements of `width` bits (at most 32); `bytes`: a byte where that holds them.
constexpr int axis_element_bits(int width, bool bytes = false) {
  return bytes && width <= 8 ? 8 : width <= 16 ? 16 : 32;
}

/// Bits of tid and tdest.
constexpr int axis_id_bits(int streams) { return std::max(1, ceil_log2(streams)); }

/// ern_axis_in: cycles from the first beat taken to block `j` of the frame offered. One for the boundary
/// register; one more, unless beats are blocks, in the repacker, which gathers a block from k / beat
/// beats or gives out the blocks of a beat one a cycle.
constexpr int axis_in_block_cycle(int k, int beat, int size, int j) {
  if (beat == k) return 1 + j;
  if (beat > k) return 2 + j;
  const int beats = ceil_div(size, beat);
  return 2 + std::min((j + 1) * (k / beat), beats) - 1;
}

/// ern_axis_out: cycle in which the frame's last beat is offered, when block j arrives in cycle arrivals[j]
/// (ascending, one a block). Three cycles in the FIFO, one in the boundary register; one more in the repacker
/// unless beats are blocks. A block of several beats holds up the next one.
constexpr int axis_out_last_beat(int k, int beat, int size, std::span<const int> arrivals) {
  if (beat == k) return arrivals.back() + 4;
  if (beat > k) return arrivals.back() + 5;
  const int parts = k / beat;
  const int last_parts = ceil_div(size, beat) - (static_cast<int>(arrivals.size()) - 1) * parts;
  int begin = 0;  // of the block's first beat in the repacker
  int free = 0;   // when the repacker can take the next block
  for (const int arrival : arrivals) {
    begin = std::max(arrival + 4, free);
    free = begin + parts;
  }
  return begin + last_parts;
}

/// Words of RAM that ern_axis_out needs for `frames` frames.
constexpr int axis_out_capacity(int k, int size, int frames) { return std::max(2, frames * ceil_div(size, k)); }

}  // namespace erngen
