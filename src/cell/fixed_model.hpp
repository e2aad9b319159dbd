// The bit-exact reference model of the hardware, one stream (docs/arithmetic.md).
//
// It shares number formats and activation tables with the RTL writer and nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cell/block_kernel.hpp"
#include "cell/elementwise.hpp"
#include "cell/quant_network.hpp"
#include "cell/real_model.hpp"

namespace erngen {

class FixedModel {
 public:
  /// Keeps a reference to `network`.
  explicit FixedModel(const QuantNetwork& network);

  /// One frame: x [input_size] raw, A bits; y [output_size] raw. State is kept until reset().
  void step(std::span<const std::int32_t> x, std::span<std::int32_t> y);
  void reset();

  /// Puts the model into a state, as a host does through the registers: a recurrent vector, [size] raw, and the cell
  /// state of an LSTM layer, [hidden] raw. Throws Error(internal) for another length or a vector without a state.
  void set_vector(int index, std::span<const std::int32_t> values);
  void set_cell(int layer, std::span<const std::int32_t> values);

  /// Watches every signal as real numbers (slow; for the quantiser's report). Empty: off.
  void observe(Observer observer) { observer_ = std::move(observer); }

  /// Recurrent vector `vector` (h or y) after the last frame; raw, [size].
  std::span<const std::int32_t> vector(int index) const { return value_[index]; }
  /// Cell state of an LSTM layer after the last frame; raw, [hidden].
  std::span<const std::int32_t> cell(int layer) const { return cell_[layer]; }

 private:
  void transform(int index);
  void sum_part(size_t phase, size_t part);
  void sums(size_t phase);
  void watch(const std::string& name, std::span<const std::int32_t> raw, int fraction) const;

  const QuantNetwork& network_;
  CellUnits units_;
  Observer observer_;
  std::vector<std::vector<std::int32_t>> value_, previous_value_;
  std::vector<std::vector<std::vector<std::vector<BlockKernel>>>> kernels_;  ///< [phase][part][term][gate]
  std::vector<std::int32_t> spectrum_;                                       ///< of the vector in work, packed
  std::vector<std::int32_t> readout_spectrum_;                    ///< of a vector whose spectrum comes from its sums
  std::vector<std::vector<Operand>> spectra_, previous_spectra_;  ///< [vector][spectrum]
  std::vector<std::vector<std::int32_t>> cell_, update_;
  std::vector<std::vector<std::int64_t>> input_sum_, state_sum_;  ///< [layer]: z_x and z_h of a GRU with reset after
  std::vector<std::int64_t> z_;                                   ///< [gates][padded size]
  size_t stride_ = 0;                                             ///< padded size
};

}  // namespace erngen
