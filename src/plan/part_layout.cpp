#include "plan/part_layout.hpp"

#include <algorithm>

namespace erngen {

PartLayouts::PartLayouts(const Graph<std::int32_t>& graph, const EngineShape& shape, const MemoryMap& map)
    : graph_(graph), shape_(shape), map_(map) {
  for (const auto& phase : graph_.phases) {
    auto& parts = parts_.add({});
    for (const auto& part : phase.parts) {
      PartLayout& layout = parts.emplace_back();
      layout.pieces = list_pieces(part);
      layout.rotations = shape_.words / part.block;
      for (const Piece& piece : layout.pieces) layout.steps += piece.rows * layout.rotations;
      layout.seam = seam_term(part, map_);
    }
  }
  lay_out_weights();
}

/// Rows of a term's own segment: the input's last row may belong to the vector that begins in it.
int PartLayouts::term_rows(const Part<std::int32_t>& part, const Term<std::int32_t>& term) const {
  const Vector& vector = graph_.vectors[term.vector];
  if (graph_.is_input(term.vector) && seam_term(part, map_) >= 0)
    return vector_tiles(vector, shape_.words) / shape_.columns;
  return vector_rows(vector, shape_, map_.vector_lane[term.vector]);
}

std::vector<Piece> PartLayouts::list_pieces(const Part<std::int32_t>& part) const {
  std::vector<Piece> pieces;
  const int seam = seam_term(part, map_);
  for (int index = 0; index < static_cast<int>(part.terms.size()); ++index) {
    const int rows = term_rows(part, part.terms[index]), shared = seam == index && rows > 1 ? 1 : 0;
    if (shared) pieces.push_back({index, 0, shared, 0});
    if (rows > shared) pieces.push_back({index, shared, rows - shared, 0});
  }
  return pieces;
}

void PartLayouts::lay_out_weights() {
  for (PhaseId p; p < parts_.end_id(); ++p) {
    const auto& phase = graph_.phases[p.value()];
    const int groups = ceil_div(tile_count(phase.size, shape_.words) * gate_count(phase.op), shape_.rows);
    for (size_t n = 0; n < phase.parts.size(); ++n) {
      const auto& part = phase.parts[n];
      const auto input = std::find_if(part.terms.begin(), part.terms.end(),
                                      [&](const auto& term) { return graph_.is_input(term.vector); });
      PartLayout& layout = parts_[p][n];
      layout.first_run = weights_.size();
      for (int group = 0; group < groups; ++group)
        for (size_t t = 0; t < part.terms.size(); ++t) {
          WeightRun run{p.value(), static_cast<int>(n), group, static_cast<int>(t)};
          run.lane = map_.vector_lane[part.terms[t].vector];
          if (layout.seam == static_cast<int>(t)) {
            run.seam_term = static_cast<int>(input - part.terms.begin());
            run.seam_column = term_rows(part, *input) * shape_.columns;
          }
          run.row = weight_rows_;
          run.steps = term_rows(part, part.terms[t]) * layout.rotations;
          weight_rows_ += run.steps;
          weights_.push_back(run);
        }
    }
  }
}

int PartLayouts::weight_row(const Job& job, int term) const {
  const size_t terms = graph_.phases[job.phase.value()].parts[job.part].terms.size();
  return weights_[(*this)(job).first_run + job.group * terms + term].row;
}

}  // namespace erngen
