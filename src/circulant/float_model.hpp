// The network in double precision, by the definitions of network.hpp: `erngen run --arithmetic float`.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/npy.hpp"
#include "network/network.hpp"

namespace erngen {

class FloatLayer;

class FloatModel {
 public:
  explicit FloatModel(const Network& network);
  ~FloatModel();
  FloatModel(FloatModel&&) noexcept;

  /// One frame of one stream: x [input()] -> [output()], valid until the next call. h and c are kept until reset().
  std::span<const double> step(std::span<const double> x);

  /// h = c = 0.
  void reset();

  /// All frames of x, [frames, features] or [streams, frames, features]; each stream starts from reset().
  /// Returns the same shape with output() in place of features. `progress(done, total)` counts frames.
  /// Throws Error(bad_input) starting with `what` for another shape and for an output beyond float32.
  Array run(const Array& x, const std::string& what = "input",
            const std::function<void(size_t, size_t)>& progress = {});

  int input() const { return input_; }
  int output() const { return output_; }

 private:
  int input_, output_;
  std::vector<std::unique_ptr<FloatLayer>> layers_;
};

}  // namespace erngen
