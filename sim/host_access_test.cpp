// A host at the registers: identity, halting, states read and written, errors, weights loaded at run time.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <deque>

#include "base/test_directory.hpp"
#include "host_session.hpp"
#include "network/graph_zoo.hpp"
#include "plan/output_shifts.hpp"

using namespace erngen;

namespace {

/// An LSTM on two column lanes; a GRU with blocks smaller than a row, padding, and a vector with two spectra; a GRU of
/// each kind above an LSTM with a projection, with states of more bits than vectors, that one also at the lowest level
/// of the pipeline; every operation, with constants and tables that the host loads, input and results two blocks at a
/// time on three column lanes. All with states in the banks of two ports.
std::deque<SystemDesign>& designs() {
  static TestDirectory directory;
  static std::deque<SystemDesign> all;
  if (!all.empty()) return all;
  NetworkShape lstm;
  lstm.input = 6;
  lstm.hidden = 12;
  lstm.dense = 3;
  lstm.block.all = {4, 4, 4, 1};
  all.push_back(make_system_design(lstm, {4, 4, 2, 2, 2, 2}, directory / "lstm"));
  NetworkShape gru;
  gru.cell = CellKind::gru;
  gru.reset = Reset::before;
  gru.input = 5;
  gru.hidden = 10;
  gru.dense = 3;
  gru.block.all = {4, 8, 1, 2};
  all.push_back(make_system_design(gru, {8, 4, 2, 2, 2, 2}, directory / "gru"));
  lstm.dense = 0;
  lstm.projection = 8;
  gru.input = 8;
  gru.dense = 0;
  gru.block.all = {4, 4, 4, 1};
  NetworkShape top = gru;
  top.reset = Reset::after;
  top.input = 10;
  top.hidden = 7;
  Network mixed = random_network(lstm);
  for (const NetworkShape& shape : {gru, top})
    for (const Node& node : random_network(shape).nodes) mixed.append(node.layer);
  Rng states(4);
  set_initial_states(mixed, states);
  EngineShape shape{4, 4, 2, 2, 2, 2};
  all.push_back(make_system_design(mixed, shape, directory / "mixed", 1, 5));
  shape.pipeline = lowest_pipeline;
  all.push_back(make_system_design(mixed, shape, directory / "shallow", 1, 5));
  const NumberFormats& formats = all.back().network.formats;
  REQUIRE(formats.state_width > formats.activation_width);
  REQUIRE(output_shifts(all.back().network, OutputShifts::state).size() > 1);
  LayerDraw draw(5);
  Network every;
  every.input_size = 33;
  constexpr int x = Node::network_input;
  LstmLayer peephole = draw.lstm(33, 12, 4);
  for (auto& weights : peephole.peephole)
    for (int n = 0; n < 12; ++n) weights.push_back(0.1f * static_cast<float>(n - 6));
  every.nodes = {{peephole, {x}, ""},
                 {draw.gru(12, 10, 4, Reset::before), {0}, ""},
                 {draw.gru(10, 9, 2), {1}, ""},
                 {draw.rnn(9, 9, Nonlinearity::relu, 4), {2}, ""},
                 {draw.rnn(9, 12, Nonlinearity::tanh, 4), {3}, ""},
                 {draw.dense(12, 9, Nonlinearity::sigmoid, 4), {4}, ""},
                 {draw.dense(21, 10, {}, 1), {4, 5}, ""}};
  every.outputs = {6, 5};
  set_initial_states(every, states);
  every.validate();
  shape = {4, 4, 3, 2, 2, 2, 2};
  shape.loadable = Loadable::tables;
  PlanOptions beats;
  beats.input_beat = 8;
  all.push_back(make_system_design(every, shape, directory / "every", 1, 5, beats));
  const Plan& plan = all.back().plan;
  REQUIRE(plan.shape.ports == 2);
  REQUIRE(plan.shape.input_ports == 2);
  REQUIRE(all.back().network.formats.state_width > all.back().network.formats.activation_width);
  return all;
}

}  // namespace

TEST_CASE("the CRC is the one of IEEE 802.3") {
  const std::string digits = "123456789";  // its published check value
  CHECK(crc32({reinterpret_cast<const std::uint8_t*>(digits.data()), digits.size()}) == 0xcbf43926u);
}

TEST_CASE("identity, counters, status and errors") {
  for (const SystemDesign& design : designs()) {
    const EngineShape& engine = design.plan.shape;
    HostSession host(design);
    host.expect(reg::version, 0x00010203);
    host.expect(reg::configuration, static_cast<std::uint32_t>(std::stoul(
                                        design.manifest.at("configuration").get<std::string>(), nullptr, 16)));
    host.expect(reg::shape, static_cast<std::uint32_t>(engine.contexts << 24 | engine.columns << 16 | engine.rows << 8 |
                                                       engine.words));
    host.expect(reg::status, 0);
    host.expect(reg::control, 0);
    host.expect(reg::frames, 0);
    host.frames(3);
    host.expect(reg::frames, 6);
    host.line("read {:#x}", +reg::cycles_low);
    host.line("read {:#x}", +reg::cycles_high);
    host.line("idle 100");
    host.line("read {:#x}", +reg::cycles_low);
    host.write(reg::window, 0x1234);
    // Addresses outside the map: a hole, its end, below a word, the window's end.
    for (const std::uint32_t address :
         {0x3cu, 0x5cu, 0x70u, 0x100u, 0x3fcu, 0x02u, 0x401u, 0x400u + 4 * engine.words, 0x500u, 0xfffcu}) {
      host.line("read_error {:#x}", address);
      host.line("write_error {:#x} 1", address);
    }
    host.expect(reg::window, 0x1234);
    host.expect(reg::version, 0x00010203);  // an error leaves nothing behind
    // State access needs a halted engine and an existing stream.
    host.line("write_error {:#x} 0", +reg::state_command);
    host.line("write_error {:#x} 1", +reg::state_command);
    host.halt();
    host.expect(reg::status, 2);
    host.expect(reg::control, 1);
    host.write(reg::state_command, 0x100);
    host.line("write_error {:#x} 0x200", +reg::state_command);
    host.resume();
    host.expect(reg::control, 0);
    host.frames(2);
    host.expect(reg::status, 0, 0x1c);
    const SimulationReport report = host.run();
    check(report);
    REQUIRE(report.reads.size() == 3);
    CHECK(report.reads[1].second == 0);
    CHECK(report.reads[2].second > report.reads[0].second + 100);
    CHECK(report.reads[2].second < report.reads[0].second + 200);
  }
}

TEST_CASE("states are read, written, copied and cleared") {
  for (const SystemDesign& design : designs()) {
    HostSession host(design);
    const auto expect_all = [&] {
      for (int stream = 0; stream < 2; ++stream)
        for (const Json& state : host.states(stream)) host.expect_state(state, host.model_state(state));
    };
    host.frames(5);
    host.halt();
    expect_all();
    // Any value of the formats is a state.
    for (const Json& state : host.states(1)) {
      const auto values = host.random_state(state);
      host.write_state(state, values);
      host.set_model_state(state, values);
    }
    host.resume();
    host.frames(4);
    host.halt();
    expect_all();
    // Stream 0 goes on where stream 1 is.
    const auto from = host.states(1), to = host.states(0);
    REQUIRE(from.size() == to.size());
    for (size_t n = 0; n < to.size(); ++n) {
      const auto values = host.model_state(from[n]);
      host.write_state(to[n], values);
      host.set_model_state(to[n], values);
    }
    host.resume();
    host.frames(3, 1);  // after this stream 1 has no state
    host.halt();
    for (const Json& state : host.states(1)) {
      const auto values = host.random_state(state);
      host.write_state(state, values);
      host.set_model_state(state, values);
    }
    host.resume();
    host.frames(2);
    host.write(reg::state_clear, 1);
    host.model(0).reset();
    host.frames(3);
    host.write(reg::state_clear, 2);
    host.model(1).reset();
    host.write(reg::state_clear_high, 3);  // streams 32 and 33: not here
    host.frames(3);
    host.halt();  // frames lie side by side, whichever comes first
    for (const int stream : {1, 0, 0, 1}) host.add_frame(stream);
    host.line("start 4");
    host.line("idle 200");
    host.resume();
    host.line("finish");
    check(host.run());
    check(host.run(3));
  }
}

TEST_CASE("halting at any moment leaves whole frames, and a written state is the next frame's") {
  for (const SystemDesign& design : designs()) {
    HostSession host(design);
    const int moments = static_cast<int>(design.plan.program.run_cycles) + 40;
    struct Halt {
      Json state;
      std::vector<std::int32_t> values;
    };
    std::vector<Halt> halts;
    host.halt();
    host.line("start all");
    host.line("idle 400");  // both streams wait
    host.resume();
    for (int moment = 0; moment < moments; ++moment) {
      host.line("idle {}", moment);
      host.halt();
      host.line("read {:#x}", +reg::frames);
      const Json state = host.states(moment % 2).back();
      REQUIRE(state.at("kind") == "vector");
      halts.push_back({state, host.random_state(state)});
      host.write_state(state, halts.back().values);
      host.resume();
    }
    host.line("finish");

    // How many frames each moment leaves is for the hardware to say; what comes out then is not.
    const int frames = 3 * moments;
    SimulationRequest request = host.request();
    Rng rng(11);
    std::vector<std::vector<std::int32_t>> inputs;
    for (int n = 0; n < 2 * frames; ++n) {
      inputs.push_back(random_frame(design.network, rng));
      request.stimulus.frames.push_back({n % 2, false});
      request.stimulus.inputs.insert(request.stimulus.inputs.end(), inputs.back().begin(), inputs.back().end());
    }
    request.stimulus.expected.assign(static_cast<size_t>(2 * frames) * request.stimulus.output_size, 0);
    const SimulationReport first = simulate(request);
    REQUIRE(first.reads.size() == halts.size());
    size_t done = 0;
    request.stimulus.expected.clear();
    std::vector<std::int32_t> y(request.stimulus.output_size);
    const auto run_to = [&](size_t count) {
      for (; done < count; ++done) {
        host.model(static_cast<int>(done % 2)).step(inputs[done], y);
        request.stimulus.expected.insert(request.stimulus.expected.end(), y.begin(), y.end());
      }
    };
    for (size_t n = 0; n < halts.size(); ++n) {
      REQUIRE(first.reads[n].second % 2 == 0);
      run_to(first.reads[n].second);
      host.set_model_state(halts[n].state, halts[n].values);
    }
    CHECK(done < inputs.size());
    run_to(inputs.size());
    const SimulationReport second = simulate(request);
    check(second);
    CHECK(second.reads == first.reads);
  }
}

namespace {

/// The network with weights and constants in another order, and with tables that are lower where they are low.
QuantNetwork other_numbers(const QuantNetwork& network, Loadable loadable) {
  QuantNetwork other = network;
  for (auto& phase : other.graph.phases) {
    for (auto& part : phase.parts)
      for (auto& term : part.terms)
        for (auto& matrix : term.matrices) std::reverse(matrix.words.begin(), matrix.words.end());
    if (loadable == Loadable::weights) continue;
    for (auto* constants : {&phase.bias, &phase.peephole, &phase.first_bias})
      for (auto& values : *constants) std::reverse(values.begin(), values.end());
    std::reverse(phase.initial.begin(), phase.initial.end());
  }
  if (loadable == Loadable::tables)
    for (ActivationUnit* unit : {&other.sigmoid, &other.tanh}) {
      std::vector<std::int32_t> entries = unit->entries();
      for (size_t n = 0; n < entries.size() / 2; ++n) entries[n] -= entries[n] / (unit == &other.tanh ? 8 : 16);
      *unit = ActivationUnit(unit->shape(), entries, unit->slopes());
    }
  return other;
}

}  // namespace

TEST_CASE("weights of another network are loaded at run time") {
  TestDirectory directory;
  std::deque<SystemDesign> all = designs();
  NetworkShape shape;  // with lanes by Winograd's inner product, on blocks of two sizes
  shape.input = 6;
  shape.hidden = 12;
  shape.block.all = {4, 2, 1, 1};
  for (const LaneForm form : {LaneForm::bins, LaneForm::blocks}) {
    EngineShape engine{4, 4, 2, 2, 1, 1};
    engine.form = form;
    all.push_back(make_system_design(shape, engine, directory / name_of(form)));
  }
  for (const SystemDesign& design : all) {
    const QuantNetwork other = other_numbers(design.network, design.plan.shape.loadable);
    HostSession host(design);
    host.frames(3);
    host.halt();
    host.load_weights(other);
    host.write(reg::state_clear, 3);
    host.use(other);
    host.resume();
    host.frames(5);
    host.halt();
    host.load_weights(design.network);
    host.write(reg::state_clear, 3);
    host.use(design.network);
    host.resume();
    host.frames(5);
    check(host.run());
  }
}
