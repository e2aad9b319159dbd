// Random designs against the fixed model: cells, sizes, block sizes, shapes, streams, bit widths, stalls.
//
// random_designs WORK FIRST_SEED COUNT [WORDS] [SIMULATOR] [TEXT] [--jobs N] [--ledger FILE] [--small] [--list]:
// each seed is one configuration; at least WORDS output words are compared in it. SIMULATOR: verilator, icarus, or any:
// Icarus for tiny designs and eight frames of each stream, which it is done with before a compiler is. With TEXT only
// configurations whose description has it are taken. Two runs each: without stalls, where the cycles must be the
// predicted ones, and with stalls. The exit status is the verdict; the last line counts what was compared.
//
// --jobs: so many processes side by side. --ledger: a line of JSON for each seed; seeds that are in it are not run
// again, so that a long run goes on where it was. --small: networks of a few blocks, many more in an hour; the same
// seed is another design. --list: says what the designs are, and runs none.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/json.hpp"
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

int pick_size(Rng& rng, int most, bool small) {
  if (small) return static_cast<int>(rng.between(1, std::max(2, most / 6)));
  return rng.below(3) == 0 ? pick(rng, {1, 2, 3, 6, 7, 20, 39}) : static_cast<int>(rng.between(1, most));
}

BlockSizes random_blocks(Rng& rng, bool small) {
  BlockSizes b;
  const int k = small ? pick(rng, {1, 2, 2, 4, 4, 4, 8, 8, 16}) : pick(rng, {1, 2, 4, 4, 8, 8, 8, 16, 16, 32, 64});
  b = {k, k, k, k};
  if (rng.below(3) == 0) {
    const int most = small ? 8 : 16;
    b.input = std::min(most, pick(rng, {1, 2, 4, 8, 16}));
    b.recurrent = std::min(most, pick(rng, {2, 4, 8, 16}));
    b.projection = std::min(most, pick(rng, {1, 4, 8, 16}));
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

Design random_design(std::uint64_t seed, bool small) {
  Rng rng(seed);
  Design d;
  NetworkShape& s = d.shape;
  s.seed = seed;
  s.cell = rng.below(2) ? CellKind::lstm : CellKind::gru;
  s.layers = static_cast<int>(rng.between(1, 3));
  s.input = pick_size(rng, 60, small);
  s.hidden = pick_size(rng, 80, small);
  s.bias = rng.below(5) != 0;
  s.dense = rng.below(3) == 0 ? 0 : pick_size(rng, 30, small);
  if (s.cell == CellKind::lstm) {
    s.projection = rng.below(2) ? 0 : pick_size(rng, 40, small);
    s.peephole = rng.below(2);
    s.candidate = rng.below(4) == 0 ? Nonlinearity::sigmoid : Nonlinearity::tanh;
  } else {
    s.reset = rng.below(2) ? Reset::before : Reset::after;
  }
  s.block.all = random_blocks(rng, small);
  if (s.projection > 0 && rng.below(2))
    s.projection = ceil_div(s.projection, s.block.all.projection) * s.block.all.projection;
  for (int layer = 0; layer < s.layers; ++layer)
    if (rng.below(4) == 0) s.block.layers[layer] = random_blocks(rng, small);

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
  const int fewest = shape.readout, most_words = small ? 80 : 400;
  while (shape.words * shape.rows * shape.columns > most_words && shape.rows > fewest) shape.rows -= fewest;
  while (shape.words * shape.rows * shape.columns > most_words && shape.columns > 1) --shape.columns;
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
  const Network& structure = d.network.structure;
  if (structure.needs_whole_sequences() && !structure.last_step_suffices()) options.ends_only = false;
  const int lane_limit = 512 / axis_element_bits(q.activation_width, options.bytes);
  if (rng.below(2)) options.input_beat = 1 << rng.below(static_cast<std::uint64_t>(log2_exact(lane_limit)) + 1);
  if (rng.below(2)) options.output_beat = 1 << rng.below(static_cast<std::uint64_t>(log2_exact(lane_limit)) + 1);
  Rng overlaps(seed + 600000);  // of its own, too
  if (const int most = most_frames(d.network.graph); most > 1 && shape.contexts == 1 && overlaps.below(2))
    shape.frames = static_cast<int>(overlaps.between(2, most));
  Rng others(seed + 1100000);  // of its own, too
  shape.loadable = pick(others, {Loadable::weights, Loadable::weights, Loadable::constants, Loadable::tables});
  shape.dsp_activations = others.below(3) == 0;
  Rng pipelines(seed + 400000);  // of its own, too
  if (pipelines.below(2)) shape.pipeline = static_cast<int>(pipelines.between(1, highest_pipeline));
  if (pipelines.below(3) == 0) shape.pipeline = lowest_pipeline;
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
  if (shape.loadable != Loadable::weights) d.text += fmt::format(" loadable {}", name_of(shape.loadable));
  if (shape.dsp_activations) d.text += " activations in DSP";
  if (shape.pipeline) d.text += fmt::format(" pipeline {}", shape.pipeline);
  if (initial) d.text += " initial states";
  if (other_functions) d.text += has_hard_gates(network) ? " other functions, hard gates" : " other functions";
  if (drawn)
    d.text += fmt::format(" G{} HW{} V{} P{}", f.gate_width, f.state_width, f.candidate_width, f.preactivation_width);
  d.text += fmt::format(" W{} A{} K{} R{} C{} D{} U{} T{} S{} {}{}{}{}{}{} beats {}/{}", q.weight_width,
                        q.activation_width, shape.words, shape.rows, shape.columns, shape.readout, shape.ports,
                        shape.folding, shape.contexts, name_of(shape.form), shape.adders ? " adders" : "",
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
      const auto& graph = d.network.graph;
      for (int part = 1; part < graph.inputs; ++part)  // what lies between two parts of the input is 0
        std::fill(x.begin() + graph.vectors[part - 1].first + graph.vectors[part - 1].size,
                  x.begin() + graph.vectors[part].first, 0);
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

struct Options {
  std::filesystem::path work, ledger;
  std::uint64_t first = 0, count = 0;
  std::int64_t words = 2000;
  std::string simulator = "verilator", wanted;
  int jobs = 1;
  bool small = false, list = false;
};

/// None for a wrong command line.
std::optional<Options> parse(int argc, char** argv) {
  Options o;
  std::vector<std::string> plain;
  for (int n = 1; n < argc; ++n) {
    const std::string argument = argv[n];
    if (argument == "--small")
      o.small = true;
    else if (argument == "--list")
      o.list = true;
    else if (argument == "--jobs" && n + 1 < argc)
      o.jobs = std::max(1, std::atoi(argv[++n]));
    else if (argument == "--ledger" && n + 1 < argc)
      o.ledger = argv[++n];
    else
      plain.push_back(argument);
  }
  if (plain.size() < 3 || plain.size() > 6) return {};
  o.work = plain[0];
  o.first = std::strtoull(plain[1].c_str(), nullptr, 10);
  o.count = std::strtoull(plain[2].c_str(), nullptr, 10);
  if (plain.size() > 3) o.words = std::atoll(plain[3].c_str());
  if (plain.size() > 4) o.simulator = plain[4];
  if (plain.size() > 5) o.wanted = plain[5];
  if (o.simulator != "verilator" && o.simulator != "icarus" && o.simulator != "any") return {};
  return o;
}

struct Count {
  std::int64_t words = 0, designs = 0, failures = 0;
};

/// Whether Icarus, at 1 to 5 ms a cycle, is done with the fewest frames before Verilator's C++ would be compiled.
bool is_tiny(const Plan& plan) {
  const EngineShape& shape = plan.shape;
  return shape.words * shape.rows * shape.columns <= 32 && plan.program.run_cycles * shape.contexts <= 200;
}

/// Both runs of one seed. A line of the ledger, or null for a design that is not wanted.
Json run_seed(const Options& options, std::uint64_t seed, Count& count) {
  std::string text = "(not made)";
  Json line{{"seed", seed}, {"small", options.small}};
  std::int64_t words = 0, mismatches = 0;
  bool good = true;
  try {
    const Design design = random_design(seed, options.small);
    text = design.text;
    if (text.find(options.wanted) == std::string::npos) return nullptr;
    if (options.list) {
      std::cout << fmt::format("seed {}: {}\n", seed, text);
      return nullptr;
    }
    const auto directory = options.work / fmt::format("design_{}", seed);
    GenerateRequest generate_request;
    generate_request.version = "0.0.0";
    generate_request.command = "random design";
    generate(design.network, design.plan, generate_request, directory);
    const bool icarus = options.simulator == "icarus" || (options.simulator == "any" && is_tiny(design.plan));
    line["simulator"] = icarus ? "icarus" : "verilator";
    Rng rng(seed + 1000000);
    for (bool stalls : {false, true}) {
      SimulationRequest request;
      request.directory = directory;
      request.stimulus = random_stimulus(design, rng, options.simulator == "any" && icarus ? 0 : options.words);
      request.simulator = icarus ? Simulator::icarus : Simulator::verilator;
      request.object_cache = options.work / "objects";
      if (stalls) request.stalls = seed;
      const SimulationReport report = simulate(request);
      words += report.outputs_checked;
      mismatches += report.mismatches;
      const bool passed = report.passed() && report.end == "complete";
      good = good && passed;
      std::cout << fmt::format(
                       "{} seed {}{}: {}: {} words, {} mismatches, cycles {} (plan {}), latency {} (plan {}){}\n",
                       passed ? "ok  " : "FAIL", seed, stalls ? " stalls" : "", text, report.outputs_checked,
                       report.mismatches, report.cycles_per_frame.value_or(0), design.plan.cycles_per_frame,
                       report.latency_cycles.value_or(0), design.plan.latency_cycles,
                       passed ? "" : " " + report.end + " " + report.first_mismatch)
                << std::flush;
    }
    if (good) std::filesystem::remove_all(directory);
  } catch (const std::exception& error) {
    good = false;
    line["error"] = error.what();
    std::cout << fmt::format("FAIL seed {}: {}: {}\n", seed, text, error.what()) << std::flush;
  }
  ++count.designs;
  count.words += words;
  count.failures += !good;
  line["words"] = words;
  line["mismatches"] = mismatches;
  line["passed"] = good;
  if (!good) line["design"] = text;
  return line;
}

/// Seeds that the ledger has.
std::set<std::uint64_t> seeds_of(const Options& options) {
  std::set<std::uint64_t> seeds;
  std::ifstream file(options.ledger);
  for (std::string line; std::getline(file, line);) {
    const Json entry = Json::parse(line, nullptr, false);  // the last line of a run that was ended may be half of one
    if (entry.is_object() && entry.value("small", false) == options.small) seeds.insert(entry.value("seed", 0ULL));
  }
  return seeds;
}

/// Every `jobs`-th seed, from number `job`.
Count run_share(const Options& options, const std::set<std::uint64_t>& done, int job) {
  Count count;
  for (std::uint64_t n = static_cast<std::uint64_t>(job); n < options.count;
       n += static_cast<std::uint64_t>(options.jobs)) {
    if (done.contains(options.first + n)) continue;
    const Json line = run_seed(options, options.first + n, count);
    if (line.is_null() || options.ledger.empty()) continue;
    std::ofstream file(options.ledger, std::ios::app);
    file << line.dump() + "\n" << std::flush;  // one write: lines of several processes do not mix
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = parse(argc, argv);
  if (!options) {
    std::cerr << "usage: random_designs WORK FIRST_SEED COUNT [WORDS] [verilator|icarus|any] [TEXT] [--jobs N] "
                 "[--ledger FILE] [--small] [--list]\n";
    return 2;
  }
  std::filesystem::create_directories(options->work);
  const std::set<std::uint64_t> done = seeds_of(*options);
  Count all;
  std::vector<int> pipes;
  for (int job = 1; job < options->jobs; ++job) {
    int ends[2];
    if (pipe(ends) != 0) return 1;
    const pid_t child = fork();
    if (child == 0) {
      const Count count = run_share(*options, done, job);
      const bool written = write(ends[1], &count, sizeof count) == sizeof count;
      _exit(written ? 0 : 1);
    }
    close(ends[1]);
    pipes.push_back(ends[0]);
  }
  all = run_share(*options, done, 0);
  for (const int end : pipes) {
    Count count;
    if (read(end, &count, sizeof count) != sizeof count) count.failures = 1;  // it was ended
    all.words += count.words;
    all.designs += count.designs;
    all.failures += count.failures;
    wait(nullptr);
  }
  std::cout << fmt::format("{} designs, {} words compared, {} failures\n", all.designs, all.words, all.failures);
  return all.failures ? 1 : 0;
}
