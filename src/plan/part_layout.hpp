// What is the same for all passes of a part: its rows of spectra, its steps, and where its weights lie.
#pragma once

#include <vector>

#include "plan/memory_map.hpp"
#include "plan/pass_list.hpp"
#include "plan/program.hpp"

namespace erngen {

/// Neighbouring rows of one term of a pass. A row that a term shares with the input is a piece of its own, because it
/// is ready later than the rows around it or earlier.
struct Piece {
  int term = 0;
  int first_row = 0;
  int rows = 0;
  int start = 0;  ///< cycle of the first step, once it is placed
};

struct PartLayout {
  std::vector<Piece> pieces;  ///< in the order of the terms. A short input may lie in the shared row as a whole
  int rotations = 1;          ///< steps of a row
  int steps = 0;              ///< of all pieces
  int seam = -1;              ///< seam_term()
  size_t first_run = 0;       ///< index of its first WeightRun

  /// Whether row `row` of term `term`, over the input or not, is of the input or shared with its end.
  bool reads_input(bool over_input, int term, int row) const { return over_input || (row == 0 && seam == term); }
};

class PartLayouts {
 public:
  PartLayouts(const Graph<std::int32_t>& graph, const EngineShape& shape, const MemoryMap& map);

  const PartLayout& operator()(PhaseId phase, int part) const { return parts_[phase][part]; }
  const PartLayout& operator()(const Job& job) const { return parts_[job.phase][job.part]; }
  /// Weight row of the first step of a term of the job's pass.
  int weight_row(const Job& job, int term) const;
  const std::vector<WeightRun>& weights() const { return weights_; }
  int weight_rows() const { return weight_rows_; }

 private:
  int term_rows(const Part<std::int32_t>& part, const Term<std::int32_t>& term) const;
  std::vector<Piece> list_pieces(const Part<std::int32_t>& part) const;
  void lay_out_weights();

  const Graph<std::int32_t>& graph_;
  const EngineShape& shape_;
  const MemoryMap& map_;
  ById<PhaseId, std::vector<PartLayout>> parts_;
  std::vector<WeightRun> weights_;
  int weight_rows_ = 0;
};

/// Tiles of a vector in one of its spectrum rows: from `first` to before `end`.
struct TilesOfRow {
  int first = 0, end = 0;
};
inline TilesOfRow tiles_of_row(int size, int row, int lane, const EngineShape& shape) {
  return {std::max(0, row * shape.columns - lane),
          std::min(tile_count(size, shape.words), (row + 1) * shape.columns - lane)};
}

}  // namespace erngen
