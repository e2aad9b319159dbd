// States that a host saves and writes back: what is read, and only that, makes another run go on with the same words.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "base/test_directory.hpp"
#include "host_session.hpp"
#include "network/graph_zoo.hpp"

using namespace erngen;

namespace {

struct Case {
  const char* name;
  Network network;
  EngineShape engine;
  std::optional<std::uint64_t> formats;
};

/// LSTMs with a projection, whose spectra come from the sums: with peepholes and three streams, in one lane pair, below
/// a second one, also with overlap; GRUs of both kinds whose state H is wider than h; LSTM and GRU in one network, also
/// with states before their first frames.
std::vector<Case> cases() {
  std::vector<Case> all;
  NetworkShape lstm;
  lstm.input = 6;
  lstm.hidden = 12;
  lstm.projection = 8;
  lstm.peephole = true;
  lstm.block.all = {4, 4, 4, 1};
  all.push_back({"peephole", random_network(lstm), {4, 8, 2, 2, 3, 2}, {}});
  lstm.layers = 2;
  lstm.peephole = false;
  lstm.dense = 3;
  lstm.block.all = {2, 2, 2, 1};
  all.push_back({"two", random_network(lstm), {4, 4, 1, 1, 1, 1}, {}});
  all.push_back({"overlap", random_network(lstm), {4, 4, 1, 1, 1, 1}, {}});
  all.back().engine.frames = 3;
  NetworkShape gru;
  gru.cell = CellKind::gru;
  gru.reset = Reset::before;
  gru.input = 5;
  gru.hidden = 10;
  gru.block.all = {4, 4, 4, 1};
  all.push_back({"before", random_network(gru), {4, 4, 2, 2, 2, 2}, 5});
  NetworkShape after = gru;
  after.reset = Reset::after;
  after.input = 8;
  after.hidden = 7;
  lstm.layers = 1;
  lstm.dense = 0;
  Network mixed = random_network(lstm);
  for (const Node& node : random_network(after).nodes) mixed.append(node.layer);
  all.push_back({"mixed", mixed, {4, 4, 2, 2, 2, 2}, 5});
  Rng states(4);
  set_initial_states(mixed, states);
  all.push_back({"initial", mixed, {4, 4, 2, 2, 2, 2}, 5});
  return all;
}

}  // namespace

TEST_CASE("a run that begins with saved states goes on as if nothing had happened") {
  TestDirectory directory;
  int spectra = 0, wider = 0;
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    const SystemDesign design = make_system_design(c.network, c.engine, directory / c.name, 1, c.formats);
    wider += design.network.formats.state_width > design.network.formats.activation_width;
    for (const int cut : {1, 4, 7}) {
      HostSession before(design);
      before.frames(cut);
      before.halt();
      for (const Json& state : design.manifest.at("states")) before.read_state(state);
      const SimulationReport saved = before.run();
      check(saved);
      HostSession after(design);
      after.halt();
      size_t at = 0;
      for (const Json& state : design.manifest.at("states")) {
        std::vector<std::int32_t> values(state.at("size").get<size_t>());
        for (std::int32_t& v : values) v = static_cast<std::int32_t>(saved.reads.at(at++).second);
        CHECK(values == before.model_state(state));
        after.write_state(state, values);
        spectra += state.at("kind") == "spectrum";
      }
      CHECK(at == saved.reads.size());
      after.resume();
      after.restore(before.models());
      after.frames(10);
      check(after.run(cut == 4 ? std::optional<std::uint64_t>(9) : std::nullopt));
    }
  }
  CHECK(spectra > 0);
  CHECK(wider == 3);
}

TEST_CASE("what says that a stream has no state is read, too") {
  TestDirectory directory;
  NetworkShape shape;
  shape.input = 4;
  shape.hidden = 4;
  shape.block.all = {4, 4, 4, 4};
  const SystemDesign design = make_system_design(shape, {4, 4, 1, 1, 3, 1}, directory / "design");
  HostSession host(design);
  host.expect(reg::state_clear, 7);
  host.expect(reg::state_clear_high, 0);
  host.frames(2, 1);
  host.expect(reg::state_clear, 2);
  host.write(reg::state_clear, 4);
  host.expect(reg::state_clear, 6);
  host.halt();
  const Json state = host.states(1).front();
  host.write_state(state, host.random_state(state));
  host.expect(reg::state_clear, 4);
  host.line("write_error {:#x} 5", +reg::state_command);  // no spectra to move here
  check(host.run());
}
