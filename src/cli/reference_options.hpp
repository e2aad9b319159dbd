// Outputs of the user's own model: options, comparison, report and verdict, the same for every verb.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/comparison.hpp"
#include "base/json.hpp"
#include "network/output_cut.hpp"
#include "network/sequences.hpp"

namespace erngen::cli {

/// What came of a comparison: for the report, and for the exit code.
struct Verdict {
  Json json = nullptr;  ///< null: nothing was compared
  std::string text;
  std::string failure;  ///< why the limits are not met; empty: they are, or there are none
  std::string way_out;

  bool passed() const { return failure.empty(); }
  /// Throws Error(mismatch) unless passed.
  void require() const;
};

class ReferenceOptions {
 public:
  /// Adds --reference Y, --last, --min-sqnr and --max-error.
  void add_reference(CLI::App& verb);
  /// Adds --check X Y, --last, --min-sqnr and --max-error. `help` describes --min-sqnr, which another option may need.
  void add_check(CLI::App& verb, const std::string& help = "");
  /// Adds --check Y, outputs for an input that the verb has, --last, --min-sqnr and --max-error.
  void add_outputs(CLI::App& verb, const std::string& help);

  bool wanted() const { return !reference_.empty() || !check_.empty(); }
  /// X of --check. required: it was given.
  const std::string& input() const { return check_.front(); }
  /// Only the last frame of each sequence counts.
  bool last(const OutputForm& form) const { return last_ || form.last; }
  std::optional<double> min_sqnr_db() const { return limits_.min_sqnr_db; }
  /// The command line says how near the outputs must come.
  bool limited() const { return limits_.any(); }

  /// Throws Error(usage) for limits that are no numbers, and for limits without outputs to compare with, but for
  /// --min-sqnr where another option has a use for it.
  void require_sane(bool min_sqnr_has_a_use = false) const;

  /// Reads Y, if it was given. Throws as require_sane(), and Error(bad_input) unless Y has as many values as the cut of
  /// `form` makes of `outputs` for every frame of x, or for every sequence if the last one counts.
  std::optional<Sequences> read(const Sequences& x, int outputs, const OutputForm& form) const;

  /// Compares y, all frames of x, with what read() returned, after what is cut off at the network's end. Without limits
  /// on the command line `otherwise` decides.
  Verdict judge(const std::optional<Sequences>& reference, const Sequences& y, const OutputForm& form,
                const ComparisonLimits& otherwise = {}) const;

 private:
  void add_limits(CLI::App& verb, const std::string& source, const std::string& help);
  const std::string& file() const { return check_.empty() ? reference_ : check_.back(); }

  std::string source_;  ///< the option that gives Y, for messages
  std::string reference_;
  std::vector<std::string> check_;
  ComparisonLimits limits_;
  bool last_ = false;
};

/// Writes y, or with `last` the last frame of each sequence. Throws as write_sequences().
void write_outputs(const std::string& file, const Sequences& y, bool last);

}  // namespace erngen::cli
