// The bit-exact reference model of the hardware, one stream (docs/reference/arithmetic.md).
//
// It shares number formats and activation tables with the RTL writer and nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cell/block_kernel.hpp"
#include "cell/quant_network.hpp"
#include "cell/real_model.hpp"
#include "ops/steps.hpp"

namespace erngen {

/// A place where values can meet the end of their format.
struct SignalSaturation {
  std::string signal;  ///< "h0", "c0", "z0.i", "Z0.lstm.0", "spectrum of h0"
  bool flat = false;  ///< loses at most two lsb of the activations: the activation is flat beyond its range, or a value
                      ///< below 1 rounds to 1
  SaturationCount count;
};

class FixedModel {
 public:
  /// Keeps a reference to `network`.
  explicit FixedModel(const QuantNetwork& network, InstructionSet set = best_instruction_set());

  /// One frame: x [input_size] raw, A bits; y [output_size] raw. State is kept until reset().
  void step(std::span<const std::int32_t> x, std::span<std::int32_t> y);
  void reset();

  /// Puts the model into a state, as a host does through the registers: a recurrent vector, [size] raw (A bits, or HW
  /// bits for the h of a GRU), and the cell state of an LSTM layer, [hidden] raw. Throws Error(internal) for another
  /// length or a vector without a state.
  void set_vector(int index, std::span<const std::int32_t> values);
  void set_cell(int layer, std::span<const std::int32_t> values);
  /// The spectrum words of a recurrent vector that takes them from its sums (feeds_spectrum), [size] raw, which its
  /// rounded elements do not tell. Throws Error(internal) for another length or another vector.
  void set_spectrum(int index, std::span<const std::int32_t> words);

  /// What met the end of its format since the model was made, in the order of the dataflow; places without a value are
  /// left out. The input is not among them: whoever rounds it knows.
  std::vector<SignalSaturation> saturations() const;

  /// Watches every signal as real numbers (slow; for the quantiser's report). Empty: off.
  void observe(Observer observer) { observer_ = std::move(observer); }

  /// Recurrent vector `vector` (h or y) after the last frame; raw, [size], HW bits for the h of a GRU, else A bits.
  std::span<const std::int32_t> vector(int index) const {
    return state_[index].empty() ? value_[index] : state_[index];
  }
  /// Words of the vector's first spectrum after the last frame; raw, packed, [blocks][k].
  std::span<const std::int32_t> spectrum(int index) const { return spectra_[index][0].words; }
  /// Cell state of an LSTM layer after the last frame; raw, [hidden].
  std::span<const std::int32_t> cell(int layer) const { return layers_[layer].cell; }

 private:
  void transform(int index);
  void sum_part(size_t phase, size_t part);
  void sums(size_t phase);
  void watch(const std::string& name, std::span<const std::int32_t> raw, int fraction) const;

  const QuantNetwork& network_;
  InstructionSet set_;
  CellUnits units_;
  Observer observer_;
  std::vector<std::vector<std::int32_t>> value_, previous_value_;
  std::vector<std::vector<std::vector<std::vector<BlockKernel>>>> kernels_;  ///< [phase][part][term][gate]
  std::vector<std::int32_t> spectrum_;                                       ///< of the vector in work, packed
  std::vector<std::int32_t> readout_spectrum_;                    ///< of a vector whose spectrum comes from its sums
  std::vector<std::vector<Operand>> spectra_, previous_spectra_;  ///< [vector][spectrum]
  std::vector<LayerMemory<std::int32_t, std::int64_t>> layers_;
  bool first_ = true;                              ///< the next frame begins a sequence: no state has been written
  std::vector<std::vector<std::int32_t>> state_;   ///< [vector]: of a GRU's h, HW bits, else empty
  std::vector<CellSaturations> cell_saturations_;  ///< [phase]
  std::vector<std::vector<SaturationCount>> sum_saturations_;       ///< [phase][part]: readout spectra
  std::vector<std::vector<SaturationCount>> spectrum_saturations_;  ///< [vector][spectrum]
  std::vector<std::int64_t> z_;                                     ///< [gates][padded size]
  size_t stride_ = 0;                                               ///< padded size
};

}  // namespace erngen
