// What the reference models and the simulation take and give: frames of one or several streams.
#pragma once

#include <span>
#include <string>

#include "base/npy.hpp"

namespace erngen {

/// The shape of an array that is [frames, features] (one stream) or [streams, frames, features].
struct Sequences {
  int streams = 1;
  int frames = 0;
  int features = 0;
  bool has_stream_axis = false;

  /// Interprets `x`. Throws Error(bad_input) starting with `what` if it has another number of axes, no stream,
  /// no frame, or frames that are not `features` wide.
  Sequences(const Array& x, int features, const std::string& what);

  /// The shape of an array with the same streams and frames and `width` elements a frame.
  std::vector<int> shape(int width) const;
  size_t offset(int stream, int frame) const { return (static_cast<size_t>(stream) * frames + frame) * features; }
  /// A frame of `x`, [features].
  std::span<const float> frame(const Array& x, int stream, int frame) const {
    return std::span(x.values).subspan(offset(stream, frame), features);
  }
};

}  // namespace erngen
