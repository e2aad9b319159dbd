// The fields of control words as a template has them.
#pragma once

#include <string>

namespace erngen {

/// The template with its marked lines made anew: a localparam for the lowest bit of each field that the rest of the
/// text uses, SEGMENT_STEPS say, and with _W for its width. Bits of a whole word, as in `parameter TILE_TAG = 83`, are
/// put right too. A template without the mark stays as it is; one that uses fields must have it (Verilog refuses
/// unknown names).
std::string with_control_words(const std::string& verilog);

}  // namespace erngen
