// What planning and writing ask of a quantised network, found once and passed on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "cell/quant_network.hpp"
#include "ops/cell_template.hpp"
#include "units/lane.hpp"

namespace erngen {

struct Workload {
  /// The network must outlive it.
  explicit Workload(const QuantNetwork& network);
  explicit Workload(QuantNetwork&&) = delete;

  const QuantNetwork& network;
  const Graph<std::int32_t>& graph;
  const NumberFormats& formats;

  /// Block sizes as a bit mask of their logarithms: of the parts (the array and the inverse transforms), and of the
  /// engine's own vectors' first and second spectra (the forward transforms).
  int part_modes = 0;
  std::array<int, 2> spectrum_modes{};
  /// Guards of these spectra, as a bit mask.
  std::array<int, 2> guards{};
  /// The different rounding shifts of the readout (accumulator to F_d), and of sums that become spectra without
  /// a transform (F_acc to F_s), in the order of their first use: the lists that descriptors of passes index.
  std::vector<int> readout_shifts, shortcut_shifts;
  std::vector<int> output_shift_numbers;   ///< by phase, see output_shift_number()
  std::vector<const CellTemplate*> cells;  ///< those that some phase needs, in the order of cell_templates()
  OutputLists lists;
  int kept_width = 0;                                ///< see kept_width()
  bool takes_sums = false;                           ///< some phase takes the sums of others
  bool tanh_candidate = true;                        ///< of LSTM layers where all have a unit's
  bool peephole = false;                             ///< some layer has them
  bool first_bias = false;                           ///< some phase has a bias of its own for first frames
  bool initial_cell = false, initial_state = false;  ///< some LSTM's c, some GRU's h does not begin at zero
  int max_gates = 0;                                 ///< of a tile, over all phases
  std::int64_t multiplications = 0;                  ///< of one frame, see multiplications_per_frame()

  bool has(const CellTemplate& cell) const { return std::find(cells.begin(), cells.end(), &cell) != cells.end(); }
  /// Whether some vector is consumed at two block sizes and needs the second spectrum memory.
  bool second_spectrum() const { return spectrum_modes[1] != 0; }
  /// Whether some vector's spectrum is that of its sums.
  bool shortcut() const { return !shortcut_shifts.empty(); }
  /// Whether a phase's cells have rows of constants: peepholes and initial cell states, or initial states of GRUs;
  /// zeros for a layer that has none.
  bool has_constants(const Phase<std::int32_t>& phase) const {
    return phase.operation().keeps_cell ? peephole || initial_cell : phase.state > 0 && initial_state;
  }
  /// Largest D of use: the gates of a tile; 8 where the sums of a GRU's candidate leave one by one, in short passes.
  int max_readout() const { return takes_sums ? 8 : max_gates; }

  static int readout_shift(const Phase<std::int32_t>& phase, const Part<std::int32_t>& part);
  int shortcut_shift(const Phase<std::int32_t>& phase) const;
};

/// Real multiplications of one frame: blocks in the form of the lanes, three products a complex bin where they are
/// plain, forward and inverse transforms, and for Winograd's products xr xi of each bin of a spectrum that matrices
/// read. The roofline is this number over the multipliers.
std::int64_t multiplications_per_frame(const Graph<std::int32_t>& graph, LaneForm form = LaneForm::plain);

}  // namespace erngen
