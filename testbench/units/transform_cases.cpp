// ern_fft and ern_ifft against fft_fixed and ifft_fixed.
//
// Built three times, as LATTICE_WORDS says: 8 for a few cases (to try mutants on), 16 for rows of up to 16 words,
// 64 for longer ones.
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "fixed/fixed.hpp"
#include "lattice.hpp"
#include "spectral/fixed_fft.hpp"
#include "spectral/twiddle.hpp"
#include "units/shift_add.hpp"
#include "units/transform.hpp"

namespace erngen::lattice {
namespace {

using Row = std::array<std::int64_t, max_block_size>;

constexpr int tag_width = 5;

std::vector<int> used_modes(int modes) {
  std::vector<int> used;
  for (int e = 0; e < 7; ++e)
    if (modes >> e & 1) used.push_back(e);
  return used;
}

/// The literal with bit 0 of one hexadecimal digit flipped: in a constant's last digit the smallest fault that a table
/// can have.
std::string corrupt(std::string literal, int digit_from_low) {
  char& digit = literal[literal.size() - 1 - digit_from_low];
  const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  digit = "0123456789abcdef"[value ^ 1];
  return literal;
}

/// What both directions share: valid gaps, modes, tags, and words that are compared when valid.
class Transform : public Case {
 public:
  Transform(const char* name, int words, int modes, int in_width, int out_width)
      : words_(words), modes_(modes), in_width_(in_width), out_width_(out_width), used_(used_modes(modes)) {
    module = name;
    parameters = {{"K", std::to_string(words)},
                  {"MODES", std::to_string(modes)},
                  {"IN_WIDTH", std::to_string(in_width)},
                  {"OUT_WIDTH", std::to_string(out_width)},
                  {"TAG_WIDTH", std::to_string(tag_width)},
                  {"TWIDDLES", twiddle_parameter(words)}};
    inputs = {{"valid_i", 1}, {"mode_i", 3}, {"tag_i", tag_width}, {"data_i", words * in_width}};
    outputs = {{"valid_o", 1}, {"mode_o", 3}, {"tag_o", tag_width}, {"data_o", words * out_width}};
    has_reset = true;
  }

  void make_mutant(int constant) {
    mutant = true;
    parameters.back().second = corrupt(parameters.back().second, 4 * constant);
  }

  /// Rotations by additions; `digit` >= 0: with one wrong bit in their graphs.
  void use_additions(int digit = -1) {
    parameters.emplace_back("ADDERS", adder_parameter(words_));
    if (digit < 0) return;
    mutant = true;
    parameters.back().second = corrupt(parameters.back().second, digit);
  }

  /// Rotations with another register.
  void use_registers() {
    constexpr Pipeline deep{.rotation = 2};
    parameters.emplace_back("ROTATION", std::to_string(deep.rotation));
    latency = cycles(deep);
  }

  /// Stages 2 and 4 in one cycle.
  void use_one_cycle() {
    constexpr Pipeline shallow = pipeline_of(lowest_pipeline);
    parameters.emplace_back("SMALL", std::to_string(shallow.small_stages));
    latency = cycles(shallow);
  }

  void cycle(Rng& rng, Cycle& now) override {
    const bool valid = rng.below(4) != 0;
    const int mode = used_[rng.below(used_.size())];
    const auto tag = static_cast<std::int64_t>(rng.below(1u << tag_width));
    Row x{}, y{};
    draw_words(rng, x.data(), words_, in_width_);
    now.drive(0, 0, 1, valid);
    now.drive(1, 0, 3, mode);
    now.drive(2, 0, tag_width, tag);
    for (int n = 0; n < words_; ++n) now.drive(3, n * in_width_, in_width_, x[n]);
    now.expect(0, 0, 1, valid);
    if (!valid) return;
    for (int block = 0; block < words_; block += 1 << mode) model(x.data() + block, y.data() + block, mode);
    now.expect(1, 0, 3, mode);
    now.expect(2, 0, tag_width, tag);
    for (int n = 0; n < words_; ++n) now.expect(3, n * out_width_, out_width_, y[n]);
  }

 protected:
  virtual void model(const std::int64_t* x, std::int64_t* y, int mode) const = 0;
  virtual int cycles(const Pipeline& pipeline) const = 0;
  int words_, modes_, in_width_, out_width_;

 private:
  std::vector<int> used_;
};

class Forward : public Transform {
 public:
  Forward(int words, int modes, int in_width, int drop, int spare)
      : Transform("ern_fft", words, modes, in_width, fft_out_width(modes, in_width, drop) + spare), drop_(drop) {
    parameters.insert(parameters.begin() + 3, {"DROP", std::to_string(drop)});
    latency = cycles({});
  }

 private:
  int cycles(const Pipeline& pipeline) const override { return fft_latency(modes_, drop_, pipeline); }
  void model(const std::int64_t* x, std::int64_t* y, int mode) const override {
    fft_fixed(x, y, 1 << mode);
    for (int n = 0; n < 1 << mode; ++n) y[n] = saturate(round_shift(y[n], drop_), out_width_);
  }
  int drop_;
};

class Inverse : public Transform {
 public:
  Inverse(int words, int modes, int reference, int in_width, int spare)
      : Transform("ern_ifft", words, modes, in_width, ifft_out_width(in_width, reference) + spare),
        reference_(reference) {
    parameters.insert(parameters.begin() + 3, {"KREF", std::to_string(reference)});
    latency = cycles({});
  }

 private:
  int cycles(const Pipeline& pipeline) const override { return ifft_latency(modes_, pipeline); }
  void model(const std::int64_t* x, std::int64_t* y, int mode) const override {
    ifft_fixed(x, y, 1 << mode);
    for (int n = 0; n < 1 << mode; ++n) y[n] = round_shift(y[n], mode - log2_exact(reference_));
  }
  int reference_;
};

}  // namespace

Cases make_cases() {
  Cases cases;
  const auto forward = [&](int words, int modes, int in_width, int drop = 0, int spare = 0) {
    cases.push_back(std::make_unique<Forward>(words, modes, in_width, drop, spare));
  };
  const auto inverse = [&](int words, int modes, int reference, int in_width, int spare = 0) {
    cases.push_back(std::make_unique<Inverse>(words, modes, reference, in_width, spare));
  };
  [[maybe_unused]] const auto mutant = [&](std::unique_ptr<Transform> unit, int constant) {
    unit->make_mutant(constant);
    cases.push_back(std::move(unit));
  };
  const auto additions = [&](std::unique_ptr<Transform> unit, int wrong = -1) {
    unit->use_additions(wrong);
    cases.push_back(std::move(unit));
  };
  [[maybe_unused]] const auto registers = [&](std::unique_ptr<Transform> unit, bool by_additions) {
    if (by_additions) unit->use_additions();
    unit->use_registers();
    cases.push_back(std::move(unit));
  };
  [[maybe_unused]] const auto one_cycle = [&](std::unique_ptr<Transform> unit) {
    unit->use_one_cycle();
    cases.push_back(std::move(unit));
  };
#if LATTICE_WORDS == 8
  one_cycle(std::make_unique<Forward>(8, 12, 14, 1, 0));
  one_cycle(std::make_unique<Inverse>(8, 12, 8, 20, 0));
  registers(std::make_unique<Forward>(8, 12, 14, 1, 0), true);
  registers(std::make_unique<Inverse>(8, 12, 8, 20, 0), false);
  additions(std::make_unique<Forward>(8, 12, 14, 1, 0));
  additions(std::make_unique<Inverse>(8, 8, 8, 20, 0));
  forward(8, 8, 12), inverse(8, 8, 8, 18);
  forward(8, 12, 18, 5), inverse(8, 12, 16, 18);
#elif LATTICE_WORDS == 16
  // One size, the whole row; widths from the least to beyond a DSP port.
  for (int words = 2; words <= 16; words *= 2) {
    for (int width : {4, 12, 18}) forward(words, words, width), inverse(words, words, words, width + 6);
    forward(words, words, 14, 2);
  }
  forward(8, 8, 27), inverse(8, 8, 8, 27);
  // One smaller size in a wider row; size 1.
  forward(8, 4, 12), inverse(8, 4, 8, 18);
  forward(16, 8, 12), inverse(16, 8, 8, 20);
  forward(8, 1, 12), inverse(8, 1, 4, 18);
  forward(4, 1, 12, 1);
  // Several sizes, a common fraction, drops that saturate, spare output bits.
  forward(2, 3, 12), inverse(2, 3, 2, 18);
  forward(4, 7, 12), inverse(4, 7, 16, 18);
  forward(8, 12, 12), inverse(8, 12, 8, 18);
  forward(8, 15, 18, 3), inverse(8, 15, 8, 20, 3);
  forward(8, 9, 18, 6), inverse(8, 9, 64, 12);
  forward(16, 24, 12), inverse(16, 24, 16, 20);
  forward(16, 12, 18, 5, 1), inverse(16, 12, 16, 22);
  forward(16, 31, 4), inverse(16, 31, 16, 6);
  // Rotations by additions.
  for (int words : {8, 16}) {
    additions(std::make_unique<Forward>(words, words, 12, 0, 0));
    additions(std::make_unique<Inverse>(words, words, words, 20, 0));
  }
  additions(std::make_unique<Forward>(16, 24, 18, 5, 1));
  additions(std::make_unique<Inverse>(16, 24, 16, 26, 0));
  for (const bool by_additions : {false, true}) {
    registers(std::make_unique<Forward>(16, 24, 18, 5, 1), by_additions);
    registers(std::make_unique<Inverse>(16, 24, 16, 22, 0), by_additions);
    registers(std::make_unique<Forward>(4, 4, 12, 0, 0), by_additions);
  }
  for (const int modes : {1, 2, 3, 4, 6, 7, 8, 15}) {
    one_cycle(std::make_unique<Forward>(8, modes, 12, 0, 0));
    one_cycle(std::make_unique<Inverse>(8, modes, 8, 18, 0));
  }
  // The smallest wrong constant must be seen; so must a wrong shift of an addition.
  additions(std::make_unique<Forward>(16, 16, 18, 0, 0), 64 + 8 * 4);
  additions(std::make_unique<Inverse>(8, 8, 8, 20, 0), 64 + 8 * 3);
  mutant(std::make_unique<Forward>(8, 8, 18, 0, 0), 1);
  mutant(std::make_unique<Inverse>(8, 8, 8, 20, 0), 1);
  for (int constant : {1, 2, 3}) mutant(std::make_unique<Forward>(16, 16, 18, 0, 0), constant);
  mutant(std::make_unique<Inverse>(16, 24, 16, 20, 0), 3);
#else
  forward(32, 32, 12), inverse(32, 32, 32, 18);
  forward(32, 40, 14, 2, 2), inverse(32, 40, 32, 18);
  forward(64, 64, 12, 1), inverse(64, 64, 64, 19);
  additions(std::make_unique<Forward>(64, 64, 12, 1, 0));
  additions(std::make_unique<Inverse>(64, 64, 64, 19, 0));
  forward(64, 73, 18, 6), inverse(64, 73, 64, 12);
  mutant(std::make_unique<Forward>(32, 32, 18, 0, 0), 7);
#endif
  return cases;
}

}  // namespace erngen::lattice
