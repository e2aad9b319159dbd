#include "cli/phase1_search.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace erngen::cli {
namespace {

std::string percent(double rate) { return fmt::format("{:.2f} %", 100 * rate); }
std::string cycles_text(const Trial& t) {
  return t.cycles ? fmt::format("{:g} cycles a frame", *t.cycles) : "no engine that fits";
}

/// Fewer cycles; what does not fit is worse than all that does.
bool faster(const Trial& a, const Trial& b) { return a.cycles && (!b.cycles || *a.cycles < *b.cycles); }

class Search {
 public:
  Search(const std::vector<int>& blocks, const Requirement& requirement, int most, const TrialRunner& run)
      : blocks_(blocks), requirement_(requirement), most_(static_cast<size_t>(most)), run_(run) {}

  Phase1Result take() {
    const Trial dense = train({CellKind::lstm, 1, 1}, {});
    result_.limit = requirement_.error.value_or(dense.error + requirement_.loss);
    say("the dense LSTM has an error of {}; required is at most {}", percent(dense.error), percent(result_.limit));
    if (dense.error > result_.limit) {
      say("not even the dense LSTM meets the requirement: no block size is tried");
    } else if (lstm_blocks()) {
      gru();
      outer_blocks();
    }
    for (size_t n = 0; n < result_.trials.size(); ++n) {
      const bool circulant = result_.trials[n].candidate.block > 1,
                 best_circulant = result_.trials[result_.best].candidate.block > 1;
      if (circulant > best_circulant ||
          (circulant == best_circulant && result_.trials[n].error < result_.trials[result_.best].error))
        result_.best = n;
    }
    return std::move(result_);
  }

 private:
  template <class... Args>
  void say(fmt::format_string<Args...> text, Args&&... args) {
    result_.reasons.push_back(fmt::format(text, std::forward<Args>(args)...));
  }
  bool meets(const Trial& t) const { return t.error <= result_.limit; }
  bool may_train(const char* step) {
    if (result_.trials.size() < most_) return true;
    say("{} is not tried: {} trainings are done", step, most_);
    return false;
  }

  Trial train(const Variant& candidate, const std::optional<Variant>& neighbour) {
    result_.trials.push_back(run_(candidate, neighbour));
    return result_.trials.back();
  }

  /// Bisection: all sizes below `low` meet the requirement, all from `high` on do not.
  bool lstm_blocks() {
    size_t low = 0, high = blocks_.size();
    while (low < high && may_train("a further block size of the LSTM")) {
      const size_t middle = (low + high) / 2;
      const Trial t = train({CellKind::lstm, blocks_[middle], blocks_[middle]}, {});
      say("{}: error {}, {}: {}", t.candidate.name(), percent(t.error), cycles_text(t),
          meets(t) ? "meets the requirement" : "misses it");
      if (meets(t)) {
        low = middle + 1;
        result_.chosen = result_.trials.size() - 1;
      } else {
        high = middle;
      }
    }
    if (!result_.chosen) say("no block size of the LSTM meets the requirement");
    return result_.chosen.has_value();
  }

  const Trial& chosen() const { return result_.trials[*result_.chosen]; }

  void gru() {
    if (!may_train("a GRU")) return;
    const Trial t = train({CellKind::gru, chosen().candidate.block, chosen().candidate.block}, {});
    const bool better = meets(t) && !faster(chosen(), t);
    say("{}: error {}, {} against {}: {}", t.candidate.name(), percent(t.error), cycles_text(t), cycles_text(chosen()),
        better     ? "takes the LSTM's place"
        : meets(t) ? "meets the requirement, but is slower"
                   : "misses the requirement");
    if (better) result_.chosen = result_.trials.size() - 1;
  }

  void outer_blocks() {
    Variant larger = chosen().candidate;
    larger.outer = 2 * larger.block;
    if (larger.outer > 64) {
      say("larger blocks for the input and output matrices are not tried: 64 is the largest");
      return;
    }
    if (!may_train("a larger block size of the input and output matrices")) return;
    const Trial t = train(larger, chosen().candidate);
    const bool better = meets(t) && faster(t, chosen());
    say("{}: error {}, {} against {}: {}", t.candidate.name(), percent(t.error), cycles_text(t), cycles_text(chosen()),
        better     ? "is taken"
        : meets(t) ? "meets the requirement, but is not faster"
                   : "misses the requirement");
    if (better) result_.chosen = result_.trials.size() - 1;
  }

  const std::vector<int>& blocks_;
  Requirement requirement_;
  size_t most_;
  const TrialRunner& run_;
  Phase1Result result_;
};

}  // namespace

std::string Variant::name() const {
  const char* kind = cell == CellKind::lstm ? "LSTM" : "GRU";
  if (block == 1 && outer == 1) return fmt::format("{} dense", kind);
  return fmt::format("{} k={}{}", kind, block, outer == block ? "" : fmt::format(", input and output {}", outer));
}

Phase1Result search_phase1(const std::vector<int>& blocks, const Requirement& requirement, int most,
                           const TrialRunner& run) {
  return Search(blocks, requirement, most, run).take();
}

}  // namespace erngen::cli
