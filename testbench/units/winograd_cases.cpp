// The lanes by Winograd's inner product, ern_lane_bins and ern_lane_blocks, against their sums of products, and
// ern_correction against the sums of complex bins that remain: what both have of products of spectra alone and of
// weights alone must go.
#include "winograd_cases.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "fixed/fixed.hpp"
#include "spectral/packing.hpp"
#include "spectral/twiddle.hpp"
#include "units/lane.hpp"
#include "units/trees.hpp"

namespace erngen::lattice {
namespace {

using Sums = std::array<std::int64_t, 3 * max_block_size / 2>;

/// Fills a port from its low bits up.
struct Filler {
  Case::Cycle& now;
  int port;
  int at = 0;
  void operator()(int width, std::int64_t value) { now.drive(port, at, width, value), at += width; }
};

/// Operands of one column lane as ern_column makes them of a row of words with blocks of size k.
void drive_operands(Filler& drive, const std::int64_t* x, int words, int k, int sx, LaneForm form, bool mixed) {
  drive(sx, x[0]), drive(sx, x[1]);
  for (int j = 1; j < words / 2; ++j) {
    const bool complex = is_complex_pair(j, k);
    const std::int64_t a = x[2 * j], b = x[2 * j + 1];
    if (form == LaneForm::blocks) drive(sx + 1, complex ? a + b : a);
    if (form == LaneForm::bins && mixed) drive(sx, a);
    drive(sx, complex ? a : b);
    drive(sx, complex ? b : 0);
  }
}

class WinogradLane : public Case {
 public:
  WinogradLane(LaneForm form, int words, int modes, int sx, int w, int terms)
      : form_(form), words_(words), modes_(modes), sx_(sx), w_(w), terms_(terms) {
    acc_ = lane_accumulator_width(sx, w, terms, form);
    module = form == LaneForm::bins ? "ern_lane_bins" : "ern_lane_blocks";
    parameters = {{"K", std::to_string(words)},
                  {"SX", std::to_string(sx)},
                  {"W", std::to_string(w)},
                  {"ACC", std::to_string(acc_)}};
    if (form == LaneForm::bins) parameters.emplace_back("MIXED", std::to_string(mixed()));
    const int columns = lane_columns(form);
    inputs = {{"clear_i", 1},
              {"idle_i", 1},
              {"x_i", columns * lane_operand_bits(words, sx, form, mixed())},
              {"w_i", columns * lane_weight_bits(words, w, form, mixed())}};
    outputs = {{"acc_o", lane_accumulators(words, form) * acc_}};
    latency = lane_latency();
  }

  void cycle(Rng& rng, Cycle& now) override {
    const bool idle = left_ > 0 && left_ < total_ && rng.below(4) == 0;
    if (left_ == 0) {
      total_ = left_ = 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(terms_)));
      extreme_ = rng.below(3) == 0;
      sums_ = {};
      do block_ = 1 << rng.below(7);
      while (!(block_ & modes_));
    }
    now.drive(0, 0, 1, !idle && left_ == total_);
    now.drive(1, 0, 1, idle);
    if (!idle) --left_;
    std::array<std::int64_t, 2 * max_block_size> x{}, w{};
    const int columns = lane_columns(form_);
    for (int n = 0; n < columns * words_; ++n) {
      const auto value = [&](int width) { return extreme_ ? -(std::int64_t{1} << (width - 1)) : draw(rng, width); };
      x[n] = idle ? 0 : value(sx_);
      w[n] = value(w_);
    }
    Filler operands{now, 2}, weights{now, 3};
    for (int c = 0; c < columns; ++c) {
      drive_operands(operands, &x[c * words_], words_, block_, sx_, form_, mixed());
      drive_weights(weights, &w[c * words_]);
    }
    if (!idle) form_ == LaneForm::bins ? add_bins(x.data(), w.data()) : add_blocks(x.data(), w.data());
    for (int n = 0; n < lane_accumulators(words_, form_); ++n) now.expect(0, n * acc_, acc_, sums_[n]);  // modulo 2^ACC
  }

 private:
  bool mixed() const { return modes_ != words_; }

  void drive_weights(Filler& drive, const std::int64_t* w) {
    drive(w_, w[0]), drive(w_, w[1]);
    for (int j = 1; j < words_ / 2; ++j) {
      const bool complex = is_complex_pair(j, block_);
      drive(w_, w[2 * j]);
      if (form_ == LaneForm::bins)
        drive(w_, w[2 * j + 1]);
      else
        drive(w_ + 1, complex ? w[2 * j + 1] - w[2 * j] : w[2 * j + 1]);
    }
    for (int j = 1; form_ == LaneForm::bins && mixed() && j < words_ / 2; ++j) drive(1, is_complex_pair(j, block_));
  }

  void add_bins(const std::int64_t* x, const std::int64_t* w) {
    for (int n = 0; n < 2; ++n) sums_[n] += x[n] * w[n];
    for (int j = 1; j < words_ / 2; ++j) {
      const std::int64_t a = x[2 * j], b = x[2 * j + 1], r = w[2 * j], i = w[2 * j + 1];
      const bool complex = is_complex_pair(j, block_);
      sums_[2 * j] += complex ? (a - i) * (b + r) : a * r;
      sums_[2 * j + 1] += complex ? (a + r) * (b + i) : b * i;
    }
  }

  void add_blocks(const std::int64_t* x, const std::int64_t* w) {
    const std::int64_t *y = x + words_, *z = w + words_;
    for (int n = 0; n < 2; ++n) sums_[n] += (y[n] + w[n]) * (x[n] + z[n]);
    for (int j = 1; j < words_ / 2; ++j) {
      const int n = 2 * j;
      std::int64_t* sum = &sums_[3 * j - 1];
      if (is_complex_pair(j, block_)) {
        sum[0] += (y[n] + y[n + 1] + w[n]) * (x[n] + x[n + 1] + z[n]);
        sum[1] += (y[n + 1] + w[n] + w[n + 1]) * (x[n + 1] + z[n] + z[n + 1]);
        sum[2] += (y[n] + w[n + 1] - w[n]) * (x[n] + z[n + 1] - z[n]);
      } else {
        const auto part = [&](const std::int64_t* of) { return wrapped(2 * of[n] + of[n + 1], w_ + 1); };
        sum[0] += (y[n] + w[n]) * (x[n] + z[n]);
        sum[1] += part(w) * part(z);  // of which nothing is used
        sum[2] += (y[n + 1] + w[n + 1]) * (x[n + 1] + z[n + 1]);
      }
    }
  }

  static std::int64_t wrapped(std::int64_t value, int width) {
    const std::int64_t half = std::int64_t{1} << (width - 1);
    return ((value + half) & (2 * half - 1)) - half;
  }

  LaneForm form_;
  int words_, modes_, sx_, w_, terms_, acc_ = 0;
  int left_ = 0, total_ = 0, block_ = 1;
  bool extreme_ = false;
  Sums sums_{};
};

/// Passes of random spectra; the rows' sums are those of packed products with what Winograd's products add to them, so
/// that the corrected ones must be the packed products.
class Correction : public Case {
 public:
  Correction(LaneForm form, int words, int modes, int sx, int w, int columns, int readout, int stages)
      : form_(form), words_(words), modes_(modes), sx_(sx), columns_(columns), readout_(readout), stages_(stages) {
    acc_ = lane_accumulator_width(sx, w, terms, form);
    tree_ = adder_tree_latency(columns / lane_columns(form));
    constants_ = correction_constants(words, form);
    width_ = correction_width(form, w, terms, acc_);
    const int piece = lane_weight_bits(words, w, form, mixed());
    const std::string name = fmt::format("correction_{}_{}_{}_{}_{}", name_of(form), words, modes, columns, readout);
    module = "ern_correction";
    parameters = {{"K", std::to_string(words)},
                  {"SX", std::to_string(sx)},
                  {"ACC", std::to_string(acc_)},
                  {"FORM", std::to_string(static_cast<int>(form))},
                  {"MODES", std::to_string(modes)},
                  {"READOUT", std::to_string(readout)},
                  {"COLUMNS", std::to_string(columns)},
                  {"PASSES", std::to_string(passes)},
                  {"ROWS", std::to_string(passes * stages)},
                  {"VW", std::to_string(width_)},
                  {"WB", std::to_string(piece)},
                  {"FILE", fmt::format("\"{}.hex\"", name)},
                  {"PREFIX", fmt::format("\"{}\"", name)}};
    inputs = {{"x_i", columns * lane_operand_bits(words, sx, form, mixed())},
              {"clear_i", 1},
              {"last_i", 1},
              {"pass_i", ceil_log2(passes)},
              {"mode_i", 3},
              {"rows_i", readout * lane_accumulators(words, form) * acc_},
              {"load_i", 1},
              {"load_lane_i", 16},
              {"load_row_i", 20},
              {"load_data_i", piece}};
    outputs = {{"rows_o", readout * words * acc_}};
    has_reset = true;
    latency = correction_latency(form);
    write_images(name, piece);
  }

  void cycle(Rng& rng, Cycle& now) override {
    ++time_;
    if (left_ == 0) {
      begins_ = true;
      left_ = stages_ + static_cast<int>(rng.below(6));
      pass_ = static_cast<int>(rng.below(passes));
      do block_ = 1 << rng.below(7);
      while (!(block_ & modes_));
      shared_.assign(static_cast<size_t>(words_), 0);
    }
    const bool idle = rng.below(4) == 0;
    std::vector<std::int64_t> x(static_cast<size_t>(columns_ * words_), 0);
    for (auto& word : x) word = idle ? 0 : draw(rng, sx_);
    Filler operands{now, 0};
    for (int c = 0; c < columns_; ++c) drive_operands(operands, &x[c * words_], words_, block_, sx_, form_, mixed());
    now.drive(1, 0, 1, !idle && begins_);
    if (!idle) {
      begins_ = false;
      --left_;
      for (int c = 0; c < columns_; c += lane_columns(form_)) add_shared(&x[c * words_]);
    }
    const bool last = !idle && left_ == 0;
    now.drive(2, 0, 1, last);
    if (last) {
      pass_at_[time_ + tree_ + static_cast<int>(form_) - 2] = pass_;
      mode_at_[time_ + tree_ + 3] = log2_exact(block_);
      for (int stage = 0; stage < stages_; ++stage)
        rows_at_[time_ + 5 + tree_ + stage] = {pass_, stage, block_, shared_};
    }
    now.drive(3, 0, inputs[3].width, take(pass_at_, static_cast<int>(rng.below(passes))));
    now.drive(4, 0, 3, take(mode_at_, log2_exact(block_)));
    drive_rows(rng, now);
  }

 private:
  static constexpr int terms = 60, passes = 3;
  struct Beat {
    int pass, stage, block;
    std::vector<std::int64_t> shared;
  };

  bool mixed() const { return modes_ != words_; }

  int take(std::map<int, int>& at, int otherwise) {
    const auto found = at.find(time_);
    return found == at.end() ? otherwise : found->second;
  }

  /// What the products of spectra alone add to the words of a row.
  void add_shared(const std::int64_t* x) {
    const std::int64_t* y = x + words_;
    for (int j = 0; j < words_ / 2; ++j) {
      const int n = 2 * j;
      const bool complex = j > 0 && is_complex_pair(j, block_);
      if (form_ == LaneForm::bins) {
        if (complex) shared_[n] += x[n] * x[n + 1], shared_[n + 1] += x[n] * x[n + 1];
      } else if (complex) {
        const std::int64_t sums = (x[n] + x[n + 1]) * (y[n] + y[n + 1]);
        shared_[n] += sums - x[n + 1] * y[n + 1];
        shared_[n + 1] += sums + x[n] * y[n];
      } else {
        shared_[n] += x[n] * y[n];
        shared_[n + 1] += x[n + 1] * y[n + 1];
      }
    }
  }

  std::int64_t constant(int row, int word, int n) const {
    return values_[static_cast<size_t>((row * passes * stages_ + word) * constants_ + n)];
  }

  void drive_rows(Rng& rng, Cycle& now) {
    const auto found = rows_at_.find(time_);
    Filler rows{now, 5};
    for (int r = 0; r < readout_; ++r) {
      std::vector<std::int64_t> sums(static_cast<size_t>(lane_accumulators(words_, form_)));
      for (auto& sum : sums) sum = draw(rng, acc_);
      for (const std::int64_t sum : sums) rows(acc_, sum);
      if (found == rows_at_.end()) continue;
      const Beat& beat = found->second;
      for (int j = 0; j < words_ / 2; ++j) {
        const bool complex = j > 0 && is_complex_pair(j, beat.block);
        const int word = beat.pass * stages_ + beat.stage;
        std::int64_t first = 0, second = 0;
        if (form_ == LaneForm::bins) {
          const std::int64_t v = j > 0 ? constant(r, word, j - 1) : 0;
          first = sums[2 * j] + v, second = sums[2 * j + 1] - v;
        } else {
          const std::int64_t* of = j == 0 ? &sums[0] : &sums[3 * j - 1];
          first = (complex ? of[0] - of[1] : of[0]) - constant(r, word, 2 * j);
          second = (j == 0 ? of[1] : complex ? of[0] + of[2] : of[2]) - constant(r, word, 2 * j + 1);
        }
        const int at = (r * words_ + 2 * j) * acc_;
        now.expect(0, at, acc_, first - beat.shared[2 * j]);
        now.expect(0, at + acc_, acc_, second - beat.shared[2 * j + 1]);
      }
    }
  }

  void write_images(const std::string& name, int piece) {
    Rng rng(static_cast<std::uint64_t>(words_ * 1000 + modes_ * 10 + columns_));
    std::string first;
    for (int pass = 0; pass < passes; ++pass) first += fmt::format("{:x}\n", pass * stages_);
    files.emplace_back(name + ".hex", first);
    for (int row = 0; row < readout_; ++row) {
      std::vector<Bits> words;
      const int bits = constants_ * width_;
      for (int n = 0; n < passes * stages_; ++n) {
        Bits& word = words.emplace_back(bits);
        for (int c = 0; c < constants_; ++c) {
          values_.push_back(draw(rng, width_));
          word.set(c * width_, width_, values_.back());
        }
      }
      for (int p = 0; p * piece < bits; ++p) {
        std::string text;
        for (const Bits& word : words) {
          std::string digits;
          const int width = std::min(piece, bits - p * piece);
          for (int at = (width - 1) / 4 * 4; at >= 0; at -= 4) {
            const int some = std::min(4, width - at);
            digits += fmt::format("{:x}", word.get(p * piece + at, some) & ((1 << some) - 1));
          }
          text += digits + "\n";
        }
        files.emplace_back(fmt::format("{}_{:03}{:03}.hex", name, row, p), text);
      }
    }
  }

  LaneForm form_;
  int words_, modes_, sx_, columns_, readout_, stages_;
  int acc_ = 0, tree_ = 0, constants_ = 0, width_ = 0;
  std::vector<std::int64_t> values_;
  int time_ = 0, left_ = 0, pass_ = 0, block_ = 1;
  bool begins_ = true;
  std::vector<std::int64_t> shared_;
  std::map<int, int> pass_at_, mode_at_;
  std::map<int, Beat> rows_at_;
};

}  // namespace

void add_winograd_cases(Cases& cases, bool few) {
  const auto add = [&](auto unit) { cases.push_back(std::make_unique<decltype(unit)>(std::move(unit))); };
  constexpr auto bins = LaneForm::bins, blocks = LaneForm::blocks;
  if (few) {
    add(WinogradLane(bins, 8, 12, 17, 12, 60));
    add(WinogradLane(blocks, 8, 12, 16, 12, 60));
    add(Correction(bins, 8, 12, 17, 12, 2, 2, 2));
    add(Correction(blocks, 8, 12, 16, 12, 4, 2, 2));
    return;
  }
  for (const auto& [words, modes] : {std::pair{2, 2}, {4, 4}, {4, 7}, {8, 8}, {8, 12}, {16, 16}, {16, 31}, {32, 32}}) {
    if (words > 2) {
      add(WinogradLane(bins, words, modes, 17, 12, 84));
      add(WinogradLane(bins, words, modes, 6, 9, 5));
      add(Correction(bins, words, modes, 17, 12, 2, 2, 3));
      add(Correction(bins, words, modes, 10, 12, 3, 1, 1));
    }
    add(WinogradLane(blocks, words, modes, 16, 12, 84));
    add(WinogradLane(blocks, words, modes, 6, 9, 5));
    add(Correction(blocks, words, modes, 16, 12, 2, 2, 3));
    add(Correction(blocks, words, modes, 10, 12, 6, 1, 1));
  }
  add(WinogradLane(bins, 8, 8, 17, 17, 1024));
  add(WinogradLane(blocks, 8, 8, 16, 16, 1024));
}

}  // namespace erngen::lattice
