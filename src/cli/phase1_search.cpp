#include "cli/phase1_search.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/printable.hpp"

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
    const Trial dense = train({CellKind::lstm, 1, 1});
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

  Trial train(const Variant& candidate) {
    result_.trials.push_back(run_(candidate));
    return result_.trials.back();
  }

  /// Bisection: all sizes below `low` meet the requirement, all from `high` on do not.
  bool lstm_blocks() {
    size_t low = 0, high = blocks_.size();
    while (low < high && may_train("a further block size of the LSTM")) {
      const size_t middle = (low + high) / 2;
      const Trial t = train({CellKind::lstm, blocks_[middle], blocks_[middle]});
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
    const Trial t = train({CellKind::gru, chosen().candidate.block, chosen().candidate.block});
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
    const Trial t = train(larger);
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

Variant variant_of(const std::string& name) {
  for (const CellKind cell : {CellKind::lstm, CellKind::gru})
    for (int block = 1; block <= 64; block *= 2)
      for (const int outer : {block, 2 * block})
        if (const Variant candidate{cell, block, outer}; candidate.name() == name) return candidate;
  throw Error(ExitCode::usage, fmt::format("no candidate is called '{}'", printable(name)));
}

std::optional<Variant> Variant::start() const {
  if (dense()) return {};
  if (outer != block) return Variant{cell, block, block};
  if (cell == CellKind::lstm) return Variant{};
  return {};  // a GRU makes its dense network first
}

Phase1Result search_phase1(const std::vector<int>& blocks, const Requirement& requirement, int most,
                           const TrialRunner& run) {
  return Search(blocks, requirement, most, run).take();
}

std::vector<Variant> next_trainings(const std::vector<int>& blocks, const Requirement& requirement, int most,
                                    const KnownTrial& known, size_t count) {
  struct Unknown {
    Variant candidate;
  };
  std::vector<Variant> result;
  // What the search does with guesses of what is not known: each world is one way in which trainings may turn out.
  std::deque<std::map<Variant, Trial>> worlds{{}};
  while (!worlds.empty() && result.size() < count) {
    const std::map<Variant, Trial> guesses = std::move(worlds.front());
    worlds.pop_front();
    try {
      search_phase1(blocks, requirement, most, [&](const Variant& candidate) {
        if (const auto trial = known(candidate)) return *trial;
        const auto guess = guesses.find(candidate);
        if (guess == guesses.end()) throw Unknown{candidate};
        return guess->second;
      });
      if (guesses.empty()) return {};
    } catch (const Unknown& next) {
      const Variant& candidate = next.candidate;
      const bool can_start = !candidate.start() || known(*candidate.start());
      if (can_start && std::find(result.begin(), result.end(), candidate) == result.end()) result.push_back(candidate);
      constexpr double never = std::numeric_limits<double>::infinity();
      const auto add_world = [&](const Trial& guess) {
        worlds.push_back(guesses);
        worlds.back().emplace(candidate, guess);
      };
      add_world({candidate, -1, 0.0});                            // it meets every requirement, in no time
      if (!candidate.dense()) add_world({candidate, never, {}});  // it misses
    }
  }
  return result;
}

}  // namespace erngen::cli
