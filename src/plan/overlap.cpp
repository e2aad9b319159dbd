#include "plan/overlap.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "plan/memory_map.hpp"

namespace erngen {
namespace {

/// The layers in levels: a layer lies behind all those whose vectors of the same frame it reads. A cut between two
/// levels lets what lies behind it work one frame later.
struct Levels {
  explicit Levels(const Graph<std::int32_t>& graph) : of_layer(graph.layers, 0), of_vector(graph.vectors.size(), 0) {
    std::vector<int> layer_of(graph.vectors.size(), -1);  // that writes the vector
    for (const auto& phase : graph.phases) layer_of[phase.output] = phase.layer;
    for (bool settled = false; !settled;) {
      settled = true;
      for (const auto& phase : graph.phases)
        for_each_term(phase, [&](const Term<std::int32_t>& term) {
          const int writer = layer_of[term.vector];
          if (writer < 0 || term.previous || writer == phase.layer) return;
          const int level = of_layer[writer] + 1;
          if (level <= of_layer[phase.layer]) return;
          of_layer[phase.layer] = level;
          settled = false;
        });
    }
    for (const auto& phase : graph.phases) of_vector[phase.output] = of_layer[phase.layer];
    for (const int level : of_layer) count = std::max(count, level + 1);
    // What crosses the cut before a level crosses no second one; the input crosses none.
    reach.assign(count, 0);
    for (const auto& phase : graph.phases)
      for_each_term(phase, [&](const Term<std::int32_t>& term) {
        const int reader = of_layer[phase.layer], writer = of_vector[term.vector];
        const bool of_input = graph.is_input(term.vector);
        if (of_input) input_reach = std::max(input_reach, reader);
        // A vector of the frame before is there a run later already: reader and writer stay together.
        if (!of_input && term.previous && reader != writer) together(reader, writer);
        if (!of_input && !term.previous)
          for (int cut = writer + 1; cut <= reader; ++cut) reach[cut] = std::max(reach[cut], reader);
      });
  }

  /// Whether there may be a cut before level `cut` when the one before it is before `last` (0: none).
  bool allows(int last, int cut) const {
    return cut > last && cut > (last == 0 ? input_reach : reach[last]) && !closed(cut);
  }

  std::vector<int> of_layer, of_vector;
  int count = 1;
  int input_reach = 0;
  std::vector<int> reach;  ///< [cut]: the last level that reads something from before it

 private:
  template <class F>
  static void for_each_term(const Phase<std::int32_t>& phase, F f) {
    for (const auto& part : phase.parts)
      for (const auto& term : part.terms) f(term);
  }
  void together(int a, int b) {
    for (int cut = std::min(a, b) + 1; cut <= std::max(a, b); ++cut) closed_.push_back(cut);
  }
  bool closed(int cut) const { return std::find(closed_.begin(), closed_.end(), cut) != closed_.end(); }

  std::vector<int> closed_;
};

/// The cuts of `frames` groups whose largest cost is least; empty: there are none. Dynamic programming over the cuts
/// from the last one to the first.
std::vector<int> best_cuts(const Levels& levels, const std::vector<double>& cost, int frames) {
  constexpr double none = std::numeric_limits<double>::infinity();
  struct State {
    double largest = none;
    int next = 0;
  };
  const int count = levels.count;
  const auto cost_of = [&](int from, int to) {
    double sum = 0;
    for (int level = from; level < to; ++level) sum += cost[level];
    return sum;
  };
  // best[f][c]: f groups from the cut before level c on.
  std::vector<std::vector<State>> best(frames + 1, std::vector<State>(count));
  for (int cut = 0; cut < count; ++cut) best[1][cut].largest = cost_of(cut, count);
  for (int groups = 2; groups <= frames; ++groups)
    for (int cut = 0; cut < count; ++cut)
      for (int next = cut + 1; next < count; ++next) {
        if (!levels.allows(cut, next)) continue;
        const double largest = std::max(cost_of(cut, next), best[groups - 1][next].largest);
        if (largest < best[groups][cut].largest) best[groups][cut] = {largest, next};
      }
  std::vector<int> cuts;
  if (best[frames][0].largest == none) return cuts;
  for (int groups = frames, cut = 0; groups > 1; --groups) {
    cut = best[groups][cut].next;
    cuts.push_back(cut);
  }
  return cuts;
}

/// What a level takes, roughly: its steps, and the way from the last product to the spectra of each phase.
std::vector<double> costs_of(const Levels& levels, const Graph<std::int32_t>& graph, const EngineShape& shape) {
  constexpr double way = 40;
  std::vector<double> cost(levels.count, 0);
  for (const auto& phase : graph.phases)
    cost[levels.of_layer[phase.layer]] += least_steps(graph, phase, shape) + (phase.operation().leaves_sums ? 0 : way);
  return cost;
}

}  // namespace

int least_steps(const Graph<std::int32_t>& graph, const Phase<std::int32_t>& phase, const EngineShape& shape) {
  int steps = 0;
  for (const auto& part : phase.parts) {
    int tiles = 0;  // terms may share a row of columns
    for (const auto& term : part.terms) tiles += tile_count(graph.vectors[term.vector].size, shape.words);
    steps += ceil_div(tile_count(phase.size, shape.words) * gate_count(phase.op), shape.rows) *
             ceil_div(tiles, shape.columns) * (shape.words / part.block);
  }
  return steps;
}

Overlap::Overlap(const Graph<std::int32_t>& graph, const EngineShape& shape)
    : frames_(shape.frames),
      phase_lag_(graph.phases.size(), 0),
      vector_lag_(graph.vectors.size(), 0),
      alternates_(graph.vectors.size(), false) {
  for (size_t v = 0; v < graph.vectors.size(); ++v) alternates_[v] = graph.vectors[v].recurrent;
  if (frames_ == 1) return;
  const Levels levels(graph);
  const std::vector<int> cuts = best_cuts(levels, costs_of(levels, graph, shape), frames_);
  if (cuts.empty())
    throw wrong_option(
        fmt::format("{} frames in flight, but the network's layers allow {}", frames_, most_frames(graph)),
        "take fewer frames, or no overlap");
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    const int level = levels.of_layer[graph.phases[p].layer];
    phase_lag_[p] = static_cast<int>(std::upper_bound(cuts.begin(), cuts.end(), level) - cuts.begin());
    vector_lag_[graph.phases[p].output] = phase_lag_[p];
  }
  for (size_t p = 0; p < graph.phases.size(); ++p)
    for (const auto& part : graph.phases[p].parts)
      for (const auto& term : part.terms)
        if (from_run_before(phase_lag_[p], term)) alternates_[term.vector] = true;
}

int most_frames(const Graph<std::int32_t>& graph) {
  const Levels levels(graph);
  int frames = 1;
  for (int last = 0, cut = 1; cut < levels.count; ++cut)  // each cut as early as it may be
    if (levels.allows(last, cut)) {
      ++frames;
      last = cut;
    }
  return frames;
}

}  // namespace erngen
