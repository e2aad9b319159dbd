// LUTs and flip-flops of the spectral path's units, by counting adders, multiplexers, delays and registers.
//
// Counted for six-input LUTs with carry chains: one LUT a bit of an adder, one SRL a bit of a delay. The counts
// are compared with Yosys 0.23 (synth_xilinx -family xc7) in units_test.cpp, which gives the deviations.
#pragma once

#include <bit>

#include "base/bits.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"
#include "units/trees.hpp"

namespace erngen {

struct Area {
  int lut = 0;
  int ff = 0;
  friend Area operator+(Area a, Area b) { return {a.lut + b.lut, a.ff + b.ff}; }
};

/// One stage M of a transform of `words`, from words of `width` bits to one more; `bypass`: it can be bypassed.
constexpr Area transform_stage_area(int words, int m, int width, bool bypass, bool inverse) {
  const int out = width + 1, groups = words / m;
  Area area;
  if (m <= 4) {
    const int adders = m == 2 ? words : 3 * words / 4;  // bin m/4 is a copy and a negation
    area = {adders * out, words * out};
  } else {
    const int rotations = groups * (m / 4 - 1);
    const int held = bypass ? words : groups * (m / 2 + 2);  // E, and the real bins of O
    const int operand = inverse ? out : width;               // bits that are rotated and held
    area.lut = groups * (m - 1) * out + rotations * 2 * (operand + 19) + held * operand;
    // A delay takes the registers around it into its SRL: the previous stage's, or the inverse stage's own two;
    // so does a DSP block, of words that only it reads.
    area.ff = inverse ? 3 * rotations * out : words * out + rotations * (bypass ? out : out - 2 * width) - held * width;
  }
  if (bypass) area.lut += words * out;
  return area;
}

/// ern_fft.
constexpr Area fft_area(int words, int modes, int in_width, int drop) {
  const int used = std::popcount(static_cast<unsigned>(modes));
  Area area{(used - 1) * words * in_width, 0};
  for (int s = 1; s <= top_mode(modes); ++s)
    area = area + transform_stage_area(words, 1 << s, in_width + s - 1, (modes & ((1 << s) - 1)) != 0, false);
  if (drop > 0) area = area + Area{words * fft_out_width(modes, in_width, drop), words * fft_out_width(modes, in_width, drop)};
  return area;
}

/// ern_ifft.
constexpr Area ifft_area(int words, int modes, int in_width, int reference) {
  const int used = std::popcount(static_cast<unsigned>(modes));
  Area area;
  for (int s = top_mode(modes), width = in_width + 1; s >= 1; --s, ++width)
    area = area + transform_stage_area(words, 1 << s, width, (modes & ((1 << s) - 1)) != 0, true);
  if (used > 1) {
    const int out = words * ifft_out_width(in_width, reference);
    area = area + Area{(used - 1) * out, out};
  }
  return area;
}

/// ern_lane besides its DSP blocks: the pre-adders' operand registers, which Yosys leaves outside.
constexpr Area lane_area(int words, int w) { return {1, (words / 2 - 1) * (2 * w + 1)}; }

/// ern_column.
constexpr Area column_area(int words, int modes, int sx) {
  const int pairs = words / 2 - 1;
  if (modes == words) return {words * sx + pairs * (sx + 1), lane_operand_bits(words, sx)};
  int levels = 0;
  for (int r = 1; r <= log2_exact(words); ++r) levels += (modes & ((1 << r) - 1)) != 0;
  return {levels * words * sx + pairs * 3 * sx, lane_operand_bits(words, sx) + words * sx};
}

/// ern_recombine with `shifts` shifts: combination, shift selection, saturation.
constexpr Area recombine_area(int words, int modes, int acc, int wd, int shifts) {
  const int combined = (words - 2) * (acc + 1);
  return {combined + (single_mode(modes) ? 0 : (words - 2) * acc / 2) + (shifts - 1) * words * (wd + 2) + words * (wd + 4),
          words * (acc + 1) + words * (wd + 2) + words * wd};
}

/// ern_drain_mux: a LUT a bit for 4 words or for the rest of them, two for 8; the selection in each level and before the first.
constexpr Area drain_mux_area(int n, int width) {
  if (n == 1) return {0, 8};
  Area area{0, 2};
  int left = ceil_div(n, 4);
  area = area + Area{left * width, left * width};
  for (; left > 1; left = ceil_div(left, 8)) area = area + Area{ceil_div(left, 4) * width, ceil_div(left, 8) * width + 3};
  return area;
}

/// ern_adder_tree.
constexpr Area adder_tree_area(int n, int values, int width, int out_width) {
  Area area;
  for (int left = n, bits = width; left > 1; left = ceil_div(left, 2)) {
    bits = bits < out_width ? bits + 1 : out_width;
    area = area + Area{left / 2 * values * bits, ceil_div(left, 2) * values * bits};
  }
  return area;
}

}  // namespace erngen
