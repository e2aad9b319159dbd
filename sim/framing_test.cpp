// A design whose host says by registers whose the input is and how long sequences are, and that gives their last frames
// only: the registers themselves, resets, the interrupt. The bench writes them between what the script does.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "base/test_directory.hpp"
#include "host_session.hpp"

using namespace erngen;

namespace {

/// Three streams, frames of three beats in and two out, without tlast.
struct Fixture {
  TestDirectory directory;
  SystemDesign design;
  Fixture() {
    NetworkShape shape;
    shape.cell = CellKind::gru;
    shape.input = 10;
    shape.hidden = 12;
    shape.dense = 7;
    shape.block.all = {4, 4, 4, 1};
    PlanOptions options;
    options.input_beat = options.output_beat = 4;
    options.protocol.sequence_end = SequenceEnd::frames;
    options.protocol.stream_by = StreamChoice::selected;
    options.protocol.input_tlast = false;
    options.protocol.tlast_per_sequence = true;
    options.protocol.tkeep = true;
    options.ends_only = true;
    design = make_system_design(random_network(shape), {4, 4, 1, 2, 3, 1, 1}, directory / "design", 1, {}, options);
    REQUIRE(design.plan.input.beats() == 3);
    REQUIRE(design.plan.output.beats() == 2);
  }
};

Fixture& fixture() {
  static Fixture all;
  return all;
}

/// Frames of all streams in random order, some of them the last of a sequence; the script sends them.
void add_frames(HostSession& host, int count) {
  for (int n = 0; n < count; ++n) host.add_frame(static_cast<int>(host.rng().below(3)), host.rng().below(4) == 0);
}

}  // namespace

TEST_CASE("sequences of any length on any stream give their last frames") {
  HostSession host(fixture().design);
  for (int n = 0; n < 10; ++n) {
    add_frames(host, 12);
    host.line("frames 12");
  }
  check(host.run());
  check(host.run(5));
}

TEST_CASE("the registers hold what they may and refuse the rest") {
  HostSession host(fixture().design);
  host.expect(reg::sequence_frames, 0);
  host.expect(reg::stream, 0);
  host.write(reg::sequence_frames, 0xffff);
  host.line("write_error {:#x} 0x10000", +reg::sequence_frames);
  host.expect(reg::sequence_frames, 0xffff);
  host.write(reg::stream, 2);
  for (const std::uint32_t none : {3u, 4u, 0x80000000u}) host.line("write_error {:#x} {:#x}", +reg::stream, none);
  host.expect(reg::stream, 2);
  host.write(reg::control, 2);  // a reset by the host keeps them
  host.expect(reg::sequence_frames, 0xffff);
  host.expect(reg::stream, 2);
  host.line("reset 1");
  host.expect(reg::sequence_frames, 0);
  host.expect(reg::stream, 0);
  add_frames(host, 6);
  host.line("frames 6");
  check(host.run());
}

TEST_CASE("a reset in the middle of sequences begins counting anew") {
  HostSession host(fixture().design);
  for (int n = 0; n < 12; ++n) {
    add_frames(host, 9);
    host.line("start 9");
    host.line("idle {}", host.rng().below(900));
    host.line("reset 1");
    host.reset_models();
  }
  add_frames(host, 30);
  host.line("frames 30");
  check(host.run());
  check(host.run(6));
}

TEST_CASE("the interrupt counts the frames that leave") {
  HostSession host(fixture().design);
  host.write(reg::interrupt_frames, 2);
  const auto send = [&](bool end) {
    for (int t = 0; t < 3; ++t) host.add_frame(1, end && t == 2);
    host.line("frames 3");
    host.line("idle 2000");
  };
  send(false);
  host.expect(reg::interrupt_cause, 0);
  host.expect(reg::frames, 3);  // computed
  send(true);
  host.expect(reg::interrupt_cause, 1);
  send(true);
  host.expect(reg::interrupt_cause, 3);
  check(host.run());
}
