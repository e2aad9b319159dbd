#include "plan/program.hpp"

#include <algorithm>
#include <bit>

namespace erngen {

std::array<std::pair<int, int>, 18> segment_fields(const Segment& s) {
  return {{{s.gap, 16},
           {s.steps, 16},
           {s.weight_row, 20},
           {s.row, 16},
           {static_cast<int>(s.source), 2},
           {s.dynamic, 1},
           {s.previous, 1},
           {s.mode, 3},
           {s.first, 1},
           {s.last, 1},
           {s.begin, 1},
           {s.end, 1},
           {s.release, 1},
           {s.context, 8},
           {s.pass, 12},
           {s.stages, 8},
           {s.seam, 8},
           {s.seam_row, 16}}};
}

namespace {

int differing_bits(const std::vector<Segment>& segments) {
  std::array<unsigned, 18> any{}, all{};
  all.fill(~0U);
  for (const Segment& segment : segments) {
    const auto fields = segment_fields(segment);
    for (size_t n = 0; n < fields.size(); ++n) {
      any[n] |= static_cast<unsigned>(fields[n].first);
      all[n] &= static_cast<unsigned>(fields[n].first);
    }
  }
  int bits = 0;
  for (size_t n = 0; n < any.size(); ++n) bits += std::popcount(any[n] & ~all[n]);
  return bits;
}

}  // namespace

ProgramSize::ProgramSize(const Program& program)
    : segments(static_cast<std::int64_t>(program.segments.size())),
      passes(static_cast<std::int64_t>(program.passes.size())),
      segment_bits(differing_bits(program.segments)),
      pass_bits(program.pass_bits),
      weight_rows(program.weight_rows),
      run_cycles(program.run_cycles),
      last_output(program.output_blocks.empty() ? 0 : program.output_blocks.back()),
      queue_depth(program.queue_depth),
      queue(program.queue),
      seams(
          std::any_of(program.segments.begin(), program.segments.end(), [](const Segment& s) { return s.seam > 0; })) {}

}  // namespace erngen
