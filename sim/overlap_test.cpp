// Layers that work on neighbouring frames: frames at any distance, sequences that end with nothing behind them, a host
// that halts in between, and faults in the sequencer that these tests must find.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <deque>

#include "base/file.hpp"
#include "base/test_directory.hpp"
#include "host_session.hpp"
#include "network/graph_zoo.hpp"

using namespace erngen;

namespace {

/// LSTMs with a projection below a dense layer, each a frame behind the other; a GRU of each kind above an LSTM, with
/// states before the first frame, in two groups. Their benches are built once.
std::deque<SystemDesign>& designs() {
  static TestDirectory directory;
  static std::deque<SystemDesign> all;
  if (!all.empty()) return all;
  NetworkShape lstm;
  lstm.input = 6;
  lstm.hidden = 12;
  lstm.projection = 8;
  lstm.layers = 2;
  lstm.dense = 3;
  lstm.block.all = {4, 4, 4, 1};
  EngineShape three{4, 4, 2, 2, 1, 2};
  three.frames = 3;
  NetworkShape bottom = lstm;
  bottom.layers = 1;
  bottom.dense = 0;
  Network mixed = with_grus(random_network(bottom));
  Rng states(4);
  set_initial_states(mixed, states);
  EngineShape two{8, 4, 2, 2, 1, 2};
  two.frames = 2;
  all.push_back(make_system_design(random_network(lstm), three, directory / "three", 1, 5));
  all.push_back(make_system_design(mixed, two, directory / "two", 1, 5));
  return all;
}

/// Sends frames one at a time with every number of idle cycles between them up to two runs and some: the next frame
/// meets each state of those before it. Every fifth ends its sequence.
void send_at_all_distances(HostSession& host, int run_cycles) {
  for (int idle = 0; idle < 2 * run_cycles + 20; ++idle) {
    host.add_frame(0, idle % 5 == 4);
    host.line("start 1");
    host.line("idle {}", idle);
  }
  host.line("finish");
}

}  // namespace

TEST_CASE("frames at all distances come out, also when nothing follows") {
  for (const SystemDesign& design : designs()) {
    HostSession host(design);
    send_at_all_distances(host, design.plan.program.run_cycles);
    host.frames(1, 0);
    host.line("idle 300");
    host.frames(1);
    host.halt();
    for (const Json& state : host.states(0)) host.expect_state(state, host.model_state(state));
    check(host.run());
    check(host.run(3));
  }
}

TEST_CASE("halted at any moment, all layers are behind the same frame") {
  for (const SystemDesign& design : designs()) {
    HostSession host(design);
    const int moments = design.plan.shape.frames * design.plan.program.run_cycles + 40;
    const int fill = design.plan.shape.frames * design.plan.program.run_cycles + 100;
    const std::vector<Json> states = host.states(0);
    std::vector<std::vector<std::int32_t>> written;  // what each halt writes; empty: it clears
    host.halt();
    host.line("start all");
    host.line("idle 300");
    host.resume();
    for (int moment = 0; moment < moments; ++moment) {
      host.line("idle {}", moment);
      host.halt();
      host.line("read {:#x}", +reg::frames);
      const Json& state = states[moment % states.size()];
      host.read_state(state);
      if (moment % 3 == 0) {
        written.emplace_back();
        host.write(reg::state_clear, 1);
      } else {
        written.push_back(host.random_state(state));
        host.write_state(state, written.back());
      }
      host.resume();
      if (moment % 3 == 0) host.line("idle {}", fill);  // a frame comes out, so that there is a state to write
    }
    host.line("finish");

    // How many frames each moment leaves is for the hardware to say; states and words then are not.
    const int cycles = moments * (moments / 2 + fill / 3);
    const int frames = cycles / design.plan.program.run_cycles + 5 * moments;
    SimulationRequest request = host.request();
    Rng rng(11);
    std::vector<std::vector<std::int32_t>> inputs;
    for (int t = 0; t < frames; ++t) {
      inputs.push_back(random_frame(design.network, rng));
      request.stimulus.frames.push_back({0, false});
      request.stimulus.inputs.insert(request.stimulus.inputs.end(), inputs.back().begin(), inputs.back().end());
    }
    request.stimulus.expected.assign(static_cast<size_t>(frames) * request.stimulus.output_size, 0);
    const SimulationReport first = simulate(request);
    size_t done = 0, at = 0;
    bool fresh = true;
    request.stimulus.expected.clear();
    std::vector<std::int32_t> y(request.stimulus.output_size);
    const auto run_to = [&](size_t count) {
      for (; done < count; ++done, fresh = false) {
        host.model(0).step(inputs[done], y);
        request.stimulus.expected.insert(request.stimulus.expected.end(), y.begin(), y.end());
      }
    };
    for (int moment = 0; moment < moments; ++moment) {
      const Json& state = states[moment % states.size()];
      run_to(first.reads.at(at++).second);
      std::vector<std::int32_t> values(state.at("size").get<size_t>());
      for (std::int32_t& v : values) v = static_cast<std::int32_t>(first.reads.at(at++).second);
      CAPTURE(moment);
      REQUIRE((moment == 0 || !fresh));
      if (!fresh) CHECK(values == host.model_state(state));
      fresh = written[moment].empty();
      if (fresh)
        host.model(0).reset();
      else
        host.set_model_state(state, written[moment]);
    }
    CHECK(at == first.reads.size());
    CHECK(done < inputs.size());
    run_to(inputs.size());
    const SimulationReport second = simulate(request);
    check(second);
    CHECK(second.reads == first.reads);
  }
}

TEST_CASE("faults in what the sequencer does with neighbouring frames are found") {
  const SystemDesign& design = designs().front();
  HostSession waiting(design), spaced(design);
  for (int t = 0; t < 24; ++t) waiting.add_frame(0, t % 5 == 4);
  send_at_all_distances(spaced, design.plan.program.run_cycles);
  SimulationRequest icarus = waiting.request();  // quick, and enough for most
  icarus.script.clear();
  icarus.simulator = Simulator::icarus;
  icarus.watchdog = 3000;
  const auto passes = [](const SimulationRequest& request) {
    try {
      const SimulationReport report = simulate(request);
      return report.mismatches == 0 && report.end == "complete";
    } catch (const Error&) {  // an assertion of a template
      return false;
    }
  };
  REQUIRE(passes(icarus));
  const auto file = design.directory / "rtl/erngen_accelerator_sequencer.v";
  const std::string right = read_file(file);
  const std::pair<std::string, std::string> faults[] = {
      {"{valid_q[SHARES-2:0], admitted_q}", "{valid_q[SHARES-2:0], next_valid_q}"},      // a new frame in each run
      {"{run_parity_q[SHARES-2:0], next_parity_q}", "{SHARES{next_parity_q}}"},          // one parity for all frames
      {"{run_fresh_q[SHARES-2:0], next_fresh_q}", "{SHARES{next_fresh_q}}"},             // one mask for all layers
      {"{run_user_q[SHARES-2:0], next_user_q}", "{SHARES{next_user_q}}"},                // the end with another frame
      {"assign unfinished = |valid_q[SHARES-2:0];", "assign unfinished = 1'b0;"},        // the last frame stays
      {"assign unfinished = |valid_q[SHARES-2:0];", "assign unfinished = valid_q[0];"},  // or does not come through
      {"!admitted_q && !flush && waiting", "!admitted_q && waiting"},                    // a frame is taken and lost
      {"wait_q && (admitted_q || unfinished)", "wait_q && admitted_q"}};
  for (const auto& [from, to] : faults) {
    std::string wrong = right;
    const size_t place = wrong.find(from);
    REQUIRE(place != std::string::npos);
    wrong.replace(place, from.size(), to);
    write_file_atomically(file, wrong, Sync::none);
    INFO(from, " -> ", to);
    CHECK((!passes(icarus) || !passes(spaced.request())));
  }
  write_file_atomically(file, right, Sync::none);
}
