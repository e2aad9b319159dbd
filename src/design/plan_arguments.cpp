#include "design/plan_arguments.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "base/printable.hpp"

namespace erngen {

std::string plan_arguments(const std::string& device, const PlanOptions& options) {
  std::string text =
      fmt::format("--device {} --clock {} --streams {}", shell_word(std::filesystem::path(device).filename().string()),
                  options.clock_mhz, options.contexts);
  const auto number = [&](const char* name, const std::optional<int>& value) {
    if (value) text += fmt::format(" {} {}", name, *value);
  };
  const auto choice = [&](const char* name, const std::optional<bool>& value, const char* yes, const char* no) {
    if (value) text += fmt::format(" {} {}", name, *value ? yes : no);
  };
  number("--max-dsp", options.max_dsp);
  number("--words", options.words);
  number("--rows", options.rows);
  number("--columns", options.columns);
  number("--readout", options.readout);
  number("--ports", options.ports);
  number("--folding", options.folding);
  choice("--products", options.cell_luts, "lut", "dsp");
  choice("--rotations", options.adders, "lut", "dsp");
  choice("--admission", options.early, "early", "late");
  if (options.frames) {
    const FrameRange& f = *options.frames;
    text += f.most == 1         ? " --overlap off"
            : f.least == f.most ? fmt::format(" --overlap {}", f.most)
            : f.least == 1      ? " --overlap auto"
                                : " --overlap on";
  }
  if (options.form != LaneForm::plain)
    text += fmt::format(" --lane-form {}", options.form ? name_of(*options.form) : "auto");
  if (options.dsp_activations) text += " --dsp-activations";
  if (options.pipeline) text += fmt::format(" --pipeline {}", options.pipeline);
  if (options.loadable != Loadable::weights) text += fmt::format(" --loadable {}", name_of(options.loadable));
  constexpr const char* goals[] = {"rate", "latency", "knee", "area"};
  if (options.goal) text += fmt::format(" --goal {}", goals[static_cast<int>(*options.goal)]);
  if (options.min_rate) text += fmt::format(" --min-rate {}", *options.min_rate);
  if (options.max_latency_us) text += fmt::format(" --max-latency {}", *options.max_latency_us);
  number("--input-beat", options.input_beat);
  number("--output-beat", options.output_beat);
  number("--stream-width", options.stream_bits);
  if (options.bytes) text += " --elements bytes";
  const StreamProtocol& protocol = options.protocol;
  if (protocol.sequence_end != SequenceEnd::tuser)
    text += fmt::format(" --sequence-end {}", name_of(protocol.sequence_end));
  if (!protocol.input_tlast) text += " --input-tlast none";
  if (protocol.stream_by != StreamChoice::tid) text += fmt::format(" --stream-by {}", name_of(protocol.stream_by));
  if (protocol.tlast_per_sequence) text += " --output-tlast sequence";
  if (protocol.tkeep) text += " --output-tkeep";
  choice("--output-frames", options.ends_only, "last", "all");
  return text;
}

}  // namespace erngen
