// The decisions of Phase I (E-RNN, HPCA 2019, section 6), apart from training and printing.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "network/random_network.hpp"

namespace erngen::cli {

/// A cell type and block sizes. Block size 1 everywhere is the dense network.
struct Variant {
  CellKind cell = CellKind::lstm;
  int block = 1;  ///< of the recurrent and projection matrices
  int outer = 1;  ///< of the input matrices and the output layer

  std::string name() const;  ///< "LSTM dense", "GRU k=8", "GRU k=8, input and output 16"
  auto operator<=>(const Variant&) const = default;

  bool dense() const { return block == 1 && outer == 1; }
  /// The trained candidate that this one starts from; none: random weights.
  std::optional<Variant> start() const;
};

/// The candidate of this name. Throws Error(usage).
Variant variant_of(const std::string& name);

/// What is known of a trained candidate.
struct Trial {
  Variant candidate;
  double error = 0;              ///< validation error rate
  std::optional<double> cycles;  ///< a frame, of the planned engine; none: it does not fit the device
};

/// Trains a candidate from where it starts.
using TrialRunner = std::function<Trial(const Variant& candidate)>;

struct Requirement {
  std::optional<double> error;  ///< highest error rate
  double loss = 0.005;          ///< without it: the dense LSTM's and this
};

struct Phase1Result {
  std::vector<Trial> trials;         ///< in the order of training, each once
  std::vector<std::string> reasons;  ///< one a decision
  double limit = 0;                  ///< the error rate that was required
  std::optional<size_t> chosen;      ///< index of the trial; none: nothing meets the requirement
  size_t best = 0;                   ///< the trial with the lowest error, block-circulant if there is one
};

/// The steps of the paper: (1) the dense LSTM, then the largest of `blocks` (ascending powers of two) at which an LSTM
/// meets the requirement, by bisection: errors are taken to rise with the block size; (2) a GRU of that block size in
/// its place, if it meets the requirement in no more cycles; (3) twice the block size for the input matrices and the
/// output layer, if that still meets it in fewer cycles. At most `most` trainings; steps that they do not cover are
/// left out, and the reasons say so. required: blocks are not empty, most >= 2.
Phase1Result search_phase1(const std::vector<int>& blocks, const Requirement& requirement, int most,
                           const TrialRunner& run);

/// What is known of a candidate, if it is trained.
using KnownTrial = std::function<std::optional<Trial>(const Variant& candidate)>;

/// The trainings to begin now, `count` at most: the first is the one that search_phase1() needs next, the others are
/// those that it may need after it, the sooner the earlier, whether candidates meet the requirement or miss it. Only
/// what can start is among them. None: all that the search needs is known.
std::vector<Variant> next_trainings(const std::vector<int>& blocks, const Requirement& requirement, int most,
                                    const KnownTrial& known, size_t count);

}  // namespace erngen::cli
