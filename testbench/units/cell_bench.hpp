// What the benches of the element-wise units share: a point of parameters, the ports that all have, random sums.
#pragma once

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "activation/cost.hpp"
#include "activation/search.hpp"
#include "base/bits.hpp"
#include "lattice.hpp"
#include "ops/cell_units.hpp"
#include "units/pipeline.hpp"

namespace erngen::lattice {

inline constexpr int tag_width = 7;

using Wide = std::vector<std::int64_t>;
using Raw = std::vector<std::int32_t>;
using Functions = std::vector<Activation>;

/// One parameter point.
struct Point {
  CellFormats formats;
  int sum_width = 26;
  int elements = 1;
  double ulp = 1.0;
  KindChoice kind = KindChoice::automatic;
  bool dsp = false;
  bool extra_stage = false;
  bool shallow = false;
  bool lut_products = false;
  std::vector<int> finer = {0};  ///< fractions of the results beyond A - 1, one of which each block has

  Format input() const { return {formats.preactivation_width, formats.preactivation_fraction}; }
  Format output() const { return {formats.gate_width, formats.gate_fraction()}; }
  int act() const { return shallow ? pipeline_of(lowest_pipeline).activation : activation_latency(extra_stage); }
  int sums() const { return shallow ? pipeline_of(lowest_pipeline).sums : 1; }
  /// Fractions of vectors that are rounded from `most` bits.
  std::vector<int> fractions(int most) const {
    std::vector<int> result;
    for (const int bits : finer) result.push_back(std::min(formats.activation_width - 1 + bits, most));
    return result;
  }
};

/// What the units share: formats as parameters, activation units with their images, valid gaps, tags, keep masks.
class Cell : public Case {
 public:
  Cell(const char* name, const Point& point)
      : point_(point),
        sigmoid_(smallest_unit(Function::sigmoid, point.input(), point.output(), point.ulp, point.kind)),
        tanh_(smallest_unit(Function::tanh, point.input(), point.output(), point.ulp, point.kind)),
        units_(point.formats, sigmoid_, tanh_) {
    module = name;
    has_reset = true;
    set("K", point.elements);
    set("A", a());
    set("SUMS", point.sums());
    set("ZW", point.sum_width);
    set("TAG_WIDTH", tag_width);
  }

  /// Another value of a parameter than the model's: the fault must show.
  void corrupt(const std::string& name, const std::string& value) {
    mutant = true;
    for (auto& [parameter, text] : parameters)
      if (parameter == name) text = value;
  }

  /// One wrong bit in the sigmoid's or the tanh's image.
  void corrupt_image(int file) {
    mutant = true;
    std::string& text = files.at(file).second;
    char& digit = text[text.find('\n', text.size() / 3) - 1];
    digit = digit == 'f' ? '7' : digit == '7' ? 'f' : "89abcdef01234567"[digit <= '9' ? digit - '0' : digit - 'a' + 10];
  }

 protected:
  void set(const std::string& name, int value) { parameters.emplace_back(name, std::to_string(value)); }

  /// A list of shifts of 8 bits, the first one lowest.
  void set_shifts(const std::string& count, const std::string& list, const std::vector<int>& shifts) {
    set(count, static_cast<int>(shifts.size()));
    std::string text;
    for (size_t i = shifts.size(); i-- > 0;) text += fmt::format("8'd{}{}", shifts[i] & 255, i ? ", " : "");
    parameters.emplace_back(list, "{" + text + "}");
  }

  /// Functions of ern_cell_function, one for each shift, the first one lowest.
  void set_functions(const std::string& prefix, const std::vector<Activation>& functions) {
    const Format format{point_.formats.open_width(), point_.formats.gate_fraction()};
    std::string kinds, lows, highs;
    for (size_t i = functions.size(); i-- > 0;) {
      const Activation& f = functions[i];
      const Limits limits = output_limits(f, format);
      const auto word = [&](std::int32_t limit) {
        return fmt::format("{}'h{:x}{}", format.width, limit & ((std::int64_t{1} << format.width) - 1), i ? ", " : "");
      };
      kinds += fmt::format("2'd{}{}", f == Nonlinearity::sigmoid ? 0 : f == Nonlinearity::tanh ? 1 : 2, i ? ", " : "");
      lows += word(limits.low);
      highs += word(limits.high);
    }
    parameters.emplace_back(prefix + "S", "{" + kinds + "}");
    parameters.emplace_back(prefix + "_LOWS", "{" + lows + "}");
    parameters.emplace_back(prefix + "_HIGHS", "{" + highs + "}");
  }

  /// `functions` over and over, one for each of `count`.
  static std::vector<Activation> repeated(const std::vector<Activation>& functions, size_t count) {
    std::vector<Activation> result;
    for (size_t n = 0; n < count; ++n) result.push_back(functions[n % functions.size()]);
    return result;
  }

  /// Shifts from the fraction `from` to each of `fractions`.
  static std::vector<int> shifts_of(int from, std::vector<int> fractions) {
    for (int& fraction : fractions) fraction = from - fraction;
    return fractions;
  }

  static int select_bits(size_t count) { return std::max(1, ceil_log2(static_cast<int>(count))); }

  void set_activations() {
    static int image_number = 0;
    set("G", g());
    set("P", point_.formats.preactivation_width);
    set("F_P", point_.formats.preactivation_fraction);
    set("F_T", point_.formats.sum_fraction);
    set("ACT_LATENCY", point_.act());
    set("ACT_DSP", point_.dsp);
    set("PRODUCT_DSP", !point_.lut_products);
    for (const auto& [name, unit] : {std::pair{"SIGMOID", &sigmoid_}, std::pair{"TANH", &tanh_}}) {
      const std::string image = fmt::format("cell_{}.hex", image_number++);
      parameters.emplace_back(name, activation_parameter(*unit));
      parameters.emplace_back(fmt::format("{}_IMAGE", name), fmt::format("\"{}\"", image));
      files.emplace_back(image, activation_image(*unit));
    }
  }

  int n() const { return point_.elements; }
  int a() const { return point_.formats.activation_width; }
  int g() const { return point_.formats.gate_width; }
  int hw() const { return point_.formats.state_width; }

  /// Sums that meet the activations' whole range: some anywhere in ZW bits, most within a few units of value.
  Wide draw_sums(Rng& rng) const {
    Wide z(n());
    for (auto& value : z) {
      const int bits = std::min(point_.sum_width, point_.formats.sum_fraction + 1 + static_cast<int>(rng.below(5)));
      value = draw(rng, rng.below(4) == 0 ? point_.sum_width : std::max(2, bits));
    }
    return z;
  }

  Raw draw_raw(Rng& rng, int width) const {
    Wide wide(n());
    draw_words(rng, wide.data(), n(), width);
    return Raw(wide.begin(), wide.end());
  }

  template <class Values>
  void drive_all(Cycle& now, int port, int width, const Values& values) const {
    for (int e = 0; e < n(); ++e) now.drive(port, e * width, width, values[e]);
  }

  template <class Values>
  void expect_all(Cycle& now, int port, int width, const Values& values, std::uint64_t keep) const {
    for (int e = 0; e < n(); ++e) now.expect(port, e * width, width, keep >> e & 1 ? values[e] : 0);
  }

  /// Says nothing of what is not kept.
  template <class Values>
  void expect_kept(Cycle& now, int port, int width, const Values& values, std::uint64_t keep) const {
    for (int e = 0; e < n(); ++e)
      if (keep >> e & 1) now.expect(port, e * width, width, values[e]);
  }

  struct Control {
    bool valid;
    std::int64_t tag, keep;
  };

  /// Draws one of `count` shifts and drives its number.
  size_t select(Rng& rng, Cycle& now, int port, size_t count) const {
    const auto chosen = static_cast<size_t>(rng.below(count));
    now.drive(port, 0, select_bits(count), static_cast<std::int64_t>(chosen));
    return chosen;
  }

  /// Draws and drives valid, tag and keep on three ports from `port` on.
  Control control(Rng& rng, Cycle& now, int port) const {
    const auto all = (std::int64_t{1} << n()) - 1;
    const Control c{rng.below(4) != 0, static_cast<std::int64_t>(rng.below(1u << tag_width)),
                    rng.below(4) ? all : static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(all) + 1))};
    now.drive(port, 0, 1, c.valid);
    now.drive(port + 1, 0, tag_width, c.tag);
    now.drive(port + 2, 0, n(), c.keep);
    return c;
  }

  static constexpr std::uint64_t keep_all = ~std::uint64_t{0};
  Point point_;
  ActivationUnit sigmoid_, tanh_;
  CellUnits units_;
  CellSaturations saturations_;
};

}  // namespace erngen::lattice
