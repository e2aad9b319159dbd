#include "network/sequences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace erngen {

Sequences::Sequences(const Array& x, int features_, const std::string& what) : features(features_) {
  if (x.shape.size() != 2 && x.shape.size() != 3)
    throw bad_input(fmt::format("{}: has shape {}, expected [frames, {}] or [streams, frames, {}]", what, x.shape,
                                features, features));
  has_stream_axis = x.shape.size() == 3;
  if (has_stream_axis) streams = x.shape[0];
  frames = x.shape[x.shape.size() - 2];
  if (x.shape.back() != features)
    throw bad_input(fmt::format("{}: frames have {} elements, the network takes {}", what, x.shape.back(), features));
  if (streams == 0 || frames == 0)
    throw bad_input(fmt::format("{}: has shape {}: there is no frame in it", what, x.shape));
}

std::vector<int> Sequences::shape(int width) const {
  if (has_stream_axis) return {streams, frames, width};
  return {frames, width};
}

}  // namespace erngen
