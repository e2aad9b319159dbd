#include "bench/stream_protocol.hpp"

#include <array>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

constexpr std::array ends{SequenceEnd::tuser, SequenceEnd::tlast, SequenceEnd::frames};
constexpr std::array choices{StreamChoice::tid, StreamChoice::selected, StreamChoice::round_robin};

Error wrong(const std::string& what, const std::string& key, const Json& value) {
  return bad_input(fmt::format("{}: \"protocol\": \"{}\" is {}", what, key, value.dump()),
                   "generate the design again with erngen generate");
}

template <class Enum, size_t N>
void read(const Json& value, const std::string& key, const std::string& what, const std::array<Enum, N>& all,
          Enum& result) {
  for (const Enum one : all)
    if (value == name_of(one)) {
      result = one;
      return;
    }
  throw wrong(what, key, value);
}

void read(const Json& value, const std::string& key, const std::string& what, bool& result) {
  if (!value.is_boolean()) throw wrong(what, key, value);
  result = value.get<bool>();
}

}  // namespace

const char* name_of(SequenceEnd end) {
  return end == SequenceEnd::tuser ? "tuser" : end == SequenceEnd::tlast ? "tlast" : "register";
}

const char* name_of(StreamChoice choice) {
  return choice == StreamChoice::tid ? "tid" : choice == StreamChoice::selected ? "register" : "round-robin";
}

void require_consistent(const StreamProtocol& protocol, int streams) {
  if (protocol.sequence_end == SequenceEnd::tlast && !protocol.input_tlast)
    throw wrong_option("--sequence-end tlast with --input-tlast none: nothing would end a sequence",
                       "leave --input-tlast out, or end sequences by tuser or a register");
  if (protocol.sequence_end == SequenceEnd::tlast && protocol.rounds(streams))
    throw wrong_option(
        fmt::format("--sequence-end tlast with --stream-by round-robin and {} streams: one tlast cannot end the "
                    "sequences of all of them",
                    streams),
        "end sequences by a register, which counts the frames of each stream, or by tuser");
}

Json protocol_json(const StreamProtocol& p) {
  const StreamProtocol usual;
  Json json;
  if (p.sequence_end != usual.sequence_end) json["sequence_end"] = name_of(p.sequence_end);
  if (p.input_tlast != usual.input_tlast) json["input_tlast"] = p.input_tlast;
  if (p.stream_by != usual.stream_by) json["stream_by"] = name_of(p.stream_by);
  if (p.tlast_per_sequence) json["tlast_per_sequence"] = true;
  if (p.tkeep) json["tkeep"] = true;
  if (p.ends_only) json["last_frame_only"] = true;
  return json;
}

StreamProtocol stream_protocol(const Json& manifest, const std::string& what) {
  StreamProtocol p;
  if (!manifest.contains("protocol")) return p;
  const Json& json = manifest.at("protocol");
  if (!json.is_object()) throw bad_input(fmt::format("{}: \"protocol\" is not an object", what));
  for (const auto& [key, value] : json.items()) {
    if (key == "sequence_end")
      read(value, key, what, ends, p.sequence_end);
    else if (key == "stream_by")
      read(value, key, what, choices, p.stream_by);
    else if (key == "input_tlast")
      read(value, key, what, p.input_tlast);
    else if (key == "tlast_per_sequence")
      read(value, key, what, p.tlast_per_sequence);
    else if (key == "tkeep")
      read(value, key, what, p.tkeep);
    else if (key == "last_frame_only")
      read(value, key, what, p.ends_only);
    else
      throw wrong(what, key, value);
  }
  return p;
}

}  // namespace erngen
