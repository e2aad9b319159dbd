// What the ports promise when something goes wrong: resets at any time, broken frames, errors, refused accesses, the
// interrupt.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <fstream>

#include "base/file.hpp"
#include "base/test_directory.hpp"
#include "host_session.hpp"

using namespace erngen;

namespace {

enum : std::uint32_t { halt_bit = 1, reset_bit = 2, keep_bit = 4, count_frames_bit = 8 };
enum : std::uint32_t {
  error_frame = 4,
  error_stream = 8,
  error_overflow = 16,
  error_queue = 32,
  error_weights = 64,
  all_errors = 0x7c
};

/// Three streams, so that tid can name none of them; frames of three beats in and two out; several tiles leave in one
/// beat, in a queue.
struct Fixture {
  TestDirectory directory;
  SystemDesign design;
  Fixture() {
    NetworkShape shape;
    shape.input = 10;
    shape.hidden = 12;
    shape.projection = 8;
    shape.dense = 23;
    shape.block.all = {4, 4, 4, 1};
    PlanOptions beats;
    beats.input_beat = beats.output_beat = 4;
    design = make_system_design(random_network(shape), {4, 8, 4, 4, 3, 1, 1}, directory / "design", 1, {}, beats);
    REQUIRE(design.plan.input.beats() == 3);
    REQUIRE(design.plan.output.beats() == 6);
    REQUIRE(design.plan.program.queue);
  }
};

Fixture& fixture() {
  static Fixture all;
  return all;
}

}  // namespace

TEST_CASE("a reset of one cycle at any time leaves nothing of before") {
  HostSession host(fixture().design);
  Rng rng(3);
  for (int n = 0; n < 60; ++n) {
    for (int t = 0; t < 8; ++t)
      for (int s = 0; s < 3; ++s) host.add_frame(s, rng.below(5) == 0);
    host.line("start 24");
    host.line("idle {}", rng.below(3 * static_cast<std::uint64_t>(fixture().design.plan.program.run_cycles)));
    host.line("reset {}", n < 40 ? 1 : 1 + rng.below(4));
    host.reset_models();
    if (n % 5 == 0) {
      host.expect(reg::frames, 0);
      host.expect(reg::status, 0, ~3u);
      host.expect(reg::state_clear, 7);
    }
  }
  host.frames(5);
  check(host.run());
  check(host.run(4));
}

TEST_CASE("a broken frame is dropped and reported, and the next one is whole") {
  for (const std::uint64_t stalls : {0, 1}) {
    HostSession host(fixture().design);
    int dropped = 0;
    const auto broken = [&](int stream, FrameFault fault) {
      const bool foreign = fault == FrameFault::foreign;
      host.add_broken_frame(stream, fault);
      host.add_frame((stream + 1) % 3);
      host.line("frames {}", fault == FrameFault::last_lost ? 3 : 2);
      host.expect(reg::status, foreign ? error_stream : error_frame, all_errors);
      host.expect(reg::frames_dropped, ++dropped);
      host.write(reg::status, 0);
      host.expect(reg::status, 0, all_errors);
    };
    host.frames(2);
    for (const FrameFault fault :
         {FrameFault::first_lost, FrameFault::last_lost, FrameFault::repeated, FrameFault::turns, FrameFault::foreign})
      for (int stream = 0; stream < 3; ++stream) broken(stream, fault);
    host.expect(reg::frames, 6 + 15);
    // Many in a row, back to back with whole ones.
    Rng rng(2);
    int sent = 0;
    for (int n = 0; n < 60; ++n, ++sent) {
      const auto fault = static_cast<FrameFault>(rng.below(6));
      const int stream = static_cast<int>(rng.below(3));
      if (fault == FrameFault::none)
        host.add_frame(stream, rng.below(4) == 0);
      else
        host.add_broken_frame(stream, fault), ++dropped, sent += fault == FrameFault::last_lost;
    }
    host.line("frames {}", sent);
    host.frames(3);
    host.expect(reg::frames_dropped, dropped);
    check(host.run(stalls ? std::optional(stalls) : std::nullopt));
  }
}

TEST_CASE("with COUNT_FRAMES tlast means nothing") {
  HostSession host(fixture().design);
  host.write(reg::control, count_frames_bit);
  host.frames(2);
  host.add_broken_frame(1, FrameFault::turns);  // tid is looked at
  host.add_frame(2);
  host.line("frames 2");
  host.expect(reg::status, error_frame, all_errors);
  host.expect(reg::frames_dropped, 1);
  host.expect(reg::control, count_frames_bit);
  host.write(reg::status, 1);
  // A lost beat moves the border of frames, until the host resets: three frames of which one beat is missing are no
  // third frame.
  host.halt();
  host.write(reg::control, halt_bit | count_frames_bit);
  host.add_broken_frame(0, FrameFault::first_lost);
  host.line("start 1");
  host.line("idle 500");
  host.line("forget");
  host.write(reg::control, halt_bit | reset_bit | keep_bit | count_frames_bit);
  host.line("idle 10");
  host.line("listen");
  host.write(reg::control, count_frames_bit);
  host.frames(4);
  check(host.run());
}

TEST_CASE("a reset by the host keeps the weights and, if asked, the states") {
  const SystemDesign& design = fixture().design;
  QuantNetwork other = design.network;
  for (auto& phase : other.graph.phases)
    for (auto& part : phase.parts)
      for (auto& term : part.terms)
        for (auto& matrix : term.matrices) std::reverse(matrix.words.begin(), matrix.words.end());
  HostSession host(design);
  host.frames(3);
  host.line("write_error {:#x} {:#x}", +reg::control, reset_bit | keep_bit);  // not halted
  host.frames(1);
  host.halt();
  host.load_weights(other);
  host.write(reg::control, halt_bit | reset_bit);  // right behind the last row
  host.expect(reg::status, 2);
  host.use(other);
  host.resume();
  host.frames(4);
  for (int n = 0; n < 6; ++n) {
    // Frames wait in the buffers of the halted engine, the next one has begun.
    host.halt();
    const size_t before = host.stimulus().frames.size();
    const std::vector<FixedModel> models = host.models();
    for (int t = 0; t < 9; ++t) host.add_frame(t % (n + 1) % 3);
    host.restore(models);
    host.line("start {}", host.stimulus().frames.size() - before);
    host.line("idle {}", 200 + n);
    host.line("forget");
    host.write(reg::control, halt_bit | reset_bit | keep_bit);
    host.expect(reg::frames, 0);
    host.expect(reg::state_clear, 0);
    host.line("idle 400");
    host.line("listen");
    host.resume();
    host.frames(3);
    host.expect(reg::frames, 9);
    // In full flight, without keeping anything.
    for (int t = 0; t < 9; ++t) host.add_frame(t % 3);
    host.line("start 9");
    host.line("idle {}", 37 * n);
    host.line("forget");
    host.write(reg::control, reset_bit);
    host.expect(reg::state_clear, 7);
    host.line("idle 400");
    host.line("listen");
    host.write(reg::status, 0);  // the frame that was cut
    host.reset_models();
    host.frames(3);
  }
  check(host.run());
}

TEST_CASE("a reset ends what a reset by the host has begun") {
  HostSession host(fixture().design);
  host.frames(2);
  for (int n = 0; n < 3; ++n) {
    host.halt();
    if (n > 0) host.write(reg::control, halt_bit | reset_bit);
    host.line("reset 1");
    host.reset_models();
    for (int t = 0; t < 6; ++t) host.add_frame(t % 3);
    host.line("start 6");
    host.line("read {:#x}", +reg::cycles_low);
    host.line("finish");
  }
  const SimulationReport report = host.run();
  check(report);
  REQUIRE(report.reads.size() == 3);
  for (const auto& [address, cycles] : report.reads) CHECK(cycles == report.reads[0].second);  // the bus is free
}

TEST_CASE("the interrupt tells of sequences, of counted frames and of errors") {
  HostSession host(fixture().design);
  const auto expect = [&](std::uint32_t cause, std::uint32_t enable) {
    host.expect(reg::interrupt_cause, cause);
    host.expect(reg::interrupt_enable, enable);
    host.expect(reg::interrupt_status, cause & enable);
    host.line("interrupt {}", (cause & enable) != 0 ? 1 : 0);
  };
  expect(0, 0);
  host.frames(1, 1);  // a sequence ends
  expect(1, 0);
  host.write(reg::interrupt_enable, 1);
  expect(1, 1);
  host.write(reg::interrupt_cause, 6);
  expect(1, 1);
  host.write(reg::interrupt_cause, 1);
  expect(0, 1);
  host.write(reg::interrupt_enable, 6);
  host.write(reg::interrupt_frames, 4);
  host.expect(reg::interrupt_frames, 4);
  host.frames(1);
  expect(0, 6);
  host.add_frame(0);
  host.line("frames 1");
  expect(2, 6);
  host.write(reg::interrupt_cause, 2);
  host.frames(1);
  expect(0, 6);
  host.frames(1);  // the fourth among them
  expect(2, 6);
  host.write(reg::interrupt_cause, 7);
  host.write(reg::interrupt_frames, 0);
  host.frames(2);
  expect(0, 6);
  host.add_broken_frame(0, FrameFault::repeated);
  host.line("frames 1");
  host.line("idle 30");
  expect(4, 6);
  host.write(reg::interrupt_cause, 4);
  expect(0, 6);  // the error itself stays, and does not rise again
  host.add_broken_frame(0, FrameFault::repeated);
  host.line("frames 1");
  host.line("idle 30");
  expect(0, 6);
  host.write(reg::status, 0);
  host.add_broken_frame(0, FrameFault::repeated);
  host.line("frames 1");
  host.line("idle 30");
  expect(4, 6);
  host.write(reg::control, reset_bit);
  host.reset_models();
  expect(0, 6);
  host.frames(2);
  host.line("reset 1");
  host.reset_models();
  host.expect(reg::interrupt_enable, 0);
  check(host.run());
}

TEST_CASE("a halt comes to an end although nobody takes the results") {
  HostSession host(fixture().design);
  host.line("sink 0");
  for (int t = 0; t < 40; ++t) host.add_frame(0);
  host.line("start 40");
  host.line("idle {}", 40 * fixture().design.plan.program.run_cycles);  // no room is left for another frame
  host.halt();
  host.line("sink 1");
  host.resume();
  host.line("finish");
  host.frames(2);
  check(host.run());
}

TEST_CASE("a round that has begun is finished in spite of a halt, however long it takes") {
  HostSession host(fixture().design);
  const int run = fixture().design.plan.program.run_cycles;
  for (int before = 0; before < 12; ++before) {
    host.line("sink 0");
    for (int n = 0; n < before; ++n) {
      host.add_frame(2);
      host.line("start 1");
      host.line("idle {}", 2 * run);
    }
    host.halt();
    host.add_frame(0);
    host.add_frame(1);
    host.line("start 2");
    host.line("idle 100");
    host.resume();
    host.line("idle {}", 2 * run);
    host.write(reg::control, halt_bit);
    host.line("idle {}", 3 * run);
    host.line("read {:#x}", +reg::status);
    host.line("sink 1");
    host.halt();
    host.resume();
    host.line("finish");
  }
  const SimulationReport report = host.run();
  check(report);
  // Once there is room for the first of the two frames alone: their round waits.
  int busy = 0;
  for (const auto& [address, status] : report.reads) busy += (status & 3) == 1;
  CHECK(busy == 1);
}

TEST_CASE("two frames of a stream wait in the halted engine, and do not hold up another stream") {
  HostSession host(fixture().design);
  host.halt();
  for (const int stream : {0, 0, 1}) host.add_frame(stream);
  host.line("start 3");
  host.line("idle 200");
  host.resume();  // one round is admitted
  host.halt();
  host.line("idle {}", 2 * fixture().design.plan.program.run_cycles);
  host.expect(reg::frames, 2);
  host.resume();
  host.line("finish");
  check(host.run());
}

TEST_CASE("a refused access changes nothing and reads zero; after a reset everything can be read") {
  const SystemDesign& design = fixture().design;
  HostSession host(design);
  for (const std::uint32_t address :
       {0x24u, 0x28u, 0x2cu, 0x30u, 0x38u, 0x40u, 0x44u, 0x48u, 0x4cu, 0x54u, 0x60u, 0x64u, 0x68u, 0x6cu})
    host.expect(address, 0);
  for (int n = 0; n < design.plan.shape.words; ++n) host.expect(reg::window + 4 * n, 0);
  host.line("read_error {:#x}", reg::window + 4 * design.plan.shape.words);
  host.line("read_error 0x5c");
  host.line("read_error 0x402");
  for (const std::uint32_t address : {+reg::sequence_frames, +reg::stream}) {  // a design of other options has them
    host.line("read_error {:#x}", address);
    host.line("write_error {:#x} 0x1", address);
  }
  for (const char* strobes : {"0", "1", "2", "7", "8", "14"})
    for (const std::uint32_t address :
         {+reg::control, +reg::status, +reg::state_tile, +reg::weight_data, +reg::weight_crc, +reg::window})
      host.line("write_error {:#x} 0x7 {}", address, strobes);
  host.expect(reg::control, 0);
  host.expect(reg::state_tile, 0);
  host.expect(reg::window, 0);
  host.expect(reg::weight_crc, 0);
  host.line("write_error {:#x} 0x1", +reg::state_command);  // the engine is not halted
  host.expect(reg::state_clear, 7);                         // and no stream has been given a state
  host.expect(reg::state_clear_high, 0);
  host.write(reg::state_row, 0x00120034);
  host.expect(reg::state_row, 0x00120034);
  host.frames(3);
  check(host.run());
}

TEST_CASE("weights with another CRC than was said are seen in STATUS") {
  HostSession host(fixture().design);
  host.halt();
  host.load_weights(fixture().design.network);
  const std::uint32_t crc = host.last_crc();
  host.write(reg::weight_check, crc);
  host.expect(reg::status, 2);
  host.write(reg::weight_check, crc ^ 1u << 17);
  host.expect(reg::status, 2 | error_weights);
  host.expect(reg::interrupt_cause, 4);
  host.write(reg::weight_check, crc);
  host.expect(reg::status, 2 | error_weights);  // it stays
  host.write(reg::status, 0);
  host.expect(reg::status, 2);
  host.resume();
  host.frames(2);
  check(host.run());
}

TEST_CASE("a reset forgets the words of half a row, and where the next ones belong") {
  const SystemDesign& design = fixture().design;
  REQUIRE(ceil_div(weight_bits(Workload(design.network), design.plan.shape), 32) > 1);
  HostSession host(design);
  host.halt();
  host.write(reg::weight_lane, 2);
  host.write(reg::weight_row, 1);
  host.expect(reg::weight_row, 1);
  host.write(reg::weight_data, 0x12345678);
  host.line("reset 1");
  host.reset_models();
  host.halt();
  host.load_weights(design.network, true);
  host.resume();
  host.frames(3);
  check(host.run());
}

TEST_CASE("overflows that no plan allows are seen in STATUS") {
  const auto broken_design = [](const char* name, const std::string& file, auto change) {
    const std::filesystem::path to = fixture().directory / name;
    std::filesystem::copy(fixture().design.directory, to, std::filesystem::copy_options::recursive);
    const std::string before = read_file((to / file).string()), after = change(before);
    REQUIRE(before != after);
    std::ofstream(to / file) << after;
    std::string assertion =
        read_file((to / "rtl/erngen_accelerator_assert.v").string());  // which would end the simulation
    assertion.replace(assertion.find("$finish;"), 8, "");
    std::ofstream(to / "rtl/erngen_accelerator_assert.v") << assertion;
    SystemDesign design = fixture().design;
    design.directory = to;
    return design;
  };
  const auto seen = [](const SystemDesign& design, std::uint32_t bit, const char* wait) {
    HostSession host(design);
    for (int n = 0; n < 30; ++n) host.add_frame(n % 3);
    host.line("{}", wait);
    host.line("start 30");
    host.line("idle 20000");
    host.line("read {:#x}", +reg::status);
    host.line("read {:#x}", +reg::interrupt_cause);
    host.write(reg::status, 0);
    host.line("read {:#x}", +reg::status);
    const SimulationReport report = host.run();
    REQUIRE(report.reads.size() == 3);
    CHECK((report.reads[0].second & all_errors) == bit);
    CHECK((report.reads[1].second & 4) == 4);
    CHECK((report.reads[2].second & all_errors) == 0);
  };
  const std::string top = fmt::format("rtl/{}.v", fixture().design.manifest.at("top").get<std::string>());
  // A queue of one beat.
  seen(broken_design("queue", top,
                     [&](std::string text) {
                       const std::string depth =
                           fmt::format(".QUEUE_DEPTH({})", fixture().design.plan.program.queue_depth);
                       REQUIRE(text.find(depth) != std::string::npos);
                       return text.replace(text.find(depth), depth.size(), ".QUEUE_DEPTH(1)");
                     }),
       error_queue, "sink 1");
  // Every pass's tiles go to the output, which nobody takes: bit 12 of each descriptor, the fourth digit from the end.
  seen(broken_design("output", "images/erngen_accelerator_passes.hex",
                     [](const std::string& text) {
                       std::string changed = text;
                       for (size_t end = changed.find('\n'); end != std::string::npos;
                            end = changed.find('\n', end + 1)) {
                         char& digit = changed[end - 4];
                         digit = "0123456789abcdef"[std::stoi(std::string(1, digit), nullptr, 16) | 1];
                       }
                       return changed;
                     }),
       error_overflow, "sink 0");
}
