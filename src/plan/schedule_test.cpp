// The parts of the scheduler on graphs made by hand.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "plan/placement.hpp"

using namespace erngen;

namespace {

using IntGraph = Graph<std::int32_t>;

Term<std::int32_t> over(int vector, bool previous = false) {
  Term<std::int32_t> term;
  term.vector = vector;
  term.previous = previous;
  return term;
}

/// x of `inputs` elements into an LSTM of 8 cells, block size 4, whose h a linear phase of 4 rows reads.
IntGraph lstm_and_dense(int inputs = 8) {
  IntGraph graph;
  graph.vectors = {{"x", inputs, 0, false, {{4, 0}}}, {"h", 8, 0, true, {{4, 0}}}, {"y", 4, 0, false, {}}};
  graph.phases.resize(2);
  graph.phases[0].op = Op::lstm;
  graph.phases[0].size = 8;
  graph.phases[0].output = 1;
  graph.phases[0].parts = {{4, 0, {over(0), over(1, true)}}};
  graph.phases[1].op = Op::linear;
  graph.phases[1].size = 4;
  graph.phases[1].output = 2;
  graph.phases[1].parts = {{4, 0, {over(1)}}};
  graph.layers = 1;
  return graph;
}

EngineShape shape_of(int rows, int columns, int readout) {
  EngineShape shape;
  shape.words = 4;
  shape.rows = rows;
  shape.columns = columns;
  shape.readout = readout;
  return shape;
}

EngineLatencies latencies() {
  EngineLatencies l;
  l.fetch = 3;
  l.column = l.lane = l.readout_mux = l.adder_tree = l.recombine = 1;  // 9 cycles from a step to the queue
  l.inverse = 3;
  l.forward = 4;
  for (int& cell : l.cell) cell = 6;
  return l;
}

MemoryMap map_with(const std::vector<int>& lanes) {
  MemoryMap map;
  map.vector_lane = lanes;
  map.part_row = {0};  // an input of one part
  return map;
}

/// Everything that places passes of a graph in an engine.
struct Bench {
  Bench(const IntGraph& g, const EngineShape& s) : graph(g), shape(s) {}
  IntGraph graph;
  EngineShape shape;
  EngineLatencies latency = latencies();
  MemoryMap map = map_with({0, 0, 0});
  Overlap overlap{graph, shape};
  PartLayouts layouts{graph, shape, map};
  Readiness readiness{graph, shape, latency, map, overlap};
  Timeline timeline{shape};
  Placement placement{graph, shape, latency, map, layouts, overlap, readiness, timeline, false};

  Timing place(const Job& job) {
    Timing timing;
    placement.place(job, ContextId(0), timing);
    return timing;
  }
  void take(const Job& job, const Timing& timing) {
    const auto& phase = graph.phases[job.phase.value()];
    for (const Piece& piece : timing.pieces) timeline.take_steps(piece.start, piece.rows * layouts(job).rotations);
    timeline.take(timing, placement.beats(job), placement.arrival(timing.last_step), map.vector_lane[phase.output]);
    readiness.note_writes(ContextId(0), VectorId(phase.output), timing.writes);
  }
};

}  // namespace

TEST_CASE("passes: rows of a part in groups, and whether a group ends within a tile") {
  const IntGraph graph = lstm_and_dense();
  const auto whole = list_jobs(graph, shape_of(4, 1, 2), false);
  REQUIRE(whole.size() == 3);  // 8 cells are two tiles of four gates, the dense layer one of one
  CHECK(whole[0].rows == 4);
  CHECK(!whole[0].splits_tile);
  CHECK(whole[1].first_row == 4);
  CHECK(whole[2].phase == PhaseId(1));
  CHECK(whole[2].rows == 1);
  const auto split = list_jobs(graph, shape_of(6, 1, 2), false);
  CHECK(split[0].splits_tile);
  CHECK(split[1].rows == 2);
  CHECK(!split[1].splits_tile);
}

TEST_CASE("passes: what is ready first comes first") {
  IntGraph graph = lstm_and_dense();
  graph.phases[0].parts = {{2, 0, {over(1, true)}}, {4, 0, {over(0)}}};
  const auto jobs = list_jobs(graph, shape_of(8, 1, 1), false);
  CHECK(jobs[0].part == 1);  // over the input
  CHECK(!jobs[0].final);
  CHECK(!jobs[0].use_partial);
  CHECK(jobs[1].part == 0);
  CHECK(jobs[1].final);
  CHECK(jobs[1].use_partial);

  graph = lstm_and_dense();
  graph.phases.insert(graph.phases.begin(), 2, graph.phases[0]);
  graph.phases[0].op = Op::gru_after_state;
  graph.phases[0].parts = {{4, 0, {over(1, true)}}};
  graph.phases[1].op = Op::gru_after_input;
  graph.phases[1].parts = {{4, 0, {over(0)}}};
  graph.phases[2].op = Op::gru_after;
  CHECK(list_jobs(graph, shape_of(8, 1, 1), false)[0].phase == PhaseId(1));
  CHECK(list_jobs(graph, shape_of(8, 1, 1), true)[0].phase == PhaseId(0));
}

TEST_CASE("layout: steps, weight rows and the row that two vectors share") {
  const IntGraph graph = lstm_and_dense();
  MemoryMap map = map_with({0, 0, 0});
  const EngineShape one = shape_of(4, 1, 1);
  const PartLayouts apart(graph, one, map);
  CHECK(apart(PhaseId(0), 0).steps == 4);  // two tiles of x, two of h
  CHECK(apart(PhaseId(0), 0).seam == -1);
  CHECK(apart.weight_rows() == 2 * 4 + 2);  // two groups, and the dense layer over h
  const auto jobs = list_jobs(graph, one, false);
  CHECK(apart.weight_row(jobs[1], 0) == 4);
  CHECK(apart.weight_row(jobs[1], 1) == 6);

  // Three tiles of x in two columns: h begins in lane 1 of their last row.
  const IntGraph wide = lstm_and_dense(12);
  map.vector_lane = {0, 1, 0};
  const EngineShape two = shape_of(4, 2, 1);
  const PartLayouts shared(wide, two, map);
  const PartLayout& layout = shared(PhaseId(0), 0);
  CHECK(layout.seam == 1);
  CHECK(layout.steps == 3);  // instead of two rows each
  REQUIRE(layout.pieces.size() == 3);
  CHECK(layout.reads_input(wide.is_input(wide.phases[0].parts[0].terms[1].vector), 1, 0));
  CHECK(!layout.reads_input(wide.is_input(wide.phases[0].parts[0].terms[1].vector), 1, 1));
  CHECK(shared.weights()[1].seam_term == 0);
  CHECK(shared.weights()[1].seam_column == 2);
  // The input read twice: there is no one row of it to share.
  IntGraph twice = wide;
  twice.phases[0].parts[0].terms.push_back(twice.phases[0].parts[0].terms[0]);
  const PartLayouts whole(twice, two, map);
  CHECK(whole(PhaseId(0), 0).seam == -1);
  CHECK(whole(PhaseId(0), 0).steps == 6);
  CHECK(tiles_of_row(8, 0, 1, two).end == 1);
  CHECK(tiles_of_row(8, 1, 1, two).first == 1);
}

TEST_CASE("readiness: a piece waits for its rows one by one, what is of the frame before for nothing") {
  Bench bench(lstm_and_dense(), shape_of(4, 1, 1));
  const Term<std::int32_t> h = over(1), before = over(1, true);
  const PartLayout& layout = bench.layouts(PhaseId(1), 0);
  const Piece piece{0, 0, 2, 0};
  const auto start = [&](const auto& term) {
    return bench.readiness.piece_start(term, 0, layout, piece, ContextId(0), 5);
  };
  CHECK(start(h) == 5);
  bench.readiness.note_writes(ContextId(0), VectorId(1), {{3, TileId(0)}, {20, TileId(1)}});
  CHECK(start(h) == 20);  // the second row is read in cycle 21
  CHECK(start(before) == 5);
  bench.readiness.note_earlier_reads(ContextId(0), before, layout, {0, 0, 2, 7});
  CHECK(bench.readiness.least_distance() == 20 + 1 - 8);
}

TEST_CASE("readiness: partial sums and a candidate's sums") {
  IntGraph graph = lstm_and_dense();
  graph.phases[1].op = Op::gru_after_input;
  Bench bench(graph, shape_of(4, 1, 1));
  bench.readiness.note_partial(ContextId(0), PhaseId(0), 2, {30, 31});
  CHECK(bench.readiness.partial_stored(ContextId(0), PhaseId(0), 3) == 35);
  CHECK(bench.readiness.sums_ready(ContextId(0), 0, TileId(0)) < 0);
  bench.readiness.note_sums(ContextId(0), PhaseId(1), TileId(0), 40);
  CHECK(bench.readiness.sums_ready(ContextId(0), 0, TileId(0)) == 43);
}

TEST_CASE("timeline: what is taken, and the distance of runs that it needs") {
  const EngineShape shape = shape_of(4, 2, 1);
  Timeline timeline(shape);
  timeline.take_steps(0, 10);
  CHECK(timeline.array_free() == 10);
  Timing timing;
  timing.last_step = 9;
  timing.emissions = {20, 21, 22, 23};
  timing.blocks = {35};
  timing.writes = {{40, TileId(0)}, {40, TileId(1)}, {41, TileId(2)}};
  timing.rested = 27;
  timeline.take(timing, {4, 1, true}, 18, 1);
  CHECK(timeline.readout_free() == 13);
  CHECK(timeline.queue_free() == 24);
  CHECK(timeline.rested() == 27);
  CHECK(timeline.register_taken(35));
  CHECK(!timeline.register_taken(36));
  CHECK(timeline.bank_taken(40, 1));
  CHECK(timeline.bank_taken(40, 0));
  CHECK(timeline.bank_taken(41, 3));  // lanes count modulo the columns
  CHECK(!timeline.bank_taken(41, 0));
  CHECK(timeline.queue_depth() == 4);  // beats arrive in 18 to 21, the first two have left by then
  CHECK(timeline.bound() == 10);
  CHECK(timeline.least_distance(9) == 7);  // folded elements rest until 27, the first tile came in 20
}

TEST_CASE("placement: a pass follows at once, but not before the readout is free") {
  Bench bench(lstm_and_dense(), shape_of(4, 1, 1));  // four stages, passes of four steps
  const auto jobs = list_jobs(bench.graph, bench.shape, false);
  const Timing first = bench.place(jobs[0]);
  CHECK(first.pieces[0].start == 0);
  CHECK(first.last_step == 3);
  CHECK(first.emissions == std::vector<int>{12, 13, 14, 15});
  CHECK(first.blocks == std::vector<int>{15 + 4 + 6 + 1});  // the tile is whole with its last gate
  REQUIRE(first.writes.size() == 1);
  CHECK(first.writes[0].cycle == first.blocks[0] + 4);
  bench.take(jobs[0], first);
  const Timing second = bench.place(jobs[1]);
  CHECK(second.pieces[0].start == 4);
  CHECK(second.last_step == 7);
  bench.take(jobs[1], second);
  // The dense layer reads h: its second tile is there a cycle after it is written.
  const Timing dense = bench.place(jobs[2]);
  CHECK(dense.pieces[0].start == second.writes[0].cycle);
  CHECK(dense.last_step == second.writes[0].cycle + 1);
}

TEST_CASE("placement: short passes wait for the stages of the one before") {
  Bench bench(lstm_and_dense(), shape_of(8, 2, 1));  // eight stages, two steps a pass
  const auto jobs = list_jobs(bench.graph, bench.shape, false);
  const Timing first = bench.place(jobs[0]);
  CHECK(first.last_step == 1);
  bench.take(jobs[0], first);
  CHECK(bench.placement.earliest(jobs[1]) == 9);
  CHECK(bench.timeline.readout_free() == 9);
}

TEST_CASE("placement: the term that is ready comes before the one that is not") {
  IntGraph graph = lstm_and_dense();
  graph.phases[1].parts[0].terms = {over(1), over(0)};
  Bench bench(graph, shape_of(4, 1, 1));
  bench.readiness.note_writes(ContextId(0), VectorId(1), {{30, TileId(0)}, {31, TileId(1)}});
  const auto jobs = list_jobs(bench.graph, bench.shape, false);
  const Timing timing = bench.place(jobs[2]);
  REQUIRE(timing.pieces.size() == 2);
  CHECK(timing.pieces[0].term == 1);
  CHECK(timing.last_step == 32);
}

TEST_CASE("placement: tiles for folded elements keep their distance") {
  EngineShape shape = shape_of(4, 2, 4);  // passes of two steps, a tile each
  shape.folding = 4;
  Bench bench(lstm_and_dense(), shape);
  const auto jobs = list_jobs(bench.graph, bench.shape, false);
  const Timing first = bench.place(jobs[0]);
  CHECK(first.rested == first.emissions[0] + 4);
  bench.take(jobs[0], first);
  CHECK(bench.place(jobs[1]).emissions[0] == first.emissions[0] + 4);
}

namespace {

/// Linear phases of 8 rows, a layer each: phase p reads the vectors reads[p] and writes vector p + 1; 0 is the input.
IntGraph layers_reading(const std::vector<std::vector<int>>& reads) {
  IntGraph graph;
  graph.vectors.assign(reads.size() + 1, {"v", 8, 0, false, {{4, 0}}});
  graph.layers = static_cast<int>(reads.size());
  for (const auto& vectors : reads) {
    auto& phase = graph.phases.emplace_back();
    phase.op = Op::linear;
    phase.size = 8;
    phase.layer = static_cast<int>(graph.phases.size()) - 1;
    phase.output = phase.layer + 1;
    phase.parts = {{4, 0, {}}};
    for (const int v : vectors) phase.parts[0].terms.push_back(over(v));
  }
  return graph;
}

std::vector<int> lags(const IntGraph& graph, int frames) {
  EngineShape shape = shape_of(4, 2, 1);
  shape.frames = frames;
  const Overlap overlap(graph, shape);
  std::vector<int> result;
  for (int p = 0; p < static_cast<int>(graph.phases.size()); ++p) result.push_back(overlap.lag(p));
  return result;
}

}  // namespace

TEST_CASE("overlap: a chain is cut between any layers, into groups whose longest is short") {
  const IntGraph chain = layers_reading({{0}, {1}, {2}, {3}});
  CHECK(most_frames(chain) == 4);
  CHECK(lags(chain, 1) == std::vector{0, 0, 0, 0});
  CHECK(lags(chain, 2) == std::vector{0, 0, 1, 1});
  CHECK(lags(chain, 4) == std::vector{0, 1, 2, 3});
  IntGraph large_end = chain;  // the last layer takes as long as the others together
  large_end.phases[3].size = 8 * 200;
  CHECK(lags(large_end, 2) == std::vector{0, 0, 0, 1});
  CHECK_THROWS_WITH_AS(lags(chain, 5), doctest::Contains("allow 4"), Error);
}

TEST_CASE("overlap: a vector crosses one cut, the input none, and what is read back stays together") {
  const IntGraph residual = layers_reading({{0}, {1}, {1, 2}, {3}});
  CHECK(most_frames(residual) == 3);  // of the cuts before layers 1 and 2 one: vector 1 has two copies
  CHECK(lags(residual, 3) == std::vector{0, 0, 1, 2});  // the third layer has the most steps
  CHECK(most_frames(layers_reading({{0}, {1}, {0, 2}})) == 1);
  CHECK(lags(layers_reading({{0}, {1}, {0, 2}, {3}}), 2) == std::vector{0, 0, 0, 1});
  IntGraph back = layers_reading({{0}, {1}, {2}});
  back.phases[0].parts[0].terms.push_back(over(2, true));
  CHECK(most_frames(back) == 2);
  CHECK(lags(back, 2) == std::vector{0, 0, 1});
}

TEST_CASE("overlap: what the run before has written is there at once, has two copies, and closes the loop") {
  const IntGraph chain = layers_reading({{0}, {1}});
  EngineShape shape = shape_of(4, 2, 1);
  shape.frames = 2;
  const Overlap overlap(chain, shape);
  CHECK(overlap.from_run_before(overlap.lag(1), over(1)));
  CHECK(!overlap.from_run_before(overlap.lag(0), over(0)));
  CHECK(overlap.alternates(1));
  CHECK(!overlap.alternates(0));
  CHECK(!overlap.alternates(2));
  Bench bench(chain, shape);
  const PartLayout& layout = bench.layouts(PhaseId(1), 0);
  const Piece piece{0, 0, 1, 7};
  bench.readiness.note_writes(ContextId(0), VectorId(1), {{20, TileId(0)}, {21, TileId(1)}});
  CHECK(bench.readiness.piece_start(over(1), 1, layout, piece, ContextId(0), 7) == 7);
  CHECK(bench.readiness.piece_start(over(1), 0, layout, piece, ContextId(0), 7) == 22);  // in the run that writes it
  bench.readiness.note_earlier_reads(ContextId(0), over(1), layout, piece);
  CHECK(bench.readiness.least_distance() == 22 - 7);
}
