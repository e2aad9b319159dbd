#include "cli/reference_options.hpp"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/decibels.hpp"
#include "base/error.hpp"
#include "cli/number.hpp"
#include "network/sequence_file.hpp"

namespace erngen::cli {
namespace {

/// Frame n of all as its sequence and its place there.
std::pair<size_t, size_t> place(size_t n, const std::vector<int>& lengths) {
  size_t sequence = 0;
  for (; n >= static_cast<size_t>(lengths[sequence]); ++sequence) n -= static_cast<size_t>(lengths[sequence]);
  return {sequence, n};
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json verdict_json(const Comparison& c, const ComparisonLimits& limits, std::pair<size_t, size_t> worst) {
  return {{"frames", c.frames},
          {"outputs", c.outputs},
          {"max_error", c.max_error},
          {"max_error_at", {{"sequence", worst.first}, {"frame", worst.second}, {"output", c.worst_output}}},
          {"max_reference", c.max_reference},
          {"sqnr_db", decibels_json(c.sqnr_db)},
          {"agreement", optional_json(c.agreement)},
          {"min_sqnr_db", optional_json(limits.min_sqnr_db)},
          {"max_error_allowed", optional_json(limits.max_error)},
          {"passed", limits.met_by(c)}};
}

std::string verdict_text(const Comparison& c, const std::string& file, std::pair<size_t, size_t> worst) {
  std::string text = fmt::format("compared with    {}, {} frame{}\n", file, c.frames, c.frames == 1 ? "" : "s");
  text += fmt::format("largest error    {:.3g}", c.max_error);
  if (c.max_error > 0)
    text += fmt::format(" (sequence {}, frame {}, output {}; ", worst.first, worst.second, c.worst_output);
  else
    text += " (";
  text += fmt::format("the largest output is {:.3g})\n", c.max_reference);
  text += fmt::format("SQNR             {}\n",
                      std::isfinite(c.sqnr_db) ? decibels_text(c.sqnr_db) + " dB" : decibels_text(c.sqnr_db));
  if (c.agreement) text += fmt::format("largest output   the same one in {:.2f} % of the frames\n", 100 * *c.agreement);
  return text;
}

std::string failure_text(const Comparison& c, const ComparisonLimits& limits) {
  std::vector<std::string> reasons;
  if (limits.min_sqnr_db && c.sqnr_db < *limits.min_sqnr_db)
    reasons.push_back(fmt::format("the SQNR is {:.1f} dB, less than {:g}", c.sqnr_db, *limits.min_sqnr_db));
  if (limits.max_error && c.max_error > *limits.max_error)
    reasons.push_back(fmt::format("the largest error is {:.3g}, more than {:g}", c.max_error, *limits.max_error));
  return fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

void Verdict::require() const {
  if (!passed()) throw Error(ExitCode::mismatch, failure, way_out);
}

void ReferenceOptions::add_reference(CLI::App& verb) {
  verb.add_option("--reference", reference_, "Outputs of your own model for this input, to compare with")
      ->type_name("Y.npy");
  verb.add_flag("--last", last_, "Keep only the outputs of each sequence's last frame: [sequences, outputs]");
  add_limits(verb, "--reference Y.npy", "");
}

void ReferenceOptions::add_check(CLI::App& verb, const std::string& help) {
  verb.add_option("--check", check_, "Input and outputs of your own model, to compare with")
      ->type_name("X.npy Y.npy")
      ->expected(2);
  verb.add_flag("--last", last_, "With --check: Y has the outputs of each sequence's last frame, [sequences, outputs]");
  add_limits(verb, "--check X.npy Y.npy", help);
}

void ReferenceOptions::add_outputs(CLI::App& verb, const std::string& help) {
  verb.add_option("--check", reference_, "Outputs of your own model for the calibration, to compare with")
      ->type_name("Y.npy");
  verb.add_flag("--last", last_, "With --check: Y has the outputs of each sequence's last frame, [sequences, outputs]");
  add_limits(verb, "--check Y.npy", help);
}

void ReferenceOptions::add_limits(CLI::App& verb, const std::string& source, const std::string& help) {
  source_ = source;
  verb.add_option("--min-sqnr", limits_.min_sqnr_db,
                  help.empty() ? "Least SQNR of the comparison, in decibels: exit code 1 below it" : help)
      ->type_name("DB")
      ->transform(within(-1000.0, 1000.0));
  verb.add_option("--max-error", limits_.max_error, "Largest error of the comparison: exit code 1 above it")
      ->type_name("E")
      ->transform(within(0.0, 1e18));
}

void ReferenceOptions::require_sane(bool min_sqnr_has_a_use) const {
  if ((limits_.min_sqnr_db && !std::isfinite(*limits_.min_sqnr_db)) ||
      (limits_.max_error && !(*limits_.max_error >= 0 && std::isfinite(*limits_.max_error))))
    throw Error(ExitCode::usage, "--min-sqnr and --max-error must be numbers, an error not negative");
  if (!wanted() && (limits_.max_error || (limits_.min_sqnr_db && !min_sqnr_has_a_use)))
    throw Error(ExitCode::usage, "--min-sqnr and --max-error need outputs to compare with",
                fmt::format("give the outputs of your own model with {}", source_));
}

std::optional<Sequences> ReferenceOptions::read(const Sequences& x, int network_outputs, const OutputForm& form) const {
  require_sane();
  if (!wanted()) return {};
  const int outputs = cut_size(form.cut, network_outputs);
  const bool last = this->last(form);
  Sequences y = read_sequences(file());
  const auto several = static_cast<int>(x.lengths().size());
  const std::vector<int> wanted_lengths = last ? std::vector<int>{several} : x.lengths();
  if (y.lengths() != wanted_lengths || y.features() != outputs) {
    std::vector<int> wanted_shape = x.shape(outputs);
    if (last) wanted_shape = {several, outputs};
    const size_t wanted_size = (last ? x.lengths().size() : x.frames()) * static_cast<size_t>(outputs);
    const bool is_last = !last && y.lengths() == std::vector<int>{several} && y.features() == outputs;
    throw bad_input(
        fmt::format("{}: has shape {}, but the outputs have {}", file(), y.shape(y.features()), wanted_shape),
        is_last                            ? "if these are the outputs of each sequence's last frame, give --last"
        : y.values().size() == wanted_size ? "if it has lost an axis, give it that shape with numpy.reshape"
                                           : "");
  }
  return y;
}

Verdict ReferenceOptions::judge(const std::optional<Sequences>& reference, const Sequences& outputs,
                                const OutputForm& form, const ComparisonLimits& otherwise) const {
  if (!reference) return {};
  const Sequences y = outputs.with(apply_cut(form.cut, outputs.values(), outputs.features()), reference->features());
  const bool last_only = last(form);
  const ComparisonLimits& limits = limits_.any() ? limits_ : otherwise;
  const Array last = last_only ? y.last() : Array{};
  const Comparison c = compare(last_only ? last.values : y.values(), reference->values(), y.features());
  auto worst = place(c.worst_frame, last_only ? std::vector<int>(y.lengths().size(), 1) : y.lengths());
  if (last_only) worst.second = static_cast<size_t>(y.lengths()[worst.first]) - 1;
  Verdict verdict{verdict_json(c, limits, worst), verdict_text(c, file(), worst), "", ""};
  if (!limits.met_by(c)) verdict.failure = fmt::format("{}: {}", file(), failure_text(c, limits));
  return verdict;
}

void write_outputs(const std::string& file, const Sequences& y, bool last) {
  if (last)
    write_last_frames(file, y);
  else
    write_sequences(file, y);
}

}  // namespace erngen::cli
