#include "rtl/driver_files.hpp"

#include <fmt/format.h>

namespace erngen {
namespace {

std::string format_text(const StreamShape& s) {
  return fmt::format("{{{}u, {}u, {}u, {}u, {}}}", s.size, s.beat_elements, s.element_bits, s.width, s.fraction);
}

std::string states_text(const Json& states) {
  std::string text;
  for (const Json& s : states) {
    const std::string kind = s.at("kind");
    text += fmt::format(
        "  {{\"{}\", {}, {}u, {}u, {}, {}u, {}u, {}u, {}u, {}u, {}u}},\n", s.at("name").get<std::string>(),
        kind == "cell"     ? "ERNGEN_CELL"
        : kind == "vector" ? "ERNGEN_VECTOR"
                           : "ERNGEN_SPECTRUM",
        s.at("stream").get<int>(), s.at("width").get<int>(), s.at("fraction").get<int>(), s.at("size").get<int>(),
        s.at("tiles").get<int>(), s.value("tile", 0), s.value("row", 0), s.value("lane", 0), s.value("flags", 0));
  }
  return text;
}

std::string part_text(int first, int size, int output, int fraction, bool mirrored) {
  return fmt::format("  {{{}u, {}u, {}, {}, {:d}}},\n", first, size, output, fraction, mirrored);
}

std::string frame_text(const Json& sequences) {
  std::string text;
  for (const Json& part : sequences.at("frame"))
    text += part_text(part.at("first"), part.at("size"), part.value("output", -1), part.at("fraction"),
                      part.value("mirrored", false));
  return text;
}

/// A line for each summand of each part; without parts the result is the outputs.
std::string result_text(const Json& sequences, int outputs) {
  if (!sequences.contains("result")) return part_text(0, outputs, 0, 0, false);
  std::string text;
  int first = 0;
  for (const Json& part : sequences.at("result")) {
    for (const Json& summand : part.at("sum"))
      text += part_text(first, part.at("size"), summand.at("output"), 0, summand.value("mirrored", false));
    first += part.at("size").get<int>();
  }
  return text;
}

}  // namespace

std::vector<GeneratedFile> driver_files(const Json& manifest, std::uint32_t version) {
  const BenchShape shape = bench_shape(manifest, "manifest");
  const std::string& top = shape.top;
  const Json& plan = manifest.at("predicted");
  const Json& states = manifest.at("states");
  const StreamProtocol& p = shape.protocol;
  const std::string header = fmt::format(
      "/* {0} for the driver in erngen.h. Made by erngen {1}. */\n#ifndef ERNGEN_DESIGN_{0}\n#define "
      "ERNGEN_DESIGN_{0}\n\n"
      "#include \"erngen.h\"\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\nextern const erngen_design "
      "{0}_design;\n\n"
      "#ifdef __cplusplus\n}}\n#endif\n\n#endif\n",
      top, manifest.at("version").get<std::string>());
  std::string source =
      fmt::format("/* {0} for the driver in erngen.h. Made by erngen {1}. */\n#include \"{0}_design.h\"\n\n", top,
                  manifest.at("version").get<std::string>());
  if (!states.empty())
    source +=
        "/* name, kind, stream, width, fraction, size, tiles, tile, row, lane, flags */\nstatic const erngen_state "
        "states[] = {\n" +
        states_text(states) + "};\n\n";
  const Json sequences = manifest.value("sequences", Json::object());
  if (!sequences.empty())
    source += "/* first, size, output, fraction, mirrored */\nstatic const erngen_part frame_parts[] = {\n" +
              frame_text(sequences) + "};\nstatic const erngen_part result_parts[] = {\n" +
              result_text(sequences, static_cast<int>(shape.output.size)) + "};\n\n";
  source += fmt::format(
      "const erngen_design {0}_design = {{\n"
      "  \"{0}\",\n"
      "  0x{1:08x}u, /* version */\n"
      "  0x{2}u, /* configuration */\n"
      "  {3}u, /* streams */\n"
      "  {4}u, /* words */\n"
      "  {5}u, /* columns */\n"
      "  {6}, /* input: elements, of a beat, bits of a lane, width, fraction */\n"
      "  {7}, /* output */\n"
      "  {8}, /* what ends a sequence */\n"
      "  {9}, /* whose a frame is */\n"
      "  {10:d}, /* the input has tlast in each frame's last beat */\n"
      "  {11:d}, /* the output has tlast per sequence */\n"
      "  {12:d}, /* only last frames come out */\n"
      "  {13},\n"
      "  {14}u, {15}u, {16}u, /* whole sequences: values of a frame and of a result, passes */\n"
      "  {17},\n  {18}\n}};\n",
      top, version, manifest.at("configuration").get<std::string>(), shape.streams, plan.at("words").get<int>(),
      plan.at("columns").get<int>(), format_text(shape.input), format_text(shape.output),
      p.sequence_end == SequenceEnd::tuser   ? "ERNGEN_END_TUSER"
      : p.sequence_end == SequenceEnd::tlast ? "ERNGEN_END_TLAST"
                                             : "ERNGEN_END_REGISTER",
      p.stream_by == StreamChoice::tid        ? "ERNGEN_BY_TID"
      : p.stream_by == StreamChoice::selected ? "ERNGEN_BY_REGISTER"
                                              : "ERNGEN_BY_TURNS",
      p.sequence_end != SequenceEnd::tlast && p.input_tlast, p.tlast_per_sequence, p.ends_only,
      states.empty() ? "0, 0" : "states, sizeof states / sizeof states[0]", sequences.value("features", 0),
      sequences.value("results", 0), sequences.value("passes", 0),
      sequences.empty() ? "0, 0" : "frame_parts, sizeof frame_parts / sizeof frame_parts[0]",
      sequences.empty() ? "0, 0" : "result_parts, sizeof result_parts / sizeof result_parts[0]");
  return {{top + "_design.h", header}, {top + "_design.c", source}};
}

}  // namespace erngen
