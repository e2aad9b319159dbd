// The templates that execute operations (templates/ern_cells.v instantiates them), and what each costs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "device/device.hpp"
#include "fixed/number_formats.hpp"
#include "ops/op.hpp"
#include "ops/output_end.hpp"
#include "units/area_count.hpp"
#include "units/memory.hpp"

namespace erngen {

/// Activation units of an engine's elements.
struct ActivationCount {
  int sigmoid = 0, tanh = 0;
};

/// The engine around the templates, as far as they depend on it.
struct CellSite {
  const NumberFormats& formats;
  const OutputLists& lists;
  Family family = Family::series7;
  int words = 8;  ///< K
  int folding = 1;
  int ports = 1;
  bool cell_luts = false;     ///< products in LUTs
  bool peephole = false;      ///< some layer has them
  bool initial_cell = false;  ///< some LSTM layer begins with a cell state
  int kept_width = 12;        ///< of a recurrent vector's elements
  int act = 3;                ///< latency of an activation unit
  int sums = 1;               ///< whether sums have registers
  int state_tiles = 0;        ///< depth of the state memories
  int constant_rows = 0;      ///< of peepholes and initial states

  int elements() const { return words / folding; }
  int bank_tiles() const { return ceil_div(state_tiles, ports); }
  bool lattice() const { return family == Family::ecp5 || family == Family::ice40; }
  /// A unit of a function where one of the list's `of` is computed by it.
  ActivationCount functions(OutputShifts list, Activation OutputEnd::*of) const;
  const OutputList& list(OutputShifts of) const { return lists[static_cast<size_t>(of)]; }
};

/// Equal products of elements.
struct CellProduct {
  int a = 0, b = 0;  ///< bits of the factors
  int count = 0;
};

/// A list of numbers of 8 bits as a parameter of a template, the first one lowest.
std::string packed_bytes(const std::vector<int>& values);

using CellParameters = std::vector<std::pair<std::string, std::string>>;

/// What one template adds to the area of the cells; plan/area_terms.cpp makes terms of it.
struct CellArea {
  Delays delays{};
  ElementProducts added{}, scaled{};  ///< products that a sum is added to in ern_multiply_add, in ern_preactivation
  double arguments = 0;               ///< bits of rounded sums
  double scaled_sums = 0;             ///< of sums that a scaled product is added to
  double alone = 0;                   ///< of products without a sum, lstm
  double lone_lut = 0;                ///< LUTs of these where they are no DSP blocks
  double saturated = 0;               ///< of c and the argument of tanh(c), lstm
  double peephole = 0;
  double updated = 0;               ///< of ern_gru_update
  double rounded = 0;               ///< of what goes on of a state
  double candidate = 0;             ///< of ern_round_saturate, gru_after
  double clamped = 0, shifted = 0;  ///< of ern_shift_saturate
  double fold_in = 0, fold_out = 0, tags = 0;
  double linear = 0, linear_shifts = 0, linear_output = 0;
  int results = 0;        ///< blocks that meet in the register of ern_cells
  double cell_state = 0;  ///< bits of c, read and masked
  bool state = false;     ///< a GRU's state is read
  int banked = 0;         ///< bits an element of memories with a bank a port, beside vectors

  /// ern_shift_saturate of `count` elements of `width` bits.
  void bring_to_vector(const CellSite& site, double count, int width, OutputShifts list);
  /// Limits in ern_cell_function of `count` elements, where the list has any.
  void limit(const CellSite& site, double count, OutputShifts list, Activation OutputEnd::*of);
  /// ern_gru_update of `count` elements whose gates wait `wait` cycles.
  void update(const CellSite& site, double count, int wait);
};

/// The lists PREFIX, PREFIX_LOWS and PREFIX_HIGHS of ern_cell_function, unless all are `usual`.
void add_functions(const CellSite& site, OutputShifts list, Activation OutputEnd::*of, const std::string& prefix,
                   CellParameters& all);

struct CellTemplate {
  const char* name = "";  ///< "ern_cell_lstm"
  const char* has = "";   ///< parameter of ern_cells: whether there is one, "HAS_LSTM"
  ActivationCount (*activations)(const CellSite& site) = nullptr;  ///< null: none
  void (*products)(const CellSite& site, std::vector<CellProduct>& all) = nullptr;
  void (*memories)(const CellSite& site, std::vector<EngineMemory>& all) = nullptr;
  void (*area)(const CellSite& site, CellArea& area) = nullptr;
  /// Parameters of ern_cells that an engine without the template leaves at their defaults.
  void (*parameters)(const CellSite& site, CellParameters& all) = nullptr;
};

inline constexpr int cell_template_count = 5;
/// All of them, in the order of their results in ern_cells.
const std::array<const CellTemplate*, cell_template_count>& cell_templates();

}  // namespace erngen
