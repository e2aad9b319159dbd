// What the streams' side signals mean in a design: options of `erngen generate`, for sources and sinks of several
// kinds.
#pragma once

#include <string>

#include "base/json.hpp"

namespace erngen {

/// What ends a sequence on the input. The numbers are those of END in templates/ern_axis_in.v.
enum class SequenceEnd {
  tuser,  ///< tuser in its last beat
  tlast,  ///< tlast in its last beat, and in no other
  frames  ///< the register SEQUENCE_FRAMES counts its frames
};

/// What says to which stream an input frame belongs: SELECT in templates/ern_axis_in.v.
enum class StreamChoice {
  tid,         ///< tid
  selected,    ///< the register STREAM
  round_robin  ///< the streams take turns, frame by frame
};

struct StreamProtocol {
  SequenceEnd sequence_end = SequenceEnd::tuser;
  bool input_tlast = true;  ///< each frame's last beat has tlast; means nothing with SequenceEnd::tlast
  StreamChoice stream_by = StreamChoice::tid;
  bool tlast_per_sequence = false;  ///< of the output; else per frame
  bool tkeep = false;               ///< the output has it
  bool ends_only = false;           ///< only frames that end a sequence come out

  /// Whether the input has tlast, tuser, tid.
  bool has_tlast() const { return sequence_end == SequenceEnd::tlast || input_tlast; }
  bool has_tuser() const { return sequence_end == SequenceEnd::tuser; }
  bool has_tid() const { return stream_by == StreamChoice::tid; }
  /// Whether runs hold a frame of each stream.
  bool rounds(int streams) const { return stream_by == StreamChoice::round_robin && streams > 1; }
  friend bool operator==(const StreamProtocol&, const StreamProtocol&) = default;
};

/// Names of the options and of the manifest.
const char* name_of(SequenceEnd end);
const char* name_of(StreamChoice choice);

/// Throws Error(usage) where the parts contradict each other.
void require_consistent(const StreamProtocol& protocol, int streams);

/// The manifest's "protocol": what differs from the default, null for the default itself. And back; throws
/// Error(bad_input) naming `what` and the entry.
Json protocol_json(const StreamProtocol& protocol);
StreamProtocol stream_protocol(const Json& manifest, const std::string& what);

}  // namespace erngen
