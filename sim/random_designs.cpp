// Random designs against the fixed model: cells, sizes, block sizes, shapes, streams, bit widths, stalls.
//
// random_designs WORK FIRST_SEED COUNT [WORDS] [SIMULATOR] [TEXT]: each seed is one configuration; at least WORDS
// output words are compared in it. With TEXT only configurations whose description has it are taken. Two runs each:
// without stalls, where the cycles must be the predicted ones, and with stalls. The exit status is the verdict; the
// last line counts what was compared.
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "cell/fixed_model.hpp"
#include "cell/quantiser.hpp"
#include "network/graph_zoo.hpp"
#include "network/random_network.hpp"
#include "plan/overlap.hpp"
#include "plan/plan.hpp"
#include "random_formats.hpp"
#include "random_graphs.hpp"
#include "rtl/generate.hpp"
#include "simulate/simulate.hpp"

using namespace erngen;

namespace {

template <class T>
T pick(Rng& rng, std::initializer_list<T> values) {
  return values.begin()[rng.below(values.size())];
}

int pick_size(Rng& rng, int most) {
  return rng.below(3) == 0 ? pick(rng, {1, 2, 3, 6, 7, 20, 39}) : static_cast<int>(rng.between(1, most));
}

BlockSizes random_blocks(Rng& rng) {
  BlockSizes b;
  const int k = pick(rng, {1, 2, 4, 4, 8, 8, 8, 16, 16, 32, 64});
  b = {k, k, k, k};
  if (rng.below(3) == 0) {
    b.input = pick(rng, {1, 2, 4, 8, 16});
    b.recurrent = pick(rng, {2, 4, 8, 16});
    b.projection = pick(rng, {1, 4, 8, 16});
    b.dense = pick(rng, {1, 2, 8});
  }
  return b;
}

/// What the side signals mean, and whether elements lie in bytes; half of the designs have the usual.
void draw_protocol(PlanOptions& options, int activation_width, Rng& rng) {
  if (rng.below(2)) return;
  StreamProtocol& p = options.protocol;
  p.stream_by = pick(rng, {StreamChoice::tid, StreamChoice::selected, StreamChoice::round_robin});
  p.sequence_end = pick(rng, {SequenceEnd::tuser, SequenceEnd::tlast, SequenceEnd::frames});
  if (p.sequence_end == SequenceEnd::tlast && p.rounds(options.contexts)) p.sequence_end = SequenceEnd::frames;
  p.input_tlast = p.sequence_end == SequenceEnd::tlast || rng.below(2);
  p.tlast_per_sequence = rng.below(2);
  p.tkeep = rng.below(2);
  options.ends_only = rng.below(3) == 0;
  options.bytes = activation_width <= 8 && rng.below(2);
}

std::string protocol_text(const Plan& plan) {
  const Json json = protocol_json(plan.protocol);
  return (json.is_null() ? "" : " " + json.dump()) + (plan.input.element_bits == 8 ? " bytes" : "");
}

struct Design {
  NetworkShape shape;
  QuantNetwork network;
  Plan plan;
  std::string text;
};

bool has_hard_gates(const Network& network) {
  return std::any_of(network.nodes.begin(), network.nodes.end(), [](const Node& node) {
    return std::visit(
        [](const auto& layer) {
          if constexpr (requires { layer.gate_activation; })
            return layer.gate_activation.kind == Nonlinearity::hard_sigmoid;
          return false;
        },
        node.layer);
  });
}

Design random_design(std::uint64_t seed) {
  Rng rng(seed);
  Design d;
  NetworkShape& s = d.shape;
  s.seed = seed;
  s.cell = rng.below(2) ? CellKind::lstm : CellKind::gru;
  s.layers = static_cast<int>(rng.between(1, 3));
  s.input = pick_size(rng, 60);
  s.hidden = pick_size(rng, 80);
  s.bias = rng.below(5) != 0;
  s.dense = rng.below(3) == 0 ? 0 : pick_size(rng, 30);
  if (s.cell == CellKind::lstm) {
    s.projection = rng.below(2) ? 0 : pick_size(rng, 40);
    s.peephole = rng.below(2);
    s.candidate = rng.below(4) == 0 ? Nonlinearity::sigmoid : Nonlinearity::tanh;
  } else {
    s.reset = rng.below(2) ? Reset::before : Reset::after;
  }
  s.block.all = random_blocks(rng);
  if (s.projection > 0 && rng.below(2))
    s.projection = ceil_div(s.projection, s.block.all.projection) * s.block.all.projection;
  for (int layer = 0; layer < s.layers; ++layer)
    if (rng.below(4) == 0) s.block.layers[layer] = random_blocks(rng);

  QuantiseOptions q;
  q.exact_widths = true;
  q.weight_width = rng.below(2) ? 12 : static_cast<int>(rng.between(4, 18));
  q.activation_width = rng.below(2) ? 12 : static_cast<int>(rng.between(4, 18));
  Array calibration{{40, s.input}, {}};
  for (int n = 0; n < 40 * s.input; ++n) calibration.values.push_back(static_cast<float>(rng.normal()));
  Rng graphs(seed + 700000);  // of its own, as that of the formats
  const bool graph = graphs.below(3) == 0;
  Network network = graph ? random_graph(s.input, graphs) : random_network(s);
  Rng states(seed + 900000);
  const bool initial = states.below(3) == 0;
  Rng functions(seed + 800000);
  const bool other_functions = functions.below(3) == 0;
  if (other_functions) set_functions(network, functions);
  if (initial) set_initial_states(network, states, true);
  d.network = quantise(network, calibration, q, nullptr);
  Rng formats(seed + 500000);  // of its own: whether they are drawn changes nothing else of a design
  const bool drawn = formats.below(2) == 0;
  if (drawn) draw_formats(d.network, formats);

  const Workload work(d.network);
  PlanOptions options;
  options.contexts = pick(rng, {1, 1, 1, 2, 3, 5});
  EngineShape shape;
  const int least = std::max(2, d.network.formats.max_block);
  shape.words = least << (rng.below(4) == 0 && least <= 8);
  const int gates = work.max_gates;
  do shape.readout = pick(rng, {1, 2, 4});
  while (shape.readout > work.max_readout());
  if (work.max_readout() == 8 && rng.below(3) == 0) shape.readout = 8;
  const int choices = static_cast<int>(rng.between(1, 6));
  shape.rows = rng.below(3) == 0 ? shape.readout : std::max(gates, shape.readout) * choices;
  if (rng.below(3) == 0)
    shape.rows = shape.readout * static_cast<int>(rng.between(1, 9));  // tiles go on in the next pass
  shape.columns = static_cast<int>(rng.between(1, 5));
  // Wide lanes take minutes to compile, a few of them as well as many show what they do.
  const int fewest = shape.readout;
  while (shape.words * shape.rows * shape.columns > 400 && shape.rows > fewest) shape.rows -= fewest;
  while (shape.words * shape.rows * shape.columns > 400 && shape.columns > 1) --shape.columns;
  shape.contexts = options.contexts;
  Rng forms(seed + 600000);  // of its own, as the others
  shape.form = lane_forms[forms.below(std::size(lane_forms))];
  const NumberFormats& widths = d.network.formats;
  if (!lane_form_fits(shape.form, shape.words, widths.spectrum_width(), widths.weight_width,
                      dsp_type(options.family).narrow))
    shape.form = LaneForm::plain;
  shape.columns = ceil_div(shape.columns, lane_columns(shape.form)) * lane_columns(shape.form);
  const bool shortcut = work.shortcut();
  while (shortcut && shape.readout > shape.columns) shape.readout /= 2;
  shape.early = rng.below(2);
  shape.adders = rng.below(2);
  shape.cell_luts = rng.below(3) == 0;
  do shape.folding = pick(rng, {1, 1, 2, 4, 8, 16});
  while (shape.folding > shape.words);
  do shape.ports = pick(rng, {1, 2, 4});
  while (shape.ports > std::min(shape.readout, shape.columns));
  Rng protocols(seed + 900000);  // of its own, as the others
  draw_protocol(options, q.activation_width, protocols);
  const int lane_limit = 512 / axis_element_bits(q.activation_width, options.bytes);
  if (rng.below(2)) options.input_beat = 1 << rng.below(static_cast<std::uint64_t>(log2_exact(lane_limit)) + 1);
  if (rng.below(2)) options.output_beat = 1 << rng.below(static_cast<std::uint64_t>(log2_exact(lane_limit)) + 1);
  Rng overlaps(seed + 600000);  // of its own, too
  if (const int most = most_frames(d.network.graph); most > 1 && shape.contexts == 1 && overlaps.below(2))
    shape.frames = static_cast<int>(overlaps.between(2, most));
  d.plan = plan_shape(work, shape, options);
  const std::string cell = s.cell == CellKind::lstm ? "lstm" : s.reset == Reset::before ? "gru before" : "gru after";
  d.text =
      fmt::format("{}{}{} {}-{}x{}{}-{} k={}/{}/{}/{}{}", cell, s.peephole ? " peephole" : "",
                  s.candidate == Nonlinearity::sigmoid ? " sigmoid" : "", s.input, s.hidden, s.layers,
                  s.projection ? fmt::format("({})", s.projection) : "", s.dense, s.block.all.input,
                  s.block.all.recurrent, s.block.all.projection, s.block.all.dense, s.block.layers.empty() ? "" : "*");
  if (graph) d.text = fmt::format("graph {}-", s.input) + graph_text(network);
  const bool seam = std::any_of(d.plan.program.segments.begin(), d.plan.program.segments.end(),
                                [](const auto& segment) { return segment.seam; });
  const NumberFormats& f = d.network.formats;
  if (shape.frames > 1) d.text += fmt::format(" overlap {}", shape.frames);
  if (initial) d.text += " initial states";
  if (other_functions) d.text += has_hard_gates(network) ? " other functions, hard gates" : " other functions";
  if (drawn)
    d.text += fmt::format(" G{} HW{} V{} P{}", f.gate_width, f.state_width, f.candidate_width, f.preactivation_width);
  d.text +=
      fmt::format(" W{} A{} K{} R{} C{} D{} U{} T{} S{} {}{}{}{}{}{} beats {}/{}", q.weight_width, q.activation_width,
                  shape.words, shape.rows, shape.columns, shape.readout, shape.ports, shape.folding, shape.contexts,
                  lane_form_names[static_cast<int>(shape.form)], shape.adders ? " adders" : "",
                  shape.cell_luts ? " products" : "", seam ? " seam" : "", shortcut ? " shortcut" : "",
                  d.plan.shape.early ? " early" : "", d.plan.input.beat_elements, d.plan.output.beat_elements) +
      protocol_text(d.plan);
  return d;
}

/// Random frames of every stream in several sequences, with what the model says of them.
Stimulus random_stimulus(const Design& d, Rng& rng, std::int64_t words) {
  const int inputs = d.network.graph.input_size(), outputs = d.network.graph.output_size();
  const int streams = d.plan.shape.contexts;
  const int frames = static_cast<int>(std::max<std::int64_t>(8, words / (outputs * streams) + 1));
  Stimulus stimulus{inputs, outputs, {}, {}, {}};
  std::vector<FixedModel> models;
  for (int s = 0; s < streams; ++s) models.emplace_back(d.network);
  const Format format = d.network.input_format();
  for (int t = 0; t < frames; ++t)
    for (int s = 0; s < streams; ++s) {
      std::vector<std::int32_t> x(inputs), y(outputs);
      const int kind = static_cast<int>(rng.below(20));
      for (auto& v : x)
        v = static_cast<std::int32_t>(kind == 0   ? (rng.below(2) ? format.max() : format.min())
                                      : kind == 1 ? rng.between(format.min(), format.max())
                                                  : quantise(rng.normal(), format));
      const bool drawn = rng.below(13) == 0;
      const bool end = drawn || (d.plan.protocol.ends_only && t == frames - 1);  // something comes out
      models[s].step(x, y);
      if (end) models[s].reset();
      stimulus.frames.push_back({s, end});
      stimulus.inputs.insert(stimulus.inputs.end(), x.begin(), x.end());
      stimulus.expected.insert(stimulus.expected.end(), y.begin(), y.end());
    }
  return stimulus;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: random_designs WORK FIRST_SEED COUNT [WORDS] [verilator|icarus] [TEXT]\n";
    return 2;
  }
  const std::filesystem::path work = argv[1];
  std::filesystem::create_directories(work);
  const std::uint64_t first = std::strtoull(argv[2], nullptr, 10), count = std::strtoull(argv[3], nullptr, 10);
  const std::int64_t words = argc > 4 ? std::atoll(argv[4]) : 2000;
  const bool icarus = argc > 5 && std::string(argv[5]) == "icarus";
  const std::string wanted = argc > 6 ? argv[6] : "";
  std::int64_t compared = 0, designs = 0;
  int failures = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    std::string text = "(not made)";
    try {
      const Design design = random_design(seed);
      text = design.text;
      if (text.find(wanted) == std::string::npos) continue;
      const auto directory = work / fmt::format("design_{}", seed);
      GenerateRequest generate_request;
      generate_request.version = "0.0.0";
      generate_request.command = "random design";
      generate(design.network, design.plan, generate_request, directory);
      Rng rng(seed + 1000000);
      for (bool stalls : {false, true}) {
        SimulationRequest request;
        request.directory = directory;
        request.stimulus = random_stimulus(design, rng, words);
        request.simulator = icarus ? Simulator::icarus : Simulator::verilator;
        request.object_cache = work / "objects";
        if (stalls) request.stalls = seed;
        const SimulationReport report = simulate(request);
        compared += report.outputs_checked;
        const bool passed = report.passed() && report.end == "complete";
        if (!passed) ++failures;
        std::cout << fmt::format(
                         "{} seed {}{}: {}: {} words, {} mismatches, cycles {} (plan {}), latency {} (plan {}){}\n",
                         passed ? "ok  " : "FAIL", seed, stalls ? " stalls" : "", text, report.outputs_checked,
                         report.mismatches, report.cycles_per_frame.value_or(0), design.plan.cycles_per_frame,
                         report.latency_cycles.value_or(0), design.plan.latency_cycles,
                         passed ? "" : " " + report.end + " " + report.first_mismatch)
                  << std::flush;
      }
      ++designs;
      if (failures == 0) std::filesystem::remove_all(directory);
    } catch (const std::exception& error) {
      ++failures;
      std::cout << fmt::format("FAIL seed {}: {}: {}\n", seed, text, error.what()) << std::flush;
    }
  }
  std::cout << fmt::format("{} designs, {} words compared, {} failures\n", designs, compared, failures);
  return failures ? 1 : 0;
}
