// Finds the first cycles in which a pass can run, all that it needs being there and free.
#pragma once

#include <vector>

#include "plan/timeline.hpp"

namespace erngen {

class Placement {
 public:
  Placement(const Graph<std::int32_t>& graph, const EngineShape& shape, const EngineLatencies& latencies,
            const MemoryMap& map, const PartLayouts& layouts, const Overlap& overlap, const Readiness& readiness,
            const Timeline& timeline, bool queue)
      : graph_(graph),
        shape_(shape),
        latencies_(latencies),
        map_(map),
        layouts_(layouts),
        overlap_(overlap),
        readiness_(readiness),
        timeline_(timeline),
        queue_(queue) {}

  /// First cycle in which a pass could take its last step if all that it reads were there.
  int earliest(const Job& job) const {
    return std::max(timeline_.array_free() + layouts_(job).steps - 1, timeline_.readout_free());
  }
  /// The pass's times. Its pieces are in the order in which they are taken: the one with the earliest last step.
  void place(const Job& job, ContextId context, Timing& placed);

  Beats beats(const Job& job) const;
  /// Index of the job's first output of the tile queue among those of its phase.
  int first_output(const Job& job) const;
  /// Cycle in which a pass's first beat reaches the queue.
  int arrival(int last_step) const { return last_step + latencies_.step_to_queue(); }

 private:
  const Phase<std::int32_t>& phase_of(const Job& job) const { return graph_.phases[job.phase.value()]; }
  int follow(const Job& job, ContextId context, Timing& timing) const;
  void list_writes(const Job& job, Timing& timing) const;

  const Graph<std::int32_t>& graph_;
  const EngineShape& shape_;
  const EngineLatencies& latencies_;
  const MemoryMap& map_;
  const PartLayouts& layouts_;
  const Overlap& overlap_;
  const Readiness& readiness_;
  const Timeline& timeline_;
  bool queue_;              ///< has_queue()
  Timing trial_;            ///< kept, as `order_`, for its memory
  std::vector<int> order_;  ///< of the pieces
};

}  // namespace erngen
