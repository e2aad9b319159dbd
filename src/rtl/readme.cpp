#include "rtl/readme.hpp"

#include <fmt/format.h>

#include "fixed/fixed.hpp"
#include "rtl/wrappers.hpp"

namespace erngen {
namespace {

std::string plural(std::int64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// What the elements of a frame are and how they lie in its beats.
std::string stream_text(const char* port, const char* what, const Json& s) {
  const int size = s.at("size"), width = s.at("width"), fraction = s.at("fraction"), bits = s.at("element_bits"),
            beat = s.at("beat_elements");
  const int beats = (size + beat - 1) / beat;
  return fmt::format(
      "- `{}`: {} of {}, `{}`, two's complement: a value is its integer / 2^{}. Each takes {} bits of `tdata`, element "
      "0 "
      "in the lowest;\n  {} a beat, {} a frame.\n",
      port, what, plural(size, "element"), Format{width, fraction}.name(), fraction, bits, plural(beat, "element"),
      plural(beats, "beat"));
}

std::string port_table(const std::vector<Port>& ports) {
  std::string text = "| port | direction | bits |\n|---|---|---|\n| aclk, aresetn | input | 1 |\n";
  for (const Port& port : ports) text += fmt::format("| {} | {} | {} |\n", port.name, port.direction, port.width());
  return text;
}

/// What the side signals of the streams mean.
std::string framing_text(const BenchShape& shape) {
  const StreamProtocol& p = shape.protocol;
  std::string text = fmt::format("- {}: ", plural(shape.streams, "stream"));
  text += p.stream_by == StreamChoice::tid
              ? fmt::format("`tid` says whose a frame is{}.", shape.streams == 1 ? " and is 0" : "")
          : p.stream_by == StreamChoice::selected ? "an input frame is that of the stream in the register STREAM."
                                                  : "the input's frames belong to the streams in turns.";
  if (p.sequence_end != SequenceEnd::tlast)
    text += p.input_tlast ? " `tlast` is 1 in an input frame's last beat." : " The input has no `tlast`.";
  text += p.sequence_end == SequenceEnd::tuser ? " `tuser` is 1 in the last beat of the last frame of a sequence;"
          : p.sequence_end == SequenceEnd::tlast
              ? " `tlast` is 1 in the last beat of the last frame of a sequence;"
              : " The register SEQUENCE_FRAMES says how many frames make a sequence;";
  text += " after\n  a sequence the stream's state is as it was at first.";
  if (p.ends_only) text += " Only the last frame of each sequence comes out.";
  text += fmt::format(" On the output `tlast` is 1 in the last beat of a {}, `tuser` in that of a sequence.\n",
                      p.tlast_per_sequence ? "sequence" : "frame");
  return text;
}

/// What the host makes frames of, and what it makes of the outputs, where layers run from a sequence's end.
std::string sequences_text(const Json& sequences) {
  const auto order = [](const Json& part) { return part.value("mirrored", false) ? "T - 1 - t" : "t"; };
  const auto range = [](int first, int size) { return fmt::format("{}..{}", first, first + size - 1); };
  std::string text =
      "## Sequences\n\nLayers run from a sequence's last frame to its first. The host sends frames made of a whole "
      "sequence of T frames\n(x) and puts the results (y) in order; `erngen simulate` and the Python package do it "
      "themselves.\n\n| elements of input frame t | are | format |\n|---|---|---|\n";
  for (const Json& part : sequences.at("frame")) {
    const int size = part.at("size"), first = part.at("first");
    const std::string what = part.contains("output") ? fmt::format("outputs {} of frame {} in the pass before",
                                                                   range(part.at("output"), size), order(part))
                                                     : fmt::format("x of frame {}", order(part));
    text += fmt::format("| {} | {} | integer / 2^{} |\n", range(first, size), what, part.at("fraction").get<int>());
  }
  text += "\nElements between these are 0.";
  if (const int passes = sequences.at("passes"); passes > 1)
    text += fmt::format(
        " A sequence goes through the engine {} times; in the first pass what a pass before would\n"
        "have given is 0, and only the outputs of the last pass are results.",
        passes);
  if (!sequences.contains("result")) return text + "\n\n";
  text += "\n\n| result for frame t | |\n|---|---|\n";
  int at = 0;
  for (const Json& part : sequences.at("result")) {
    const int size = part.at("size");
    std::string sum;
    for (const Json& summand : part.at("sum"))
      sum += fmt::format("{}outputs {} of frame {}", sum.empty() ? "" : " + ", range(summand.at("output"), size),
                         order(summand));
    text += fmt::format("| {} | {} |\n", range(at, size), sum);
    at += size;
  }
  return text + "\n";
}

/// The states that a host can save and restore.
std::string state_text(const Json& states) {
  if (states.empty()) return "";
  std::string names;
  for (const Json& state : states)
    if (state.at("stream") == 0)
      names += fmt::format("{}`{}` ({} of {})", names.empty() ? "" : ", ", state.at("name").get<std::string>(),
                           state.at("kind").get<std::string>(), plural(state.at("size"), "element"));
  return fmt::format("States of a stream: {}; the manifest's `states` say where the host finds them.\n", names);
}

/// What a host can replace, and with what.
std::string load_text(const Json& m) {
  const std::string loadable = m.value("loadable", "weights");
  return fmt::format(
      "The contents of the memories are in the images. A host can replace {} at run time by those of another network "
      "of "
      "the\nsame layers, blocks and formats:\n\n"
      "    erngen quantise OTHER.net --calibration X.npy --formats-of network.safetensors -o other.q\n"
      "    erngen weights other.q --for . -o other.ern\n\n"
      "`erngen_load()` of the driver takes that file, checks it, loads it and compares its CRC.{}\n",
      loadable == "weights"     ? "the weights"
      : loadable == "constants" ? "weights, biases, peepholes and initial states"
                                : "weights, biases, peepholes, initial states and the tables of the activations",
      loadable == "weights" ? " Biases stay: `erngen generate --loadable constants` makes them loadable, too." : "");
}

}  // namespace

std::string design_readme(const Json& m, const std::vector<Port>& ports, const std::string& part) {
  const std::string top = m.at("top");
  const Json& p = m.at("predicted");
  std::string text = fmt::format(
      "# {0}\n\n"
      "A recurrent network as an accelerator in Verilog-2005. Made by erngen {1}; its use is yours. This "
      "command, with `-o DIR`\nand this directory's `network.safetensors` under the name that it gives, makes it "
      "again:\n\n    {2}\n\n",
      top, m.at("version").get<std::string>(), m.at("command").get<std::string>());
  const int frames = p.value("frames_in_flight", 1);
  text += fmt::format(
      "Planned for {} at {:g} MHz: a frame every {:g} cycles ({:.0f} frames per second, all streams together), latency "
      "{} "
      "cycles ({:.2f} us){}, {} DSP\nblocks, {:g} block RAMs of 36 kbit, about {} LUTs and {} flip-flops.\n\n",
      p.at("device").get<std::string>(), p.at("clock_mhz").get<double>(), p.at("cycles_per_frame").get<double>(),
      p.at("frames_per_second").get<double>(), p.at("latency_cycles").get<int>(), p.at("latency_us").get<double>(),
      frames > 1 ? fmt::format(", {} neighbouring frames in flight", frames) : "", p.at("dsp").get<int>(),
      p.at("bram36").get<double>(), p.at("lut").get<int>(), p.at("ff").get<int>());
  text += fmt::format(
      "| path | |\n|---|---|\n"
      "| `rtl/{0}.v` | the top module |\n"
      "| `rtl/`, `rtl/files.f` | all Verilog, and the list of it, the top module last |\n"
      "| `images/` | contents of the memories: program, weights, biases, tables |\n"
      "| `testbench/` | benches for Verilator and Icarus, with example frames |\n"
      "| `software/{0}_registers.h` | register addresses, bits and this design's numbers for C and C++ |\n"
      "| `software/erngen.h`, `erngen.c`, `erngen_load.c`, `{0}_design.c` | the driver in C99 and this design for it; "
      "`erngen_mapped`: bare metal and AXI DMA, `erngen_uio`: Linux, `erngen_host`: the Verilated design; "
      "`erngen_pynq.py`: PYNQ |\n"
      "| `{0}.core`, `component.xml` | packages for FuseSoC and for IP-XACT tools (Vivado's IP catalogue) |\n"
      "| `network.safetensors` | the quantised network, for `erngen simulate` and `erngen generate` |\n"
      "| `manifest.json` | everything about the design, for programs |\n",
      top);
  if (m.contains("wrappers"))
    for (const Json& wrapper : m.at("wrappers")) text += wrapper_rows(wrapper, top);
  if (m.contains("benches"))
    text += fmt::format(
        "| `testbench/cocotb/` | a cocotb bench: `python3 testbench/cocotb/run.py icarus`, or `verilator` |\n");
  text += "\n";
  text += "## Ports and formats\n\n" + stream_text("s_axis", "a frame of input", m.at("input")) +
          stream_text("m_axis", "a frame of output", m.at("output"));
  text += framing_text(bench_shape(m, "manifest"));
  text += fmt::format(
      "- `s_axi`: AXI4-Lite, 32 bits, the registers of `software/{}_registers.h`. `irq`: the interrupt.\n"
      "- All belong to `aclk`. `aresetn` is synchronous and active low; one cycle is enough.\n\n",
      top);
  text += port_table(ports) + "\n";
  if (m.contains("sequences")) text += sequences_text(m.at("sequences"));
  text += fmt::format(
      "## Simulate\n\n"
      "    erngen simulate . --input X.npy --output Y.npy     # X: [frames, {0}] or [sequences, frames, {0}]\n\n"
      "compares every word with the fixed-point model and the cycles with the plan. Without erngen: `make -C "
      "testbench` builds the "
      "Verilator bench;\n`fusesoc --cores-root . run --target sim {1}` sends the example frames with Icarus. "
      "Simulators run in `images/`,\n"
      "where the Verilog finds the contents of its memories.\n\n",
      m.contains("sequences") ? m.at("sequences").at("features").get<int>() : m.at("input").at("size").get<int>(), top);
  text += fmt::format(
      "## Synthesise\n\n"
      "    erngen synth . --tool yosys{}\n\n"
      "or add all files of `rtl/files.f` to a project{}, with `{}` as the top, and let the tool find the files of "
      "`images/`, or\ngive the top's parameter `IMAGE_DIR` that directory. The "
      "clock is the only\nconstraint that the design needs.\n\n",
      part.empty() ? "       # or --tool nextpnr" : "       # or --tool vivado", part.empty() ? "" : " for " + part,
      top);
  text +=
      "## Drive\n\n"
      "Reset, then send frames. Backpressure on both sides is free. STATUS has the errors (a "
      "broken frame is "
      "dropped and\nsaid to be), STATE_CLEAR ends a sequence without a frame, CONTROL halts and resets.\n" +
      state_text(m.at("states")) + "\n## Load\n\n" + load_text(m);
  return text;
}

}  // namespace erngen
