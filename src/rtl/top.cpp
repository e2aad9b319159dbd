#include "rtl/top.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "activation/cost.hpp"
#include "ops/gru_after.hpp"
#include "ops/gru_before.hpp"
#include "ops/linear.hpp"
#include "ops/lstm.hpp"
#include "plan/output_shifts.hpp"
#include "rtl/images.hpp"
#include "rtl/ports.hpp"
#include "spectral/twiddle.hpp"
#include "units/axis.hpp"
#include "units/shift_add.hpp"
#include "units/transform.hpp"

namespace erngen {

namespace {

CellParameters engine_parameters(const Workload& work, const Plan& plan, const std::string& top,
                                 std::uint32_t configuration, std::uint32_t version) {
  const NumberFormats& f = work.formats;
  const EngineShape& shape = plan.shape;
  const Pipeline pipeline = shape.cycles();
  const auto& graph = work.graph;
  const Vector& input = graph.vectors[0];
  const auto& shifts_of_readout = work.readout_shifts;
  const auto& shortcuts = work.shortcut_shifts;
  bool dynamic = false;
  for (size_t v = 0; v < graph.vectors.size(); ++v)
    dynamic |= plan.map.alternates[v] && !graph.vectors[v].spectra.empty();
  CellParameters p;
  const CellSite site = cell_site(work, shape);
  const auto has = [&](const CellTemplate& cell) { p.emplace_back(cell.has, work.has(cell) ? "1" : "0"); };
  const auto number = [&](const char* name, std::int64_t value) { p.emplace_back(name, fmt::format("{}", value)); };
  const auto text = [&](const char* name, const std::string& value) { p.emplace_back(name, value); };
  const auto image = [&](const char* name, const char* value) { p.emplace_back(name, image_file(top, value)); };
  number("K", shape.words);
  number("STAGES", shape.stages());
  number("READOUT", shape.readout);
  number("COLUMNS", shape.columns);
  number("SEAM", std::any_of(plan.program.segments.begin(), plan.program.segments.end(),
                             [](const Segment& s) { return s.seam > 0; }));
  number("PORTS", shape.ports);
  number("FEEDBACK_PORTS", feedback_ports(work, shape));
  number("OUTPUT_PORTS", output_ports(work, shape));
  number("INPUT_PORTS", shape.input_ports);
  number("EARLY", shape.early);
  number("CONTEXTS", shape.contexts);
  if (shape.frames > 1) number("FRAMES", shape.frames);
  number("A", f.activation_width);
  number("G", f.gate_width);
  number("HW", work.kept_width);
  number("W", f.weight_width);
  number("P", f.preactivation_width);
  number("F_P", f.preactivation_fraction);
  number("SX", f.spectrum_width());
  number("ACC", accumulator_bits(work, shape));
  if (shape.form != LaneForm::plain) {
    number("FORM", static_cast<int>(shape.form));
    number("VW", correction_bits(work, shape));
    number("CORRECTION_ROWS", correction_rows(work, shape));
    image("CORRECTION_IMAGE", "correction_rows.hex");
    image("CORRECTION_PREFIX", "correction");
  }
  number("WD", f.readout_width);
  number("ZW", f.sum_width());
  number("BW", f.bias_width());
  number("F_T", f.sum_fraction());
  number("CW", f.cell_width);
  number("F_C", f.cell_fraction);
  number("F_Q", f.peephole_fraction);
  number("V", f.candidate_width);
  number("F_V", f.candidate_fraction);
  number("KREF", f.max_block);
  number("MAX_GUARD", f.spectrum_guard);
  number("DROP", f.spectrum_drop);
  number("PART_MODES", work.part_modes);
  number("STATE_MODES", std::max(1, work.spectrum_modes[0]));
  number("SECOND_MODES", work.spectrum_modes[1]);
  number("STATE_GUARDS", std::max(1, work.guards[0]));
  number("SECOND_GUARDS", std::max(1, work.guards[1]));
  number("INPUT_MODE", log2_exact(input.spectra[0].block));
  number("INPUT_GUARD", input.spectra[0].guard);
  number("READOUT_SHIFTS", static_cast<int>(shifts_of_readout.size()));
  text("READOUT_SHIFT_LIST", packed_bytes(shifts_of_readout));
  for (const auto& [name, list] : {std::pair("LINEAR", OutputShifts::linear),
                                   {"LSTM", OutputShifts::lstm},
                                   {"RESET", OutputShifts::reset},
                                   {"STATE", OutputShifts::state}}) {
    const auto shifts = site.list(list).shifts();
    p.emplace_back(fmt::format("{}_SHIFTS", name), fmt::format("{}", shifts.size()));
    p.emplace_back(fmt::format("{}_SHIFT_LIST", name), packed_bytes(shifts));
  }
  number("SHORTCUT", !shortcuts.empty());
  number("SHORTCUT_SHIFTS", std::max<int>(1, static_cast<int>(shortcuts.size())));
  text("SHORTCUT_SHIFT_LIST", packed_bytes(shortcuts.empty() ? std::vector<int>{0} : shortcuts));
  number("GATES", sum_rows(work, shape));
  has(lstm_template);
  number("FOLDING", shape.folding);
  has(gru_before_template);
  has(gru_after_template);
  has(linear_template);
  if (keeps_sums(work.network) && !work.has(lstm_template)) number("KEEPS_SUMS", 1);
  for (const CellTemplate* cell : work.cells)
    if (cell->parameters) cell->parameters(site, p);
  number("CANDIDATE", work.tanh_candidate);
  if (f.open_bits > 0) number("OPEN", f.open_bits);
  number("ACT_LATENCY", pipeline.activation);
  if (shape.pipeline > 0) number("ROTATION", pipeline.rotation);
  constexpr Pipeline usual;
  for (const auto& [name, cycles] : {std::pair("FETCH", &Pipeline::fetch),
                                     {"LANE", &Pipeline::lane},
                                     {"CHOICE", &Pipeline::choice},
                                     {"ADDITIONS", &Pipeline::additions},
                                     {"RECOMBINATION", &Pipeline::recombination},
                                     {"SMALL", &Pipeline::small_stages},
                                     {"ADDEND", &Pipeline::addend},
                                     {"SUMS", &Pipeline::sums}})
    if (pipeline.*cycles != usual.*cycles) number(name, pipeline.*cycles);
  number("ACT_DSP", shape.dsp_activations);
  number("PRODUCT_DSP", !shape.cell_luts);
  if (shape.loadable != Loadable::weights) number("LOADABLE", static_cast<int>(shape.loadable));
  text("SIGMOID", activation_parameter(work.network.sigmoid));
  text("TANH", activation_parameter(work.network.tanh));
  number("INPUT_ROWS", plan.map.input_rows);
  number("INPUT_DEPTH", plan.map.input_depth);
  number("STATE_DEPTH", std::max(2, plan.map.state_depth));
  number("STATE_DYNAMIC", dynamic);
  number("TILES", plan.map.state_tiles);
  number("BIAS_ROWS", plan.map.bias_rows);
  number("PARTIAL_ROWS", plan.map.partial_rows);
  number("PEEPHOLE_ROWS", work.peephole ? plan.map.constant_rows : 0);
  if (work.first_bias) number("FIRST_BIAS", 1);
  if (work.initial_cell) number("INITIAL_CELL_ROWS", plan.map.constant_rows);
  if (work.initial_state) number("INITIAL_STATE_ROWS", plan.map.constant_rows);
  number("WEIGHT_ROWS", plan.program.weight_rows);
  number("SEGMENTS", static_cast<int>(plan.program.segments.size()));
  number("PASSES", static_cast<int>(plan.program.passes.size()));
  number("QUEUE", plan.program.queue);
  number("QUEUE_DEPTH", plan.program.queue_depth);
  number("TAIL_CYCLES", plan.program.tail_cycles);
  number("COLUMN_LATENCY", plan.latencies.column);
  number("SELECT_LATENCY", plan.latencies.select());
  number("INVERSE_LATENCY", ifft_latency(work.part_modes, pipeline));
  number("INPUT_SIZE", plan.input.size);
  number("OUTPUT_SIZE", plan.output.size);
  number("ELEMENT_BITS", plan.input.element_bits);
  number("INPUT_BEAT", plan.input.beat_elements);
  number("OUTPUT_BEAT", plan.output.beat_elements);
  number("OUTPUT_CAPACITY", plan.output_capacity);
  const StreamProtocol& protocol = plan.protocol;
  if (!protocol.input_tlast) number("INPUT_TLAST", 0);
  if (protocol.sequence_end != SequenceEnd::tuser) number("SEQUENCE_END", static_cast<int>(protocol.sequence_end));
  if (protocol.stream_by != StreamChoice::tid) number("STREAM_SELECT", static_cast<int>(protocol.stream_by));
  if (protocol.tlast_per_sequence) number("OUTPUT_SEQUENCES", 1);
  if (protocol.ends_only) number("OUTPUT_ENDS", 1);
  text("VERSION", fmt::format("32'h{:08x}", version));
  text("CONFIGURATION", fmt::format("32'h{:08x}", configuration));
  text("TWIDDLES", twiddle_parameter(shape.words));
  if (shape.adders) text("ADDERS", adder_parameter(shape.words));
  image("PROGRAM_IMAGE", "program.hex");
  image("PASS_IMAGE", "passes.hex");
  image("WEIGHT_PREFIX", "weights");
  image("BIAS_PREFIX", "bias");
  image("PEEPHOLE_PREFIX", "peephole");
  if (work.initial_cell || work.initial_state) image("INITIAL_PREFIX", "initial");
  image("SIGMOID_IMAGE", "sigmoid.hex");
  image("TANH_IMAGE", "tanh.hex");
  return p;
}

}  // namespace

std::string top_module(const Workload& work, const Plan& plan, const std::string& name, std::uint32_t configuration,
                       std::uint32_t version, const std::string& command) {
  const std::vector<Port> ports = top_ports(plan.input, plan.output, plan.protocol, plan.shape.contexts);
  const EngineShape& shape = plan.shape;
  const std::string frames_of_run = shape.frames > 1
                                        ? fmt::format("shares of {} neighbouring frames", shape.frames)
                                        : fmt::format("{} frame{}", shape.contexts, shape.contexts > 1 ? "s" : "");
  std::string text = fmt::format(
      "// {}: a recurrent network with block-circulant weights, made by erngen.\n//\n"
      "// Command:  {}\n"
      "// Engine:   {} words a block row, {} x {} lanes ({} rows leave together), {} stream{}.\n"
      "// Schedule: {} cycles a run of {}, {} cycles from the first input beat to the last output beat.\n"
      "// Input:    {} elements of {}, {} a beat; output: {} elements of {}, {} a beat.\n"
      "// The algebra and every format are in docs/reference/arithmetic.md of erngen; the register map in "
      "docs/reference/registers.md.\n"
      "// IMAGE_DIR: directory of the memory images; empty: the working directory of the tool.\n"
      "`default_nettype none\n\nmodule {} {}(\n    input  wire aclk,\n    input  wire aresetn",
      name, command, shape.words, shape.rows, shape.columns, shape.readout, shape.contexts,
      shape.contexts > 1 ? "s" : "", plan.program.run_cycles, frames_of_run, plan.latency_cycles, plan.input.size,
      work.network.input_format().name(), plan.input.beat_elements, plan.output.size,
      work.network.output_format().name(), plan.output.beat_elements, name, image_dir_parameter);
  const auto range = [](const Port& port) { return port.bits ? fmt::format("[{}:0] ", port.bits - 1) : std::string(); };
  for (const Port& port : ports)
    if (port.present) text += fmt::format(",\n    {:6} wire {}{}", port.direction, range(port), port.name);
  text += fmt::format("\n);\n{}", image_dir_slash) + "  assign m_axis_tdest = m_axis_tid;\n";
  std::string absent;
  for (const Port& port : ports)
    if (!port.present) {
      text += port.direction == "input" ? fmt::format("  wire {}{} = {}'d0;\n", range(port), port.name, port.width())
                                        : fmt::format("  wire {}{};\n", range(port), port.name);
      if (port.direction == "output") absent += ", " + port.name;
    }
  text += "\n  ern_engine #(\n";
  const CellParameters parameters = engine_parameters(work, plan, name, configuration, version);
  for (size_t i = 0; i < parameters.size(); ++i)
    text += fmt::format("      .{}({}){}\n", parameters[i].first, parameters[i].second,
                        i + 1 < parameters.size() ? "," : "");
  text += "  ) u_engine (\n      .clk(aclk),\n      .rst_i(!aresetn)";
  for (const Port& port : ports)
    if (!port.inner.empty()) text += fmt::format(",\n      .{}({})", port.inner, port.name);
  text += fmt::format(
      "\n  );\n  wire unused = &{{1'b0, s_axi_awprot, s_axi_arprot{}}};\nendmodule\n\n`default_nettype wire\n", absent);
  return text;
}

}  // namespace erngen
