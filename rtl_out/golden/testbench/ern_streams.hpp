// Drives s_axis_* from the stimulus and checks every beat of m_axis_*.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "ern_input_registers.hpp"
#include "ern_ports.hpp"
#include "ern_report.hpp"
#include "ern_stalls.hpp"
#include "ern_stimulus.hpp"
#include "ern_testbench_parameters.hpp"

namespace ern {

using InputBeat = Beat<parameters::input_beat_elements, parameters::input_element_bits>;
using OutputBeat = Beat<parameters::output_beat_elements, parameters::output_element_bits>;
constexpr int input_beats =
    (parameters::input_size + parameters::input_beat_elements - 1) / parameters::input_beat_elements;
constexpr int output_beats =
    (parameters::output_size + parameters::output_beat_elements - 1) / parameters::output_beat_elements;

/// Sends frames 0, 1, ... as far as release() allows. Whatever the design must ignore (lanes beyond the
/// frame, all of a beat without tvalid) is random.
class StreamDriver {
 public:
  StreamDriver(const Stimulus& stimulus, bool stalls, std::uint64_t seed)
      : stimulus_(stimulus),
        registers_(stimulus),
        stalls_(stalls, 2 * seed),
        junk_(seed + 77),
        first_accept_(stimulus.frames.size(), -1) {}

  void release(size_t frames) { released_ = std::min(released_ + frames, stimulus_.frames.size()); }
  size_t released() const { return released_; }
  size_t accepted() const { return frame_; }                                      ///< whole frames taken by the design
  size_t begun() const { return frame_ + (beat_ != 0 ? 1 : 0); }                  ///< frames of which a beat was taken
  std::int64_t first_accept(size_t frame) const { return first_accept_[frame]; }  ///< cycle of its first beat

  /// Frames let go are not sent any more, not even the rest of one that has begun; a beat that is offered is withdrawn.
  void reset() {
    registers_.forget_all();
    frame_ = released_;
    beat_ = 0;
    offered_ = repeated_ = false;
  }
  /// As reset(), but what has begun is sent to its end.
  void forget() {
    registers_.forget_count();
    if (beat_ == 0) return reset();
    forgotten_ = released_;
  }

  /// A register that must be written before the next frame may be sent; written() when that has happened.
  std::optional<RegisterWrite> wanted_write() const {
    if (offered_ || beat_ != 0 || frame_ >= released_) return {};
    return registers_.wanted(frame_);
  }
  void written(const RegisterWrite& write) {
    registers_.written(write);
    last_write_ = frame_;
  }
  /// The script has accessed a register: what the driver knows may not hold any more.
  void written_by_host(std::uint32_t address) { registers_.written_by_host(address); }
  size_t last_write() const { return last_write_; }  ///< the frame before which the last register was written

  /// Sets the ports for this cycle.
  template <class Top>
  void drive(Top& top) {
    if (offered_) return;  // the beat stays until it is taken
    skip_lost_beats();
    offered_ = frame_ < released_ && !wanted_write() && stalls_.go();
    InputBeat beat;
    for (auto& word : beat.data) word = junk_.next();
    top.s_axis_tvalid = offered_;
    if (offered_) {
      const Frame& frame = stimulus_.frames[frame_];
      const bool last = beat_ == input_beats - 1;
      for (int e = 0; e < parameters::input_beat_elements; ++e) {
        const int i = beat_ * parameters::input_beat_elements + e;
        if (i < parameters::input_size)
          beat.set(e, stimulus_.inputs[frame_ * parameters::input_size + static_cast<size_t>(i)]);
      }
      put_tlast(
          top, last && !(frame.fault == Fault::repeated && !repeated_) && (!parameters::sequence_by_tlast || frame.end),
          0);
      put_tuser(top, last && frame.end, 0);
      put_tid(top,
              frame.fault == Fault::foreign         ? parameters::streams
              : frame.fault == Fault::turns && last ? frame.stream ^ 1
                                                    : frame.stream,
              0);
    } else {
      put_tlast(top, junk_.below(2) != 0, 0);
      put_tuser(top, junk_.below(2) != 0, 0);
    }
    put(top.s_axis_tdata, beat);
  }

  /// Looks at the settled ports just before the rising edge that ends `cycle`. Returns whether a beat moved.
  template <class Top>
  bool sample(const Top& top, std::int64_t cycle) {
    if (!(top.s_axis_tvalid && top.s_axis_tready)) return false;
    offered_ = false;
    if (first_accept_[frame_] < 0) first_accept_[frame_] = cycle;
    repeated_ = stimulus_.frames[frame_].fault == Fault::repeated && beat_ == input_beats - 1 && !repeated_;
    if (!repeated_) next_beat();
    return true;
  }

 private:
  void next_beat() {
    if (++beat_ < input_beats) return;
    beat_ = 0;
    registers_.sent(frame_);
    frame_ = std::max(frame_ + 1, forgotten_);
  }
  void skip_lost_beats() {
    while (frame_ < released_ && ((stimulus_.frames[frame_].fault == Fault::first_lost && beat_ == 0) ||
                                  (stimulus_.frames[frame_].fault == Fault::last_lost && beat_ == input_beats - 1)))
      next_beat();
  }

  const Stimulus& stimulus_;
  InputRegisters registers_;
  Stalls stalls_;
  Random junk_;
  std::vector<std::int64_t> first_accept_;
  size_t last_write_ = 0;
  size_t released_ = 0;
  size_t frame_ = 0;
  size_t forgotten_ = 0;  ///< frames below it are not begun
  int beat_ = 0;
  bool offered_ = false;   ///< the ports offer a beat
  bool repeated_ = false;  ///< the beat that goes twice has gone once
};

/// Compares all words, tlast, tuser, tid and tdest with the expectation of the frame that its stream has sent
/// longest ago, and checks that an offered beat stays until it is taken.
class StreamMonitor {
 public:
  StreamMonitor(const Stimulus& stimulus, const Words& expected, bool stalls, std::uint64_t seed, Report& report)
      : stimulus_(stimulus),
        expected_(expected),
        stalls_(stalls, 2 * seed + 1),
        report_(report),
        waiting_(parameters::streams),
        ends_(stimulus.frames.size(), -1) {
    outputs_.rows = expected.rows;
    outputs_.columns = expected.columns;
    outputs_.values.assign(expected.values.size(), 0);
    for (size_t n = 0; n < stimulus.frames.size(); ++n)
      if (stimulus.frames[n].fault == Fault::none && comes_out(stimulus.frames[n]))
        waiting_[static_cast<size_t>(stimulus.frames[n].stream)].push_back(n);
  }

  size_t received() const { return received_; }  ///< frames ended, whole or not
  /// Whether a frame below `count` has still to come out.
  bool waits_for(size_t count) const {
    return active_ || std::any_of(waiting_.begin(), waiting_.end(),
                                  [&](const auto& queue) { return !queue.empty() && queue.front() < count; });
  }
  /// Frames below `count` that have not come out are not waited for any more.
  void forget(size_t count) {
    for (auto& queue : waiting_)
      while (!queue.empty() && queue.front() < count) queue.pop_front();
    active_ = pending_ = false;
  }
  /// Takes nothing while `shut`.
  void shut(bool shut) { shut_ = shut; }
  /// Neither takes nor watches anything while `deaf`.
  void deaf(bool deaf) { deaf_ = deaf; }
  std::int64_t end(size_t frame) const { return ends_[frame]; }  ///< cycle of its last output beat, or -1
  const Words& outputs() const { return outputs_; }

  template <class Top>
  void drive(Top& top) {
    top.m_axis_tready = stalls_.go() && !shut_ && !deaf_;
  }

  /// `begun`: input frames begun so far; no output may come before its input. Returns whether a beat moved.
  template <class Top>
  bool sample(const Top& top, std::int64_t cycle, size_t begun) {
    const bool valid = top.m_axis_tvalid && !deaf_;
    if (deaf_) pending_ = false;
    if (!valid) {
      if (pending_) report_.mismatch(at(cycle) + "m_axis_tvalid fell before the beat was taken");
      pending_ = false;
      return false;
    }
    const Seen now{fetch<OutputBeat>(top.m_axis_tdata),
                   bool(top.m_axis_tlast),
                   bool(top.m_axis_tuser),
                   int(top.m_axis_tid),
                   int(top.m_axis_tdest),
                   fetch_tkeep(top, 0)};
    if (pending_ && !(now == seen_)) report_.mismatch(at(cycle) + "the beat on m_axis changed while it waited");
    seen_ = now;
    pending_ = !top.m_axis_tready;
    if (pending_) return false;
    take(now, cycle, begun);
    return true;
  }

  /// Counts every word that never came.
  void close() {
    if (active_) finish_frame(-1);
    for (auto& queue : waiting_) {
      for (const size_t frame : queue)
        report_.mismatch("frame " + std::to_string(frame) + " (stream " +
                             std::to_string(stimulus_.frames[frame].stream) + ") never came out",
                         parameters::output_size);
      queue.clear();
    }
  }

 private:
  struct Seen {
    OutputBeat data;
    bool last = false;
    bool user = false;
    int id = 0;
    int dest = 0;
    std::uint64_t keep = 0;
    bool operator==(const Seen& o) const {
      return data == o.data && last == o.last && user == o.user && id == o.id && dest == o.dest && keep == o.keep;
    }
  };

  /// Whether the design gives the frame out.
  static bool comes_out(const Frame& frame) { return !parameters::ends_only || frame.end; }
  /// 1 for each byte, but for those beyond the frame in a beat with tlast.
  static std::uint64_t wanted_tkeep(bool tlast) {
    constexpr int all = parameters::output_beat_elements * parameters::output_element_bits / 8;
    constexpr int tail = (parameters::output_size - (output_beats - 1) * parameters::output_beat_elements) *
                         parameters::output_element_bits / 8;
    const int bytes = tlast ? tail : all;
    return bytes == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bytes) - 1;
  }
  static std::string at(std::int64_t cycle) { return "cycle " + std::to_string(cycle) + ": "; }
  std::string where(std::int64_t cycle) const {
    return at(cycle) + "frame " + std::to_string(frame_) + " (stream " +
           std::to_string(stimulus_.frames[frame_].stream) + "), ";
  }

  void take(const Seen& beat, std::int64_t cycle, size_t begun) {
    if (!active_) {
      if (beat.id >= parameters::streams || waiting_[static_cast<size_t>(beat.id)].empty()) {
        report_.mismatch(at(cycle) + "a beat of stream " + std::to_string(beat.id) + " that nothing was sent for");
        return;
      }
      auto& queue = waiting_[static_cast<size_t>(beat.id)];
      frame_ = queue.front();
      queue.pop_front();
      active_ = true;
      beat_ = 0;
      if (parameters::rounds && frame_ < last_frame_)
        report_.mismatch(where(cycle) + "came out after frame " + std::to_string(last_frame_));
      last_frame_ = frame_;
      if (frame_ >= begun) report_.mismatch(where(cycle) + "output before any input");
    }
    const Frame& frame = stimulus_.frames[frame_];
    const bool last = beat_ == output_beats - 1;
    for (int e = 0; e < parameters::output_beat_elements; ++e) {
      const int i = beat_ * parameters::output_beat_elements + e;
      const std::int32_t got = beat.data.get(e);
      const bool inside = i < parameters::output_size;
      const size_t place = frame_ * parameters::output_size + static_cast<size_t>(i);
      const std::int32_t wanted = inside ? expected_.values[place] : 0;
      if (inside) {
        outputs_.values[place] = got;
        ++report_.outputs_checked;
      }
      if (got != wanted)
        report_.mismatch(where(cycle) + (inside ? "element " : "padding element ") + std::to_string(i) + ": got " +
                         std::to_string(got) + ", expected " + std::to_string(wanted));
    }
    const bool tlast = last && (!parameters::tlast_per_sequence || frame.end);
    if (parameters::tkeep && beat.keep != wanted_tkeep(tlast))
      report_.mismatch(where(cycle) + "beat " + std::to_string(beat_) + ": tkeep is " + std::to_string(beat.keep) +
                       ", expected " + std::to_string(wanted_tkeep(tlast)));
    if (beat.last != tlast)
      report_.mismatch(where(cycle) + "beat " + std::to_string(beat_) + ": tlast is " + (beat.last ? "1" : "0"));
    if (beat.user != (last && frame.end))
      report_.mismatch(where(cycle) + "beat " + std::to_string(beat_) + ": tuser (end of sequence) is " +
                       (beat.user ? "1" : "0"));
    if (beat.id != frame.stream) report_.mismatch(where(cycle) + "tid changed to " + std::to_string(beat.id));
    if (beat.dest != beat.id) report_.mismatch(where(cycle) + "tdest is " + std::to_string(beat.dest) + ", not tid");
    ++beat_;
    if (last || beat.last) finish_frame(cycle);
  }

  void finish_frame(std::int64_t cycle) {
    const int seen = std::min(beat_ * parameters::output_beat_elements, parameters::output_size);
    if (seen < parameters::output_size)
      report_.mismatch(where(cycle) + "the frame ended after " + std::to_string(seen) + " of " +
                           std::to_string(parameters::output_size) + " elements",
                       parameters::output_size - seen);
    else
      ++report_.frames;
    ends_[frame_] = cycle;
    active_ = false;
    ++received_;
  }

  const Stimulus& stimulus_;
  const Words& expected_;
  Stalls stalls_;
  Report& report_;
  std::vector<std::deque<size_t>> waiting_;  ///< frames of each stream that have not come out
  std::vector<std::int64_t> ends_;
  Words outputs_;
  size_t received_ = 0;
  size_t frame_ = 0;  ///< the frame that is coming out, when active_
  size_t last_frame_ = 0;
  int beat_ = 0;
  bool active_ = false;
  bool pending_ = false;  ///< a beat was offered and not taken in the last cycle
  bool shut_ = false;
  bool deaf_ = false;
  Seen seen_;
};

}  // namespace ern
