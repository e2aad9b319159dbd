// The block product's units: ern_column, ern_lane, ern_recombine, each alone and all in a row (block_product.v,
// against products of packed spectra), and the trees ern_readout_mux and ern_adder_tree. With LATTICE_FEW a few cases,
// to try mutants on.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "fixed/fixed.hpp"
#include "lattice.hpp"
#include "spectral/packing.hpp"
#include "spectral/twiddle.hpp"
#include "units/lane.hpp"
#include "units/trees.hpp"
#include "winograd_cases.hpp"

namespace erngen::lattice {
namespace {

using Row = std::array<std::int64_t, max_block_size>;
using Sums = std::array<std::int64_t, 3 * max_block_size / 2>;

int pick_mode(Rng& rng, int modes) {
  for (;;)
    if (const int e = static_cast<int>(rng.below(7)); modes >> e & 1) return e;
}

/// The row turned by `rotate` spectra of 2^mode words.
Row rotated(const Row& row, int words, int mode, int rotate) {
  Row turned{};
  for (int n = 0; n < words; ++n) turned[n] = row[(n + (rotate << mode)) % words];
  return turned;
}

class Column : public Case {
 public:
  Column(int words, int modes, int sx) : words_(words), modes_(modes), sx_(sx) {
    module = "ern_column";
    parameters = {{"K", std::to_string(words)}, {"MODES", std::to_string(modes)}, {"SX", std::to_string(sx)}};
    inputs = {{"mode_i", 3}, {"rotate_i", log2_exact(words)}, {"zero_i", 1}, {"data_i", words * sx}};
    outputs = {{"x_o", lane_operand_bits(words, sx)}};
    latency = column_latency(words, modes);
  }

  void cycle(Rng& rng, Cycle& now) override {
    const int mode = pick_mode(rng, modes_);
    const int rotate = static_cast<int>(rng.below(static_cast<std::uint64_t>(words_ >> mode)));
    const bool zero = rng.below(5) == 0;
    Row row{};
    draw_words(rng, row.data(), words_, sx_);
    now.drive(0, 0, 3, mode);
    now.drive(1, 0, inputs[1].width, rotate);
    now.drive(2, 0, 1, zero);
    for (int n = 0; n < words_; ++n) now.drive(3, n * sx_, sx_, row[n]);
    const Row x = zero ? Row{} : rotated(row, words_, mode, rotate);
    now.expect(0, 0, sx_, x[0]);
    now.expect(0, sx_, sx_, x[1]);
    for (int j = 1, at = 2 * sx_; j < words_ / 2; ++j, at += 3 * sx_ + 1) {
      const bool complex = is_complex_pair(j, 1 << mode);
      now.expect(0, at, sx_ + 1, complex ? x[2 * j] + x[2 * j + 1] : x[2 * j]);
      now.expect(0, at + sx_ + 1, sx_, complex ? x[2 * j] : x[2 * j + 1]);
      now.expect(0, at + 2 * sx_ + 1, sx_, complex ? x[2 * j + 1] : 0);
    }
  }

 private:
  int words_, modes_, sx_;
};

class Lane : public Case {
 public:
  Lane(int words, int sx, int w, int terms, const Pipeline& pipeline = {})
      : words_(words), sx_(sx), w_(w), terms_(terms), acc_(lane_accumulator_width(sx, w, terms)) {
    module = "ern_lane";
    parameters = {{"K", std::to_string(words)},
                  {"SX", std::to_string(sx)},
                  {"W", std::to_string(w)},
                  {"ACC", std::to_string(acc_)},
                  {"CYCLES", std::to_string(pipeline.lane)}};
    inputs = {{"clear_i", 1}, {"x_i", lane_operand_bits(words, sx)}, {"w_i", lane_weight_bits(words, w)}};
    outputs = {{"acc_o", lane_accumulators(words) * acc_}};
    latency = lane_latency(pipeline);
  }

  void cycle(Rng& rng, Cycle& now) override {
    // Runs of up to `terms` products, often of extremes all the way.
    if (left_ == 0) left_ = 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(terms_))), begin_ = true;
    if (begin_) extreme_ = rng.below(3) == 0;
    --left_;
    now.drive(0, 0, 1, begin_);
    if (begin_) sums_ = {};
    begin_ = false;
    const auto value = [&](int width) { return extreme_ ? -(std::int64_t{1} << (width - 1)) : draw(rng, width); };
    int x_at = 0, w_at = 0, sum = 0;
    const auto drive = [&](int port, int& at, int width, std::int64_t v) {
      now.drive(port, at, width, v), at += width;
    };
    for (int n = 0; n < 2; ++n) {
      const std::int64_t x = value(sx_), w = value(w_);
      drive(1, x_at, sx_, x), drive(2, w_at, w_, w);
      sums_[sum++] += x * w;
    }
    for (int j = 1; j < words_ / 2; ++j) {
      // Operands as ern_column makes them and weights as the quantiser does, so that the bounds hold.
      const std::int64_t xr = value(sx_), xi = value(sx_), wr = value(w_), wi = value(w_);
      const bool real = rng.below(4) == 0;
      const std::int64_t xs = real ? xr : xr + xi, u = wr, v = real ? wi : wi - wr, im = real ? 0 : xi;
      drive(1, x_at, sx_ + 1, xs), drive(1, x_at, sx_, xr), drive(1, x_at, sx_, im);
      drive(2, w_at, w_, u), drive(2, w_at, w_ + 1, v);
      sums_[sum++] += u * xs;
      sums_[sum++] += im * (v + 2 * u);
      sums_[sum++] += xr * v;
    }
    for (int n = 0; n < sum; ++n) now.expect(0, n * acc_, acc_, sums_[n]);
    for (int n = 0; n < sum; ++n)
      if (saturate(sums_[n], acc_) != sums_[n]) throw std::logic_error("the accumulator's width is too small");
  }

 private:
  int words_, sx_, w_, terms_, acc_;
  int left_ = 0;
  bool begin_ = false, extreme_ = false;
  Sums sums_{};
};

class Recombine : public Case {
 public:
  Recombine(int words, int modes, int acc, int wd, std::vector<int> shifts, const Pipeline& pipeline = {})
      : words_(words), modes_(modes), acc_(acc), wd_(wd), shifts_(std::move(shifts)) {
    module = "ern_recombine";
    std::string list;
    for (size_t n = shifts_.size(); n-- > 0;) list += fmt::format("{:02x}", shifts_[n] & 255);
    parameters = {{"K", std::to_string(words)},
                  {"MODES", std::to_string(modes)},
                  {"ACC", std::to_string(acc)},
                  {"WD", std::to_string(wd)},
                  {"SHIFTS", std::to_string(shifts_.size())},
                  {"SHIFT_LIST", fmt::format("{}'h{}", 8 * shifts_.size(), list)},
                  {"TAG_WIDTH", "7"},
                  {"CYCLES", std::to_string(pipeline.recombination)}};
    shift_bits_ = std::max(1, ceil_log2(static_cast<std::int64_t>(shifts_.size())));
    inputs = {{"valid_i", 1},
              {"mode_i", 3},
              {"shift_i", shift_bits_},
              {"tag_i", 7},
              {"acc_i", lane_accumulators(words) * acc}};
    outputs = {{"valid_o", 1}, {"mode_o", 3}, {"tag_o", 7}, {"data_o", words * wd}};
    has_reset = true;
    latency = recombine_latency(LaneForm::plain, pipeline);
  }

  void cycle(Rng& rng, Cycle& now) override {
    const bool valid = rng.below(4) != 0;
    const int mode = pick_mode(rng, modes_);
    const auto shift = rng.below(shifts_.size());
    const auto tag = static_cast<std::int64_t>(rng.below(128));
    Sums acc{};
    const bool full = rng.below(2) == 0;  // else values that mostly do not saturate
    for (int n = 0; n < lane_accumulators(words_); ++n)
      acc[n] = draw(rng, full ? acc_ : std::clamp(wd_ + shifts_[shift], 2, acc_));
    now.drive(0, 0, 1, valid);
    now.drive(1, 0, 3, mode);
    now.drive(2, 0, shift_bits_, static_cast<std::int64_t>(shift));
    now.drive(3, 0, 7, tag);
    for (int n = 0; n < lane_accumulators(words_); ++n) now.drive(4, n * acc_, acc_, acc[n]);
    now.expect(0, 0, 1, valid);
    if (!valid) return;
    now.expect(1, 0, 3, mode);
    now.expect(2, 0, 7, tag);
    for (int j = 0; j < words_ / 2; ++j) {
      const std::int64_t* a = j == 0 ? &acc[0] : &acc[3 * j - 1];
      const bool complex = is_complex_pair(j, 1 << mode);
      const std::int64_t first = complex ? a[0] - a[1] : a[0];
      const std::int64_t second = j == 0 ? a[1] : complex ? a[0] + a[2] : a[2];
      now.expect(3, 2 * j * wd_, wd_, saturate(round_shift(first, shifts_[shift]), wd_));
      now.expect(3, (2 * j + 1) * wd_, wd_, saturate(round_shift(second, shifts_[shift]), wd_));
    }
  }

 private:
  int words_, modes_, acc_, wd_;
  std::vector<int> shifts_;
  int shift_bits_;
};

/// The whole product: oracle is the product of packed spectra.
class BlockProduct : public Case {
 public:
  BlockProduct(int words, int modes, int sx, int w, int wd, int shift)
      : words_(words), modes_(modes), sx_(sx), w_(w), wd_(wd), shift_(shift) {
    module = "block_product";
    const int acc = lane_accumulator_width(sx, w, terms);
    const int column = column_latency(words, modes);
    parameters = {{"K", std::to_string(words)},     {"MODES", std::to_string(modes)},  {"SX", std::to_string(sx)},
                  {"W", std::to_string(w)},         {"ACC", std::to_string(acc)},      {"WD", std::to_string(wd)},
                  {"SHIFT", std::to_string(shift)}, {"COLUMN", std::to_string(column)}};
    inputs = {
        {"mode_i", 3},          {"rotate_i", log2_exact(words)},          {"zero_i", 1}, {"clear_i", 1}, {"last_i", 1},
        {"data_i", words * sx}, {"weights_i", lane_weight_bits(words, w)}};
    outputs = {{"valid_o", 1}, {"data_o", words * wd}};
    has_reset = true;
    latency = column + lane_latency() + recombine_latency();
  }

  void cycle(Rng& rng, Cycle& now) override {
    const bool clear = left_ == 0;
    if (clear) left_ = 1 + static_cast<int>(rng.below(terms)), mode_ = pick_mode(rng, modes_), sums_ = {};
    --left_;
    const int k = 1 << mode_;
    const int rotate = static_cast<int>(rng.below(static_cast<std::uint64_t>(words_ / k)));
    const bool zero = rng.below(6) == 0;
    Row x{}, weights{};
    draw_words(rng, x.data(), words_, sx_);
    draw_words(rng, weights.data(), words_, w_);
    now.drive(0, 0, 3, mode_);
    now.drive(1, 0, inputs[1].width, rotate);
    now.drive(2, 0, 1, zero);
    now.drive(3, 0, 1, clear);
    now.drive(4, 0, 1, left_ == 0);
    for (int n = 0; n < words_; ++n) now.drive(5, n * sx_, sx_, x[n]);
    now.drive(6, 0, w_, weights[0]);
    now.drive(6, w_, w_, weights[1]);
    for (int j = 1, at = 2 * w_; j < words_ / 2; ++j, at += 2 * w_ + 1) {
      const std::int64_t first = weights[2 * j], second = weights[2 * j + 1];
      now.drive(6, at, w_, first);
      now.drive(6, at + w_, w_ + 1, is_complex_pair(j, k) ? second - first : second);
    }
    const Row turned = zero ? Row{} : rotated(x, words_, mode_, rotate);
    for (int block = 0; block < words_; block += k)
      accumulate_packed_product(turned.data() + block, weights.data() + block, sums_.data() + block, k);
    now.expect(0, 0, 1, left_ == 0);
    if (left_ != 0) return;
    for (int n = 0; n < words_; ++n) now.expect(1, n * wd_, wd_, saturate(round_shift(sums_[n], shift_), wd_));
  }

 private:
  static constexpr int terms = 20;
  int words_, modes_, sx_, w_, wd_, shift_;
  int left_ = 0, mode_ = 0;
  Row sums_{};
};

class ReadoutMux : public Case {
 public:
  ReadoutMux(int n, int width, const Pipeline& pipeline = {}) : n_(n), width_(width) {
    module = "ern_readout_mux";
    parameters = {
        {"N", std::to_string(n)}, {"WIDTH", std::to_string(width)}, {"CHOICE", std::to_string(pipeline.choice)}};
    inputs = {{"select_i", 8}, {"data_i", n * width}};
    outputs = {{"data_o", width}};
    latency = readout_mux_latency(n, pipeline);
  }
  void cycle(Rng& rng, Cycle& now) override {
    const int selected = next_;  // the number comes a cycle before the words
    next_ = static_cast<int>(rng.below(static_cast<std::uint64_t>(n_)));
    now.drive(0, 0, 8, next_);
    std::int64_t chosen = 0;
    for (int n = 0; n < n_; ++n) {
      const std::int64_t word = draw(rng, width_);
      now.drive(1, n * width_, width_, word);
      if (n == selected) chosen = word;
    }
    if (selected >= 0) now.expect(0, 0, width_, chosen);
  }

 private:
  int n_, width_, next_ = -1;
};

class AdderTree : public Case {
 public:
  AdderTree(int n, int values, int width, int out_width, const Pipeline& pipeline = {})
      : n_(n), values_(values), width_(width), out_width_(out_width) {
    module = "ern_adder_tree";
    parameters = {{"N", std::to_string(n)},
                  {"VALUES", std::to_string(values)},
                  {"WIDTH", std::to_string(width)},
                  {"OUT_WIDTH", std::to_string(out_width)},
                  {"ADDITIONS", std::to_string(pipeline.additions)}};
    inputs = {{"data_i", n * values * width}};
    outputs = {{"data_o", values * out_width}};
    latency = adder_tree_latency(n, pipeline);
  }
  void cycle(Rng& rng, Cycle& now) override {
    std::vector<std::int64_t> row(values_), sums(values_, 0);
    for (int n = 0; n < n_; ++n) {
      draw_words(rng, row.data(), values_, width_);
      for (int v = 0; v < values_; ++v) {
        now.drive(0, (n * values_ + v) * width_, width_, row[v]);
        sums[v] += row[v];
      }
    }
    for (int v = 0; v < values_; ++v) now.expect(0, v * out_width_, out_width_, sums[v]);  // modulo 2^out_width
  }

 private:
  int n_, values_, width_, out_width_;
};

}  // namespace

Cases make_cases() {
  Cases cases;
  constexpr Pipeline shallow = pipeline_of(lowest_pipeline);
  const auto add = [&](auto unit) { cases.push_back(std::make_unique<decltype(unit)>(std::move(unit))); };
#ifdef LATTICE_FEW
  add(BlockProduct(8, 12, 16, 12, 20, 14));
  add(Lane(4, 16, 12, 64));
  add(Recombine(8, 8, 30, 8, {3, 17, 9}));
  add(ReadoutMux(7, 13));
  add(AdderTree(5, 2, 20, 23));
  add(Lane(8, 16, 12, 64, shallow));
  add(Recombine(8, 12, 30, 8, {3, 17, 9}, shallow));
  add(ReadoutMux(18, 13, shallow));
  add(AdderTree(19, 2, 20, 23, shallow));
  add_winograd_cases(cases, true);
  return cases;
#endif
  for (const auto& [words, modes] : {std::pair{2, 2},
                                     {2, 1},
                                     {2, 3},
                                     {4, 4},
                                     {4, 2},
                                     {4, 7},
                                     {8, 8},
                                     {8, 4},
                                     {8, 12},
                                     {8, 15},
                                     {16, 16},
                                     {16, 24},
                                     {16, 31},
                                     {32, 40}}) {
    add(Column(words, modes, words < 16 ? 18 : 12));
    if (words <= 8 || modes == 24) add(BlockProduct(words, modes, 16, 12, 20, 14));
  }
  add(BlockProduct(8, 12, 18, 18, 22, 20));
  add(BlockProduct(8, 15, 4, 4, 6, 2));
  add(BlockProduct(4, 7, 8, 4, 12, 0));
  for (int words = 2; words <= 16; words *= 2) {
    add(Lane(words, 4, 4, 7));
    add(Lane(words, 16, 12, 64));
    add(Lane(words, 18, 18, 1024));
    add(Lane(words, 18, 12, 64, shallow));
  }
  add(Lane(32, 18, 12, 128));
  for (const auto& [words, modes] : {std::pair{2, 2}, {4, 4}, {8, 8}, {8, 15}, {16, 16}, {16, 24}}) {
    add(Recombine(words, modes, 36, 20, {14}));
    add(Recombine(words, modes, 30, 8, {3, 17, 9}));
    add(Recombine(words, modes, 30, 12, {3, 17}, shallow));
  }
  add(Recombine(8, 8, 12, 18, {-3}));
  add(Recombine(8, 8, 12, 18, {0, -5}));
  add(Recombine(8, 12, 20, 12, {-2, 6, 0, 1, 11}));
  add(Recombine(4, 4, 10, 24, {1, 2}));
  add(Recombine(8, 8, 12, 18, {-3}, shallow));
  for (int n : {1, 2, 3, 4, 7, 18, 19, 109}) add(ReadoutMux(n, 13)), add(ReadoutMux(n, 5, shallow));
  for (int n : {1, 2, 3, 4, 5, 8, 13}) {
    add(AdderTree(n, 3, 20, 20 + ceil_log2(n)));
    add(AdderTree(n, 2, 20, 20 + ceil_log2(n), shallow));
  }
  add(AdderTree(6, 2, 20, 21)), add(AdderTree(3, 1, 36, 40)), add(AdderTree(1, 2, 20, 24));
  add_winograd_cases(cases, false);
  return cases;
}

}  // namespace erngen::lattice
