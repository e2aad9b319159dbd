#include "plan/pass_list.hpp"

#include <algorithm>
#include <numeric>

#include "plan/memory_map.hpp"

namespace erngen {
namespace {

/// When what a part reads is there: 0 with the frame, 1 with the end of the frame before, 2 within the run.
int lateness(const Graph<std::int32_t>& graph, const Part<std::int32_t>& part) {
  int worst = 0;
  for (const auto& term : part.terms) worst = std::max(worst, graph.is_input(term.vector) ? 0 : term.previous ? 1 : 2);
  return worst;
}

std::vector<int> part_order(const Graph<std::int32_t>& graph, const Phase<std::int32_t>& phase) {
  std::vector<int> order(phase.parts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return lateness(graph, phase.parts[a]) < lateness(graph, phase.parts[b]); });
  return order;
}

std::vector<int> phase_order(const Graph<std::int32_t>& graph, bool late_sums_first) {
  std::vector<int> order(graph.phases.size());
  std::iota(order.begin(), order.end(), 0);
  const auto leaves = [&](int p) { return graph.phases[p].operation().leaves_sums; };
  for (auto from = order.begin(); from != order.end();) {
    const auto to = std::find_if_not(from, order.end(), leaves);
    std::stable_sort(from, to, [&](int a, int b) {
      return lateness(graph, graph.phases[a].parts[0]) < lateness(graph, graph.phases[b].parts[0]);
    });
    if (late_sums_first) std::reverse(from, to);
    from = to == order.end() ? to : to + 1;
  }
  return order;
}

}  // namespace

std::vector<Job> list_jobs(const Graph<std::int32_t>& graph, const EngineShape& shape, bool late_sums_first) {
  std::vector<Job> jobs;
  for (const int p : phase_order(graph, late_sums_first)) {
    const auto& phase = graph.phases[p];
    const int gates = gate_count(phase.op);
    const int total = tile_count(phase.size, shape.words) * gates;
    const auto order = part_order(graph, phase);
    for (size_t n = 0; n < order.size(); ++n)
      for (int first = 0; first < total; first += shape.rows) {
        const int count = std::min(shape.rows, total - first);
        jobs.push_back({PhaseId(p), order[n], first / shape.rows, count, first, n + 1 == order.size(), n > 0,
                        (first + count) % gates != 0});
      }
  }
  return jobs;
}

}  // namespace erngen
