#include "rtl/wrappers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "rtl/litex.hpp"
#include "rtl/two_clocks.hpp"

namespace erngen {
namespace {

constexpr int dma_bits = 32;

int beat_bits(const StreamShape& stream) { return stream.element_bits * stream.beat_elements; }

}  // namespace

const std::vector<std::string>& wrapper_names() {
  static const std::vector<std::string> names{"clocks", "litex", "quartus", "vhdl", "vivado"};
  return names;
}

bool needs_plain_dma(const std::string& wrapper) { return wrapper == "litex" || wrapper == "vivado"; }

bool wants_tkeep(const std::string& wrapper) { return wrapper == "vivado"; }

void choose_for_plain_dma(PlanOptions& options, const PlainDmaChoice& given) {
  StreamProtocol& p = options.protocol;
  if (!given.stream_by_given) p.stream_by = StreamChoice::selected;
  if (!given.sequence_end_given)  // one tlast cannot end the sequences of streams that take turns
    p.sequence_end = p.rounds(options.contexts) ? SequenceEnd::frames : SequenceEnd::tlast;
  if (!given.input_tlast_given && p.sequence_end == SequenceEnd::frames) p.input_tlast = false;
  if (!given.output_tlast_given) p.tlast_per_sequence = true;
  if (given.tkeep) p.tkeep = true;
  if (!given.width_given) options.stream_bits = dma_bits;
}

void require_plain_dma(const std::string& wrapper, const BenchShape& shape) {
  const StreamProtocol& p = shape.protocol;
  const auto refuse = [&](const char* option, const char* why, const char* instead) {
    throw wrong_option(fmt::format("--wrapper {} with {}: {}", wrapper, option, why),
                       fmt::format("leave the option out, or take {}", instead));
  };
  if (p.has_tuser())
    refuse("--sequence-end tuser", "its DMA drives no tuser", "--sequence-end tlast or --sequence-end register");
  if (p.has_tid())
    refuse("--stream-by tid", "its DMA drives no tid", "--stream-by register or --stream-by round-robin");
  if (p.sequence_end == SequenceEnd::frames && p.input_tlast)
    refuse("--input-tlast frame", "its DMA has tlast at the end of a transfer only", "--input-tlast none");
  if (!p.tlast_per_sequence)
    refuse("--output-tlast frame", "its DMA would end a transfer with each frame", "--output-tlast sequence");
  for (const auto& [side, stream] : {std::pair("input", &shape.input), {"output", &shape.output}})
    if (beat_bits(*stream) < dma_bits)
      throw wrong_option(fmt::format("--wrapper {}: the {}'s beats have {} bits, fewer than the {} of a word of memory",
                                     wrapper, side, beat_bits(*stream), dma_bits),
                         fmt::format("take --stream-width {}", dma_bits));
}

std::vector<GeneratedFile> wrapper_files(const std::string& wrapper, const VendorDesign& design,
                                         const std::string& prefix) {
  if (needs_plain_dma(wrapper)) require_plain_dma(wrapper, design.shape);
  if (wrapper == "clocks") return two_clocks(design, prefix);
  if (wrapper == "litex") return {litex_module(design.shape)};
  if (wrapper == "quartus") return quartus_system(design);
  if (wrapper == "vhdl") return vhdl_component(design);
  if (wrapper == "vivado") return vivado_system(design);
  throw wrong_option(fmt::format("there is no wrapper '{}'", wrapper),
                     fmt::format("take {}", fmt::join(wrapper_names(), ", ")));
}

std::string wrapper_rows(const std::string& wrapper, const std::string& top) {
  const char* rows = wrapper == "litex" ? "| `litex/{0}_litex.py` | the design in a LiteX SoC, with DMA and interrupt: "
                                          "`{0}_litex.add_to(soc, \"{0}\")` "
                                          "|\n"
                     : wrapper == "quartus" ? "| `quartus/{0}.tcl`, `{0}_hw.tcl`, `{0}.sdc` | a Quartus project, a "
                                              "component for Platform Designer; untested "
                                              "on Quartus |\n"
                     : wrapper == "vhdl"    ? "| `vhdl/{0}_component.vhd`, `{0}_instance.vhd` | a package with the "
                                              "component, a template that instantiates "
                                              "it |\n"
                                         : "| `vivado/{0}.tcl`, `{0}.xdc` | a block design with AXI DMA for Zynq and "
                                           "Zynq UltraScale+; untested on Vivado "
                                           "|\n";
  return fmt::format(fmt::runtime(rows), top);
}

}  // namespace erngen
