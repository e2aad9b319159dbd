// The network in double precision, by the definitions of network.hpp: `erngen run --arithmetic float`.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "network/sequences.hpp"

namespace erngen {

class FloatLayer;

class FloatModel {
 public:
  explicit FloatModel(const Network& network);
  ~FloatModel();
  FloatModel(FloatModel&&) noexcept;

  /// One frame of one stream: x [frame_size()] -> [output_elements()], valid until the next call. h and c are kept
  /// until reset().
  std::span<const double> step(std::span<const double> x);

  /// h and c as a sequence begins: zero, or what the network says.
  void reset();

  /// All frames of x, in as many passes as the network needs; each sequence starts from reset(). Returns
  /// x.shape(output()). `progress(done, total)` counts frames of all passes. Throws Error(bad_input) starting with
  /// `what` for frames of another width and an output beyond float32.
  Array run(const Sequences& x, const std::string& what = "input",
            const std::function<void(size_t, size_t)>& progress = {});

  int input() const { return order_.input(); }
  int output() const { return order_.output(); }

 private:
  struct Step {
    std::unique_ptr<FloatLayer> layer;
    std::vector<int> inputs;
    std::vector<double> joined;     ///< several inputs, one behind the other
    std::span<const double> value;  ///< of this frame
  };
  std::span<const double> join(const std::vector<int>& sources, std::span<const double> x,
                               std::vector<double>& room) const;
  /// The outputs of one pass.
  std::vector<float> outputs_of(const Sequences& frames, const std::string& what,
                                const std::function<void()>& one_done);

  Network order_;  ///< the structure
  std::vector<FramePart> parts_;
  std::vector<int> offsets_;
  std::vector<Step> layers_;
  std::vector<double> joined_outputs_;
};

}  // namespace erngen
