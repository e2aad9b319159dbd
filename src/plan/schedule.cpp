#include "plan/schedule.hpp"

#include <algorithm>
#include <utility>

#include "plan/overlap.hpp"
#include "plan/pass_fields.hpp"
#include "plan/placement.hpp"

namespace erngen {

namespace {

/// Which stream goes first when the passes of several could finish equally soon.
/// state_first: the first context, and of the phases that leave sums the one over the state, whose longer passes leave
/// those of the run before time to leave.
/// Of neighbouring frames the passes of one after the other, from the newest frame on or from the oldest; those of the
/// next fill the time in which they wait, or (..._alone) only when there are no more.
enum class Preference {
  first_context,
  least_advanced,
  most_advanced,
  state_first,
  newest_frame,
  oldest_frame,
  newest_alone,
  oldest_alone
};

/// The passes of one context that work on one frame, in their order.
struct Queue {
  ContextId context;
  int lag = 0;  ///< of the frame, see Overlap
  std::vector<Job> jobs;
  size_t next = 0;

  bool empty() const { return next == jobs.size(); }
};

class Scheduler {
 public:
  Scheduler(const Workload& work, const EngineShape& shape, const EngineLatencies& latencies, const MemoryMap& map,
            Preference preference)
      : graph_(work.graph),
        shape_(shape),
        latencies_(latencies),
        map_(map),
        preference_(preference),
        overlap_(graph_, shape),
        layouts_(graph_, shape, map),
        readiness_(graph_, shape, latencies, map, overlap_),
        timeline_(shape),
        placement_(graph_, shape, latencies, map, layouts_, overlap_, readiness_, timeline_, has_queue(work, shape)) {
    program_.queue = has_queue(work, shape);
    program_.weights = layouts_.weights();
    program_.weight_rows = layouts_.weight_rows();
    program_.output_blocks.resize(shape.contexts);
  }

  /// Takes the pass that finishes first, and so on.
  Program run(int least_cycles) {
    std::vector<Queue> queues = list_queues();
    Queue* array_owner = nullptr;   // the queue that must go on, because a tile is split
    Queue* output_owner = nullptr;  // the queue whose output has begun: frames leave whole, so that others' wait
    while (true) {
      Queue* best = nullptr;
      for (Queue& queue : queues) {
        if (queue.empty() || (array_owner && &queue != array_owner)) continue;
        const Job& job = queue.jobs[queue.next];
        if (output_owner && &queue != output_owner && gives_output(job)) continue;
        const auto better = [&](int last_step) {
          return !best || last_step < chosen_.last_step ||
                 (last_step == chosen_.last_step && preferred(queue.next, best->next));
        };
        const int earliest = placement_.earliest(job);
        if (!better(earliest)) continue;
        placement_.place(job, queue.context, placed_);
        if (!better(placed_.last_step)) continue;
        best = &queue;
        std::swap(chosen_, placed_);
        if (in_turn() && (alone() || chosen_.last_step == earliest)) break;
      }
      if (!best) break;
      const Job& job = best->jobs[best->next++];
      commit(job, best->context, chosen_);
      array_owner = job.splits_tile ? best : nullptr;
      if (gives_output(job)) output_owner = !best->empty() && gives_output(best->jobs[best->next]) ? best : nullptr;
    }
    close(shape_.contexts > 1 || shape_.frames > 1 ? least_cycles : 0);
    return std::move(program_);
  }

  /// Whether no other order of the passes can give shorter runs.
  bool is_shortest() const { return shortest_; }

 private:
  bool gives_vector(const Job& job) const { return job.final && !phase_of(job).operation().leaves_sums; }
  bool gives_output(const Job& job) const {
    return gives_vector(job) && phase_of(job).output == graph_.output_vector();
  }
  const Phase<std::int32_t>& phase_of(const Job& job) const { return graph_.phases[job.phase.value()]; }

  bool alone() const { return preference_ == Preference::newest_alone || preference_ == Preference::oldest_alone; }
  bool oldest_first() const {
    return preference_ == Preference::oldest_frame || preference_ == Preference::oldest_alone;
  }
  bool in_turn() const { return alone() || oldest_first() || preference_ == Preference::newest_frame; }

  /// A queue for each context and frame, in the order in which they are asked.
  std::vector<Queue> list_queues() const {
    std::vector<Queue> queues;
    for (const Job& job : list_jobs(graph_, shape_, preference_ == Preference::state_first))
      for (int context = 0; context < shape_.contexts; ++context) {
        const size_t at = context + overlap_.lag(job.phase.value());
        while (queues.size() <= at) {
          const int lag = static_cast<int>(queues.size()) / shape_.contexts;
          queues.push_back({ContextId(static_cast<int>(queues.size()) % shape_.contexts), lag, {}});
        }
        queues[at].jobs.push_back(job);
      }
    if (oldest_first()) std::reverse(queues.begin(), queues.end());
    return queues;
  }

  bool preferred(size_t passes, size_t other) const {
    return preference_ == Preference::least_advanced ? passes < other
                                                     : preference_ == Preference::most_advanced && passes > other;
  }

  void commit(const Job& job, ContextId context, const Timing& timing) {
    const auto& phase = phase_of(job);
    const int first_tile = job.first_row / gate_count(phase.op);
    program_.passes.push_back(pass_of(job, context, timing));
    add_segments(job, context, timing);
    timeline_.take(timing, placement_.beats(job), placement_.arrival(timing.last_step), map_.vector_lane[phase.output]);
    if (!job.final) readiness_.note_partial(context, job.phase, placement_.first_output(job), timing.emissions);
    readiness_.note_writes(context, VectorId(phase.output), timing.writes);
    if (phase.operation().leaves_sums) note_sums(job, context, timing, first_tile);
    if (phase.output != graph_.output_vector()) return;
    auto& blocks = program_.output_blocks[context.value()];
    blocks.insert(blocks.end(), timing.blocks.begin(), timing.blocks.end());
  }

  void note_sums(const Job& job, ContextId context, const Timing& timing, int first_tile) {
    const auto& phase = phase_of(job);
    const int together = shape_.tiles_together(gate_count(phase.op)), tiles = tile_count(phase.size, shape_.words);
    int tile = first_tile;
    for (int emission : timing.emissions)
      for (int n = 0; n < together && tile < tiles; ++n, ++tile)
        readiness_.note_sums(context, job.phase, TileId(tile), emission);
  }

  Pass pass_of(const Job& job, ContextId context, const Timing& timing) const {
    const auto& phase = phase_of(job);
    const int gates = gate_count(phase.op);
    Pass pass;
    pass.phase = job.phase.value();
    pass.part = job.part;
    pass.group = job.group;
    pass.context = context.value();
    pass.stages = placement_.beats(job).count;
    pass.final = job.final;
    pass.use_partial = job.use_partial;
    pass.tiles = gates > shape_.readout ? static_cast<int>(timing.blocks.size()) : job.rows / gates;
    pass.bias_row = map_.bias_row[pass.phase] + placement_.first_output(job);
    pass.partial_row = std::max(0, map_.partial_row[pass.context][pass.phase]) + placement_.first_output(job);
    pass.first_tile = job.first_row / gates;
    pass.tail = job.first_row + job.rows == tile_count(phase.size, shape_.words) * gates;
    return pass;
  }

  /// A segment a piece; a piece that goes on where the one before ends joins it.
  void add_segments(const Job& job, ContextId context, const Timing& timing) {
    const auto& part = phase_of(job).parts[job.part];
    const PartLayout& layout = layouts_(job);
    for (size_t n = 0; n < timing.pieces.size(); ++n) {
      const Piece& piece = timing.pieces[n];
      const auto& term = part.terms[piece.term];
      const int steps = piece.rows * layout.rotations;
      if (overlap_.from_run_before(overlap_.lag(job.phase.value()), term))
        readiness_.note_earlier_reads(context, term, layout, piece);
      const bool goes_on = n > 0 && timing.pieces[n - 1].term == piece.term && piece.start == timeline_.array_free() &&
                           timing.pieces[n - 1].first_row + timing.pieces[n - 1].rows == piece.first_row;
      if (goes_on)
        program_.segments.back().steps += steps;
      else
        program_.segments.push_back(segment_of(job, context, piece, n == 0));
      timeline_.take_steps(piece.start, steps);
    }
    program_.segments.back().last = true;
  }

  Segment segment_of(const Job& job, ContextId context, const Piece& piece, bool first) const {
    const auto& part = phase_of(job).parts[job.part];
    const auto& term = part.terms[piece.term];
    const PartLayout& layout = layouts_(job);
    Segment segment;
    segment.start = piece.start;
    segment.gap = piece.start - timeline_.array_free();
    segment.steps = piece.rows * layout.rotations;
    segment.weight_row = layouts_.weight_row(job, piece.term) + piece.first_row * layout.rotations;
    const bool of_input = graph_.is_input(term.vector);
    segment.source = of_input ? Source::input : term.spectrum == 0 ? Source::state : Source::second;
    segment.context = context.value() + overlap_.lag(job.phase.value());
    segment.row = piece.first_row + (of_input ? map_.input_row(context.value()) + map_.part_row[term.vector]
                                              : map_.vector_row[context.value()][term.vector]);
    if (piece.first_row == 0 && layout.seam == piece.term) {
      segment.seam = map_.vector_lane[term.vector];
      segment.seam_row = map_.input_row(context.value()) + map_.input_rows - 1;
    }
    segment.dynamic = map_.alternates[term.vector];
    segment.previous = term.previous;
    segment.mode = log2_exact(part.block);
    segment.first = first;
    segment.pass = static_cast<int>(program_.passes.size()) - 1;
    segment.stages = program_.passes.back().stages;
    return segment;
  }

  /// Closes the run into a loop, at the least distance at which no event of a run can reach, or pass, one of the run
  /// before.
  void close(int least_cycles) {
    auto& segments = program_.segments;
    segments.front().begin = true;
    segments.back().end = true;
    segments.front().gap = 0;
    for (int context = 0; context < shape_.contexts; ++context) {
      const auto last = std::find_if(segments.rbegin(), segments.rend(), [&](const Segment& s) {
        return s.context == context && (s.source == Source::input || s.seam > 0);
      });
      if (last != segments.rend()) last->release = true;
    }
    const auto first_last = std::find_if(segments.begin(), segments.end(), [](const Segment& s) { return s.last; });
    // The first start is 0: nothing delays the first pass, unless it needs an input that is admitted early (plan.cpp).
    const int first = segments.front().start, steps = timeline_.array_free() - first;
    const int admission = segments.back().start + shape_.contexts + 1 - first;
    const int distance = std::max({steps, least_cycles, readiness_.least_distance(), admission,
                                   timeline_.least_distance(first_last->start + first_last->steps - 1)});
    program_.run_cycles = distance;
    program_.busy_cycles = timeline_.busy();
    program_.queue_depth = timeline_.queue_depth();
    shortest_ = distance <= std::max(timeline_.bound(), least_cycles);
    segments.front().gap = distance - steps;
    for (auto& blocks : program_.output_blocks)
      for (int& block : blocks) block += overlap_.vector_lag(graph_.output_vector()) * distance;
    program_.tail_cycles = std::max(timeline_.array_free(), timeline_.last_load()) +
                           std::max(latencies_.forward, latencies_.forward_second) + 4;
  }

  const Graph<std::int32_t>& graph_;
  const EngineShape& shape_;
  const EngineLatencies& latencies_;
  const MemoryMap& map_;
  Preference preference_;
  Overlap overlap_;
  PartLayouts layouts_;
  Readiness readiness_;
  Timeline timeline_;
  Placement placement_;
  Program program_;
  bool shortest_ = false;
  Timing chosen_, placed_;  ///< of the pass that comes next, of the one that was placed last
};

}  // namespace

Program schedule(const Workload& work, const EngineShape& shape, const EngineLatencies& latencies, const MemoryMap& map,
                 int least_cycles) {
  bool shortest = false;
  const auto run = [&](Preference preference) {
    Scheduler scheduler(work, shape, latencies, map, preference);
    Program program = scheduler.run(least_cycles);
    shortest = scheduler.is_shortest();
    return program;
  };
  Program best = run(Preference::first_context);
  if (shape.contexts > 1)
    for (Preference preference : {Preference::least_advanced, Preference::most_advanced, Preference::state_first}) {
      if (shortest) break;
      if (preference == Preference::state_first && !work.takes_sums) continue;
      Program program = run(preference);
      if (program.run_cycles < best.run_cycles) best = std::move(program);
    }
  if (shape.frames > 1)
    for (Preference preference :
         {Preference::newest_frame, Preference::oldest_frame, Preference::newest_alone, Preference::oldest_alone}) {
      if (shortest) break;
      Program program = run(preference);
      if (program.run_cycles < best.run_cycles) best = std::move(program);
    }
  best.pass_bits = differing_pass_bits(work, shape, map, best.passes);
  return best;
}

}  // namespace erngen
