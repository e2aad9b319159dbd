#include "plan/program.hpp"

#include <algorithm>

namespace erngen {

ControlWord<SegmentField> segment_fields(const Segment& s) {
  ControlWord<SegmentField> word;
  word[SegmentField::gap] = s.gap;
  word[SegmentField::steps] = s.steps;
  word[SegmentField::weight_row] = s.weight_row;
  word[SegmentField::row] = s.row;
  word[SegmentField::source] = static_cast<int>(s.source);
  word[SegmentField::dynamic] = s.dynamic;
  word[SegmentField::previous] = s.previous;
  word[SegmentField::mode] = s.mode;
  word[SegmentField::first] = s.first;
  word[SegmentField::last] = s.last;
  word[SegmentField::begin] = s.begin;
  word[SegmentField::end] = s.end;
  word[SegmentField::release] = s.release;
  word[SegmentField::context] = s.context;
  word[SegmentField::pass] = s.pass;
  word[SegmentField::stages] = s.stages;
  word[SegmentField::seam] = s.seam;
  word[SegmentField::seam_row] = s.seam_row;
  return word;
}

namespace {

int differing_bits(const std::vector<Segment>& segments) {
  DifferingBits<SegmentField> bits;
  for (const Segment& segment : segments) bits.add(segment_fields(segment));
  return bits.count(false);
}

}  // namespace

ProgramSize::ProgramSize(const Program& program)
    : segments(static_cast<std::int64_t>(program.segments.size())),
      passes(static_cast<std::int64_t>(program.passes.size())),
      segment_bits(differing_bits(program.segments)),
      pass_bits(program.pass_bits),
      weight_rows(program.weight_rows),
      run_cycles(program.run_cycles),
      last_output(program.output_blocks.empty() ? 0 : program.output_blocks.front().back()),
      queue_depth(program.queue_depth),
      queue(program.queue),
      seams(
          std::any_of(program.segments.begin(), program.segments.end(), [](const Segment& s) { return s.seam > 0; })) {}

}  // namespace erngen
