#include "cli/stream_options.hpp"

#include "cli/choice.hpp"
#include "cli/number.hpp"
#include "rtl/wrappers.hpp"

namespace erngen::cli {

void StreamArguments::add_to(CLI::App& app) {
  CLI::Option* beat = app.add_option("--input-beat", input_beat,
                                     "Elements of an input stream beat, a power of two up to 512 bits; default: the "
                                     "blocks that enter together")
                          ->transform(within(1, 64));
  CLI::Option* out = app.add_option("--output-beat", output_beat,
                                    "Elements of an output stream beat; default: the tiles that leave together")
                         ->transform(within(1, 64));
  app.add_option("--stream-width", width,
                 "Bits of tdata on both sides, 32 to 512, instead of --input-beat and --output-beat")
      ->check(CLI::IsMember({32, 64, 128, 256, 512}))
      ->excludes(beat)
      ->excludes(out);
  app.add_option("--elements", elements,
                 "How elements lie in tdata: words of 16 bits (32 above 16 bits), or bytes for widths up to 8")
      ->check(CLI::IsMember({"words", "bytes"}))
      ->capture_default_str();
  app.add_option(
         "--sequence-end", sequence_end,
         "What ends a sequence: tuser in its last beat; tlast in its last beat, and in no other; or a register, "
         "after N frames [tuser]")
      ->type_name("tuser|tlast|register")
      ->transform(one_of<SequenceEnd>(
          {{"tuser", SequenceEnd::tuser}, {"tlast", SequenceEnd::tlast}, {"register", SequenceEnd::frames}}));
  app.add_option("--input-tlast", input_tlast,
                 "Whether the last beat of each input frame has tlast; none: the input has no tlast [frame]")
      ->check(CLI::IsMember({"frame", "none"}));
  app.add_option("--stream-by", stream_by,
                 "What says whose stream's a frame is: tid, a register, or the streams take turns frame by frame [tid]")
      ->type_name("tid|register|round-robin")
      ->transform(one_of<StreamChoice>({{"tid", StreamChoice::tid},
                                        {"register", StreamChoice::selected},
                                        {"round-robin", StreamChoice::round_robin}}));
  app.add_option("--output-tlast", output_tlast,
                 "When the output has tlast: in the last beat of each frame or sequence [frame]")
      ->check(CLI::IsMember({"frame", "sequence"}));
  app.add_flag("--output-tkeep", tkeep, "The output has tkeep");
  app.add_option("--output-frames", output_frames,
                 "Which frames come out: all, or the last one of each sequence; default: all, unless the network gives "
                 "its last frame only")
      ->check(CLI::IsMember({"all", "last"}));
}

void StreamArguments::put_into(PlanOptions& options) const {
  const auto chosen = [](int value) { return value ? std::optional<int>(value) : std::nullopt; };
  options.input_beat = chosen(input_beat);
  options.output_beat = chosen(output_beat);
  options.stream_bits = chosen(width);
  options.bytes = elements == "bytes";
  options.protocol.sequence_end = sequence_end.value_or(SequenceEnd::tuser);
  options.protocol.input_tlast = input_tlast != "none";
  options.protocol.stream_by = stream_by.value_or(StreamChoice::tid);
  options.protocol.tlast_per_sequence = output_tlast == "sequence";
  options.protocol.tkeep = tkeep;
  if (!output_frames.empty()) options.ends_only = output_frames == "last";
  if (plain_dma)
    choose_for_plain_dma(options, {dma_tkeep, sequence_end.has_value(), !input_tlast.empty(), stream_by.has_value(),
                                   !output_tlast.empty(), input_beat || output_beat || width});
}

}  // namespace erngen::cli
