#include "plan/schedule.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <utility>

#include "base/sorted_set.hpp"
#include "plan/pass_fields.hpp"
#include "plan/pass_list.hpp"

namespace erngen {

namespace {

constexpr int never = std::numeric_limits<int>::min() / 2;
constexpr int unread = std::numeric_limits<int>::max();

/// Neighbouring rows of one term of a pass. A row that a term shares with the input is a piece of its own, because it
/// is ready later than the rows around it or earlier.
struct Piece {
  int term = 0;
  int first_row = 0;
  int rows = 0;
  int start = 0;  ///< cycle of the first step
};

/// A tile's spectrum is written.
struct Write {
  int cycle, tile;
};

/// A pass with all its times.
struct Timing {
  std::vector<Piece> pieces;
  int last_step = 0;
  std::vector<int> emissions;  ///< of each output of the tile queue
  std::vector<int> blocks;     ///< cycle at which each tile's vector reaches the feedback register
  std::vector<Write> writes;   ///< of spectra into the first state memory
  int rested = 0;              ///< first cycle in which a tile for folded elements may leave after it
};

/// Which stream goes first when the passes of several could finish equally soon.
/// state_first: the first context, and of the phases that leave sums the one over the state, whose longer passes leave
/// those of the run before time to leave.
enum class Preference { first_context, least_advanced, most_advanced, state_first };

/// What is the same for all passes of a part.
struct PartLayout {
  std::vector<Piece> pieces;  ///< in the order of the terms
  int rotations = 1;          ///< steps of a row
  int steps = 0;              ///< of all pieces
  int seam = -1;              ///< seam_term()
  size_t first_run = 0;       ///< index of its first WeightRun
};

class Scheduler {
 public:
  Scheduler(const QuantNetwork& network, const EngineShape& shape, const EngineLatencies& latencies,
            const MemoryMap& map, Preference preference)
      : graph_(network.graph), shape_(shape), latencies_(latencies), map_(map), preference_(preference) {
    program_.queue = has_queue(network, shape);
    lay_out_parts();
    lay_out_weights();
    written_.resize(shape.contexts);
    for (auto& vectors : written_)
      for (const auto& vector : graph_.vectors)
        vectors.emplace_back(vector.spectra.size(), std::vector<int>(tile_count(vector.size, shape.words), never));
    latest_.assign(shape.contexts, std::vector<int>(graph_.vectors.size(), never));
    first_reads_.resize(shape.contexts);
    for (auto& vectors : first_reads_)
      for (size_t v = 0; v < graph_.vectors.size(); ++v)
        vectors.emplace_back(
            graph_.vectors[v].spectra.size(),
            std::vector<int>(spectrum_rows(graph_.vectors[v].size, shape, map.vector_lane[v]), unread));
    partial_written_.assign(shape.contexts, std::vector<std::vector<int>>(graph_.phases.size()));
    sums_left_.resize(shape.contexts);
    for (auto& phases : sums_left_)
      for (const auto& phase : graph_.phases) phases.emplace_back(tile_count(phase.size, shape.words), never);
  }

  Program run(int least_cycles) {
    const std::vector<Job> jobs = list_jobs(graph_, shape_, preference_ == Preference::state_first);
    std::vector<size_t> next(shape_.contexts, 0);
    int array_owner = -1;   // the context that must go on, because a tile is split
    int output_owner = -1;  // the context whose output has begun: frames leave whole, so that others' outputs wait
    while (true) {
      int best = -1;
      for (int context = 0; context < shape_.contexts; ++context) {
        if (next[context] == jobs.size() || (array_owner >= 0 && context != array_owner)) continue;
        const Job& job = jobs[next[context]];
        if (output_owner >= 0 && context != output_owner && gives_output(job)) continue;
        const auto better = [&](int last_step) {
          return best < 0 || last_step < chosen_.last_step ||
                 (last_step == chosen_.last_step && preferred(next[context], next[best]));
        };
        if (!better(earliest(job))) continue;
        place(job, context);
        if (!better(placed_.last_step)) continue;
        best = context;
        std::swap(chosen_, placed_);
      }
      if (best < 0) break;
      const Job& job = jobs[next[best]++];
      commit(job, best, chosen_);
      array_owner = job.splits_tile ? best : -1;
      if (gives_output(job)) output_owner = next[best] < jobs.size() && gives_output(jobs[next[best]]) ? best : -1;
    }
    close(shape_.contexts > 1 ? least_cycles : 0);
    return std::move(program_);
  }

  /// Whether no other order of the passes can give shorter runs: array, readout and tile queue take a cycle for each
  /// thing that passes them.
  bool is_shortest() const { return shortest_; }

 private:
  bool gives_vector(const Job& job) const { return job.final && !leaves_sums(graph_.phases[job.phase].op); }
  bool gives_output(const Job& job) const {
    return gives_vector(job) && graph_.phases[job.phase].output == graph_.output_vector();
  }

  bool preferred(size_t passes, size_t other) const {
    return preference_ == Preference::least_advanced ? passes < other
                                                     : preference_ == Preference::most_advanced && passes > other;
  }

  /// Rows of a term's own segment: the input's last row may belong to the vector that begins in it.
  int term_rows(const Part<std::int32_t>& part, const Term<std::int32_t>& term) const {
    const int size = graph_.vectors[term.vector].size;
    if (term.vector == 0 && seam_term(part, map_) >= 0) return tile_count(size, shape_.words) / shape_.columns;
    return spectrum_rows(size, shape_, map_.vector_lane[term.vector]);
  }

  int term_steps(const Part<std::int32_t>& part, const Term<std::int32_t>& term) const {
    return term_rows(part, term) * (shape_.words / part.block);
  }

  void lay_out_parts() {
    parts_.resize(graph_.phases.size());
    for (size_t p = 0; p < graph_.phases.size(); ++p)
      for (const auto& part : graph_.phases[p].parts) {
        PartLayout& layout = parts_[p].emplace_back();
        layout.pieces = list_pieces(part);
        layout.rotations = shape_.words / part.block;
        for (const Piece& piece : layout.pieces) layout.steps += piece.rows * layout.rotations;
        layout.seam = seam_term(part, map_);
      }
  }

  void lay_out_weights() {
    int row = 0;
    for (size_t p = 0; p < graph_.phases.size(); ++p) {
      const auto& phase = graph_.phases[p];
      const int gates = gate_count(phase.op);
      const int groups = ceil_div(tile_count(phase.size, shape_.words) * gates, shape_.rows);
      for (size_t n = 0; n < phase.parts.size(); ++n) {
        const auto& part = phase.parts[n];
        const auto input =
            std::find_if(part.terms.begin(), part.terms.end(), [](const auto& term) { return term.vector == 0; });
        const int seam = seam_term(part, map_);
        parts_[p][n].first_run = program_.weights.size();
        for (int group = 0; group < groups; ++group)
          for (size_t t = 0; t < part.terms.size(); ++t) {
            WeightRun run{static_cast<int>(p), static_cast<int>(n), group, static_cast<int>(t)};
            run.lane = map_.vector_lane[part.terms[t].vector];
            if (seam == static_cast<int>(t)) {
              run.seam_term = static_cast<int>(input - part.terms.begin());
              run.seam_column = term_rows(part, *input) * shape_.columns;
            }
            run.row = row;
            run.steps = term_steps(part, part.terms[t]);
            row += run.steps;
            program_.weights.push_back(run);
          }
      }
    }
    program_.weight_rows = row;
  }

  int weight_row(const Job& job, int term) const {
    const size_t terms = graph_.phases[job.phase].parts[job.part].terms.size();
    return program_.weights[parts_[job.phase][job.part].first_run + job.group * terms + term].row;
  }

  /// Whether row `row` of a term is shared with the input's end, or of the input itself.
  static bool reads_input(const Part<std::int32_t>& part, const PartLayout& layout, int index, int row) {
    return part.terms[index].vector == 0 || (row == 0 && layout.seam == index);
  }

  /// Blocks of a vector in one of its rows: from first_block to end_block.
  int first_block(int vector, int row) const { return std::max(0, row * shape_.columns - map_.vector_lane[vector]); }
  int end_block(int vector, int row) const {
    return std::min(tile_count(graph_.vectors[vector].size, shape_.words),
                    (row + 1) * shape_.columns - map_.vector_lane[vector]);
  }

  /// Earliest start of a piece's steps, without a stall inside them, from cycle t on.
  int piece_start(const Part<std::int32_t>& part, const PartLayout& layout, const Piece& piece, int context,
                  int t) const {
    const auto& term = part.terms[piece.term];
    // What is there from one cycle on, the input or a vector of the frame before, is there for all rows if for the
    // first.
    if (reads_input(part, layout, piece.term, piece.first_row))
      t = std::max(t, latencies_.input_ready(shape_, context));
    if (term.vector == 0 || term.previous || latest_[context][term.vector] < t) return t;
    const auto& tiles = written_[context][term.vector][term.spectrum];
    for (int n = 0; n < piece.rows; ++n) {
      int written = never;
      for (int u = first_block(term.vector, piece.first_row + n); u < end_block(term.vector, piece.first_row + n); ++u)
        written = std::max(written, tiles[u]);
      t = std::max(t, written + 1 - n * layout.rotations);
    }
    return t;
  }

  /// The pieces of a part in the order of its terms. A short input may lie in the shared row as a whole.
  std::vector<Piece> list_pieces(const Part<std::int32_t>& part) const {
    std::vector<Piece> pieces;
    const int seam = seam_term(part, map_);
    for (int index = 0; index < static_cast<int>(part.terms.size()); ++index) {
      const int rows = term_rows(part, part.terms[index]), shared = seam == index && rows > 1 ? 1 : 0;
      if (shared) pieces.push_back({index, 0, shared, 0});
      if (rows > shared) pieces.push_back({index, shared, rows - shared, 0});
    }
    return pieces;
  }

  /// First cycle in which a pass could take its last step if all that it reads were there.
  int earliest(const Job& job) const { return std::max(free_ + parts_[job.phase][job.part].steps - 1, readout_free_); }

  /// Times a pass: leaves it in `placed_`.
  void place(const Job& job, int context) {
    const auto& part = graph_.phases[job.phase].parts[job.part];
    const PartLayout& layout = parts_[job.phase][job.part];
    order_.resize(layout.pieces.size());
    for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<int>(i);
    placed_.last_step = std::numeric_limits<int>::max();
    do {
      trial_.pieces.clear();
      int t = free_;
      bool waits = false;
      for (int index : order_) {
        Piece piece = layout.pieces[index];
        piece.start = piece_start(part, layout, piece, context, t);
        waits |= piece.start > t;
        t = piece.start + piece.rows * layout.rotations;
        trial_.pieces.push_back(piece);
      }
      // The readout must find the stages and the bus free; waiting delays the last piece only.
      for (trial_.last_step = std::max(t - 1, readout_free_); trial_.last_step < placed_.last_step;) {
        const int more = flow(job, context, trial_);
        trial_.last_step += more;
        if (more > 0) continue;
        trial_.pieces.back().start += trial_.last_step - (t - 1);
        std::swap(trial_, placed_);
        break;
      }
      if (!waits) break;  // no other order is earlier
    } while (std::next_permutation(order_.begin(), order_.end()));
  }

  /// Follows the pass's rows from the last step to the feedback register. If they meet others' there, returns by how
  /// many cycles the last step must be later at least; a cycle later, no row leaves the queue more than a cycle later.
  int flow(const Job& job, int context, Timing& timing) const {
    const auto& phase = graph_.phases[job.phase];
    const int gates = gate_count(phase.op);
    const int beats = ceil_div(job.rows, shape_.readout);
    const int per_beat = outputs_per_beat(gates);
    const int outputs = gates > shape_.readout ? beats : queue_outputs(job.rows / gates, gates, shape_);
    timing.emissions.clear();
    timing.blocks.clear();
    int previous = emitted_, rested = rested_;
    const bool folded = job.final && shape_.is_folded(phase.op);
    for (int n = 0; n < outputs; ++n) {
      const int arrival = timing.last_step + latencies_.step_to_queue() + n / per_beat;
      int emission = std::max(arrival + latencies_.queue, previous + 1);
      if (folded && program_.queue) {
        emission = std::max(emission, rested);
        rested = emission + shape_.beat_distance(phase.op);
      }
      previous = emission;
      timing.emissions.push_back(emission);
      // A partial sum is stored 3 cycles after its own read context.
      if (job.use_partial)
        if (const int stored = partial_written_[context][job.phase][addend_index(job) + n] + 4; emission < stored)
          return stored - emission;
      const int beat = job.first_row / shape_.readout + n;
      const bool fires = gates <= shape_.readout || (beat + 1) % (gates / shape_.readout) == 0;
      if (!job.final || !fires) continue;
      const int tile = (job.first_row + (n + 1) * std::min(gates, shape_.readout) - 1) / gates;
      if (phase.op == Op::gru_after)
        if (const int ready = sums_ready(phase.layer, context, tile); emission < ready) return ready - emission;
      if (leaves_sums(phase.op)) continue;
      if (folded && !program_.queue) {
        if (emission < rested) return n == 0 ? rested - emission : 1;
        rested = emission + shape_.folding;
      }
      const int block = emission + latencies_.emission_to_block(phase.op);
      if (bus_.contains(block)) return 1;
      timing.blocks.push_back(block);
    }
    timing.rested = rested;
    list_writes(job, timing);
    return std::any_of(timing.writes.begin(), timing.writes.end(),
                       [&](const Write& w) { return writes_.contains(bank_cycle(job, w)); });
  }

  /// Spectra that the pass writes: readout rows, or what the transforms make of the blocks.
  void list_writes(const Job& job, Timing& timing) const {
    const auto& phase = graph_.phases[job.phase];
    const int gates = gate_count(phase.op);
    const bool feeds = feeds_spectrum(graph_, phase);
    const int tiles = tile_count(phase.size, shape_.words);
    timing.writes.clear();
    if (!job.final || graph_.vectors[phase.output].spectra.empty()) return;
    int tile = job.first_row / gates;
    if (feeds)
      for (int n = 0; n < job.rows; ++n)
        timing.writes.push_back({timing.last_step + latencies_.step_to_queue() + n / shape_.readout, tile + n});
    else
      for (int block : timing.blocks)
        for (int n = 0; n < shape_.tiles_together(gates) && tile < tiles; ++n)
          timing.writes.push_back({block + latencies_.forward, tile++});
  }

  /// A bank of the first state memory in a cycle, as one number.
  std::int64_t bank_cycle(const Job& job, const Write& write) const {
    const int lane = (map_.vector_lane[graph_.phases[job.phase].output] + write.tile) % shape_.columns;
    return std::int64_t{write.cycle} * shape_.columns + lane;
  }

  /// First cycle in which a tile of a GRU can leave the queue and find the sums of its candidate. The next run cannot
  /// write them too early: tiles leave the queue in the order of the program.
  int sums_ready(int layer, int context, int tile) const {
    int ready = never;
    for (size_t p = 0; p < graph_.phases.size(); ++p)
      if (leaves_sums(graph_.phases[p].op) && graph_.phases[p].layer == layer)
        ready = std::max(ready,
                         sums_left_[context][p][tile] + 3);  // written at the end of the cycle of z, read 2 before it
    return ready;
  }

  /// Index of the job's first queue output among those of its phase.
  int addend_index(const Job& job) const {
    const int gates = gate_count(graph_.phases[job.phase].op);
    return gates > shape_.readout ? job.first_row / shape_.readout
                                  : job.first_row / gates / shape_.tiles_together(gates);
  }

  int outputs_per_beat(int gates) const { return std::max(1, shape_.readout / (gates * shape_.tiles_together(gates))); }

  void commit(const Job& job, int context, const Timing& timing) {
    const auto& phase = graph_.phases[job.phase];
    const auto& part = phase.parts[job.part];
    const int gates = gate_count(phase.op);
    const int pass_index = static_cast<int>(program_.passes.size());
    const int beats = ceil_div(job.rows, shape_.readout);

    Pass pass;
    pass.phase = job.phase;
    pass.part = job.part;
    pass.group = job.group;
    pass.context = context;
    pass.stages = beats;
    pass.final = job.final;
    pass.use_partial = job.use_partial;
    pass.tiles = gates > shape_.readout ? static_cast<int>(timing.blocks.size()) : job.rows / gates;
    pass.bias_row = map_.bias_row[job.phase] + addend_index(job);
    pass.partial_row = std::max(0, map_.partial_row[context][job.phase]) + addend_index(job);
    pass.first_tile = job.first_row / gates;
    pass.tail = job.first_row + job.rows == tile_count(phase.size, shape_.words) * gates;
    program_.passes.push_back(pass);

    const PartLayout& layout = parts_[job.phase][job.part];
    const int rotations = layout.rotations;
    for (size_t n = 0; n < timing.pieces.size(); ++n) {
      const Piece& piece = timing.pieces[n];
      const auto& term = part.terms[piece.term];
      if (term.previous) note_previous_reads(part, piece, context);
      program_.busy_cycles += piece.rows * rotations;
      const bool goes_on = n > 0 && timing.pieces[n - 1].term == piece.term && piece.start == free_ &&
                           timing.pieces[n - 1].first_row + timing.pieces[n - 1].rows == piece.first_row;
      if (goes_on) {
        program_.segments.back().steps += piece.rows * rotations;
        free_ = piece.start + piece.rows * rotations;
        continue;
      }
      Segment segment;
      segment.start = piece.start;
      segment.gap = piece.start - free_;
      segment.steps = piece.rows * rotations;
      segment.weight_row = weight_row(job, piece.term) + piece.first_row * rotations;
      segment.source = term.vector == 0 ? Source::input : term.spectrum == 0 ? Source::state : Source::second;
      segment.row =
          (term.vector == 0 ? map_.input_row(context) : map_.vector_row[context][term.vector]) + piece.first_row;
      if (piece.first_row == 0 && layout.seam == piece.term) {
        segment.seam = map_.vector_lane[term.vector];
        segment.seam_row = map_.input_row(context) + map_.input_rows - 1;
      }
      segment.dynamic = graph_.vectors[term.vector].recurrent;
      segment.previous = term.previous;
      segment.mode = log2_exact(part.block);
      segment.first = n == 0;
      segment.context = context;
      segment.pass = pass_index;
      segment.stages = beats;
      free_ = piece.start + piece.rows * rotations;
      program_.segments.push_back(segment);
    }
    program_.segments.back().last = true;
    readout_free_ = timing.last_step + beats;
    beats_ += beats;
    outputs_ += static_cast<int>(timing.emissions.size());
    note_backlog(timing, beats, gates);
    emitted_ = timing.emissions.back();
    rested_ = timing.rested;
    if (job.final && shape_.is_folded(phase.op)) first_folded_ = std::min(first_folded_, timing.emissions.front());
    first_emission_ = std::min(first_emission_, timing.emissions.front());
    if (!job.final) {
      auto& written = partial_written_[context][job.phase];
      written.resize(std::max(written.size(), addend_index(job) + timing.emissions.size()));
      std::copy(timing.emissions.begin(), timing.emissions.end(), written.begin() + addend_index(job));
    }
    const bool second = graph_.vectors[phase.output].spectra.size() > 1;
    for (const Write& write : timing.writes) {
      writes_.insert(bank_cycle(job, write));
      written_[context][phase.output][0][write.tile] = write.cycle;
      if (second)
        written_[context][phase.output][1][write.tile] = write.cycle - latencies_.forward + latencies_.forward_second;
      latest_[context][phase.output] = std::max(
          latest_[context][phase.output], write.cycle + std::max(0, latencies_.forward_second - latencies_.forward));
    }
    if (leaves_sums(phase.op)) {
      int tile = pass.first_tile;
      for (int emission : timing.emissions)
        for (int n = 0; n < shape_.tiles_together(gates) && tile < tile_count(phase.size, shape_.words); ++n, ++tile)
          sums_left_[context][job.phase][tile] = emission;
    }
    for (int block : timing.blocks) {
      bus_.insert(block);
      if (context == 0 && phase.output == graph_.output_vector()) program_.output_blocks.push_back(block);
    }
  }

  void note_previous_reads(const Part<std::int32_t>& part, const Piece& piece, int context) {
    const auto& term = part.terms[piece.term];
    auto& reads = first_reads_[context][term.vector][term.spectrum];
    for (int n = 0; n < piece.rows; ++n) {
      int& first = reads[piece.first_row + n];
      first = std::min(first, piece.start + n * (shape_.words / part.block));
    }
  }

  /// Beats in the tile queue: each arrives, and leaves with its last tile.
  void note_backlog(const Timing& timing, int beats, int gates) {
    const int per_beat = outputs_per_beat(gates);
    for (int beat = 0; beat < beats; ++beat) {
      const int arrival = timing.last_step + latencies_.step_to_queue() + beat;
      const int leaves = timing.emissions[std::min<size_t>((beat + 1) * per_beat, timing.emissions.size()) - 1];
      while (!waiting_.empty() && waiting_.front() < arrival) waiting_.pop_front();
      waiting_.push_back(leaves);
      program_.queue_depth = std::max(program_.queue_depth, static_cast<int>(waiting_.size()) + 1);
    }
  }

  /// The distance of runs: the least at which no event of a run can reach, or pass, one of the run before.
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
    const int first = segments.front().start;
    // `first` is 0: nothing delays the first pass, unless it needs an input that is admitted early (see plan.cpp).
    int distance = std::max(free_ - first, least_cycles);
    const auto at_least = [&](int cycles) { distance = std::max(distance, cycles); };
    for (int context = 0; context < shape_.contexts; ++context)
      for (int v = 0; v < static_cast<int>(graph_.vectors.size()); ++v)
        for (size_t spectrum = 0; spectrum < first_reads_[context][v].size(); ++spectrum) {
          const auto& reads = first_reads_[context][v][spectrum];
          for (int row = 0; row < static_cast<int>(reads.size()); ++row)
            for (int u = first_block(v, row); reads[row] != unread && u < end_block(v, row); ++u)
              at_least(written_[context][v][spectrum][u] + 1 - reads[row]);
        }
    const auto first_last = std::find_if(segments.begin(), segments.end(), [](const Segment& s) { return s.last; });
    at_least(readout_free_ - (first_last->start + first_last->steps - 1));  // the readout
    at_least(emitted_ + 1 - first_emission_);                               // the tile queue
    if (rested_ != never) at_least(rested_ - first_folded_);                // folded elements
    if (!bus_.empty()) at_least(bus_.back() + 1 - bus_.front());            // the feedback register
    if (!writes_.empty())                                                   // the ports of the state memory
      at_least(static_cast<int>((writes_.back() / shape_.columns) + 1 - writes_.front() / shape_.columns));
    at_least(segments.back().start + shape_.contexts + 1 - first);  // admission
    program_.run_cycles = distance;
    shortest_ = distance <= std::max({program_.busy_cycles, least_cycles, beats_, outputs_});
    segments.front().gap = distance - (free_ - first);
    int end = free_;
    if (!bus_.empty()) end = std::max(end, bus_.back());
    program_.tail_cycles = end + std::max(latencies_.forward, latencies_.forward_second) + 4;
  }

  const Graph<std::int32_t>& graph_;
  const EngineShape& shape_;
  const EngineLatencies& latencies_;
  const MemoryMap& map_;
  Preference preference_;
  Program program_;
  int free_ = 0;              ///< first cycle in which the array can take a step
  int readout_free_ = never;  ///< first cycle in which a last step may come
  int emitted_ = never;       ///< last cycle in which the tile queue gave a tile
  int first_emission_ = std::numeric_limits<int>::max();
  int rested_ = never;  ///< first cycle in which a tile for folded elements may leave
  int first_folded_ = std::numeric_limits<int>::max();
  SortedSet<int> bus_;              ///< cycles in which the feedback register is loaded
  SortedSet<std::int64_t> writes_;  ///< bank_cycle of each write into the first state memory
  std::deque<int> waiting_;
  std::vector<std::vector<std::vector<std::vector<int>>>>
      written_;  ///< [context][vector][spectrum][tile]: cycle of the write
  std::vector<std::vector<std::vector<int>>> partial_written_;  ///< [context][phase][output]: emission cycle
  std::vector<std::vector<std::vector<int>>> sums_left_;        ///< [context][phase][tile]: emission cycle
  std::vector<std::vector<int>> latest_;  ///< [context][vector]: cycle of the last write so far, of all its spectra
  std::vector<std::vector<std::vector<std::vector<int>>>>
      first_reads_;                             ///< [context][vector][spectrum][row]: of its value at t - 1
  std::vector<std::vector<PartLayout>> parts_;  ///< [phase][part]
  int beats_ = 0, outputs_ = 0;                 ///< of the readout, of the tile queue
  bool shortest_ = false;
  Timing chosen_, placed_,
      trial_;  ///< of the pass that comes next, of the one that was placed last; kept for their memory
  std::vector<int> order_;
};

}  // namespace

Program schedule(const QuantNetwork& network, const EngineShape& shape, const EngineLatencies& latencies,
                 const MemoryMap& map, int least_cycles) {
  bool shortest = false;
  const auto run = [&](Preference preference) {
    Scheduler scheduler(network, shape, latencies, map, preference);
    Program program = scheduler.run(least_cycles);
    shortest = scheduler.is_shortest();
    return program;
  };
  Program best = run(Preference::first_context);
  if (shape.contexts > 1)
    for (Preference preference : {Preference::least_advanced, Preference::most_advanced, Preference::state_first}) {
      if (shortest) break;
      if (preference == Preference::state_first && !has_operation(network, Op::gru_after)) continue;
      Program program = run(preference);
      if (program.run_cycles < best.run_cycles) best = std::move(program);
    }
  best.pass_bits = differing_pass_bits(network, shape, map, best.passes);
  return best;
}

}  // namespace erngen
