// ern_activation_bank against ActivationUnit::evaluate, all inputs of every format up to 18 bits, a part of wider ones.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "activation/cost.hpp"
#include "activation/search.hpp"
#include "lattice.hpp"
#include "units/pipeline.hpp"

namespace erngen::lattice {
namespace {

/// Every element walks through its own part of the inputs, so that 2^14 cycles see all of them, or one of each few
/// neighbours where there are more than 2^18; now and then a number beyond the format comes in between, which must
/// saturate.
class Activation : public Case {
 public:
  Activation(const ActivationUnit& unit, int spare_bits, bool dsp, int latency_)
      : unit_(unit),
        elements_(1 << std::clamp(unit.input().width - 14, 0, 4)),
        in_width_(unit.input().width + spare_bits) {
    static int image_number = 0;
    const std::string image = fmt::format("activation_{}.hex", image_number++);
    module = "ern_activation_bank";
    parameters = {{"N", std::to_string(elements_)},
                  {"IN_WIDTH", std::to_string(in_width_)},
                  {"OUT_WIDTH", std::to_string(unit.output().width)},
                  {"UNIT", activation_parameter(unit)},
                  {"DSP", dsp ? "1" : "0"},
                  {"LATENCY", std::to_string(latency_)},
                  {"IMAGE", fmt::format("\"{}\"", image)}};
    inputs = {{"x_i", elements_ * in_width_}};
    outputs = {{"y_o", elements_ * unit.output().width}};
    files = {{image, activation_image(unit)}};
    latency = latency_;
  }

  /// The simulated ROM holds another unit than the model.
  void corrupt_image(const ActivationUnit& wrong) {
    mutant = true;
    files.front().second = activation_image(wrong);
  }

  /// Another number in one of the ten parameter fields.
  void corrupt_parameter(const ActivationUnit& wrong) {
    mutant = true;
    parameters[3].second = activation_parameter(wrong);
  }

  void cycle(Rng& rng, Cycle& now) override {
    const bool beyond = in_width_ > unit_.input().width && rng.below(16) == 0;
    const std::int64_t count = std::int64_t{1} << unit_.input().width;
    for (int n = 0; n < elements_; ++n) {
      const std::int64_t stride = std::max<std::int64_t>(1, count >> 18);
      const std::int64_t at = next_ * stride + (stride > 1 ? rng.between(0, stride - 1) : 0);
      const std::int64_t x =
          beyond ? draw(rng, in_width_) : unit_.input().min() + (at + n * (count / elements_)) % count;
      now.drive(0, n * in_width_, in_width_, x);
      now.expect(0, n * unit_.output().width, unit_.output().width, unit_.evaluate(saturate(x, unit_.input().width)));
    }
    if (!beyond) ++next_;
  }

 private:
  ActivationUnit unit_;
  int elements_, in_width_;
  std::int64_t next_ = 0;
};

ActivationUnit unit_of(Function function, int width, double ulp, KindChoice choice) {
  const int input_width = std::min(width + 2, 18);
  return smallest_unit(function, {input_width, input_width - 4}, {width, width - 1}, ulp, choice);
}

/// The unit with `bit` of one entry flipped.
ActivationUnit with_wrong_entry(const ActivationUnit& unit, size_t index, int bit) {
  std::vector<std::int32_t> entries = unit.entries();
  entries.at(index) ^= 1 << bit;
  return {unit.shape(), entries, unit.slopes()};
}

}  // namespace

Cases make_cases() {
  Cases cases;
  int variant = 0;
  const auto add = [&](const ActivationUnit& unit, int spare, bool dsp, bool extra) {
    cases.push_back(std::make_unique<Activation>(unit, spare, dsp, activation_latency(extra)));
  };
  const auto add_shallow = [&](const ActivationUnit& unit, int spare, bool dsp) {
    cases.push_back(std::make_unique<Activation>(unit, spare, dsp, pipeline_of(lowest_pipeline).activation));
  };
  for (const Function function : {Function::sigmoid, Function::tanh, Function::hard_sigmoid, Function::hard_tanh}) {
    for (const int width : {4, 8, 10, 12, 16, 18}) {
      // The bound where a table of 2^14 entries still exists.
      const double table_ulp = width <= 12 ? 1.0 : width == 16 ? 8.0 : 32.0;
      add(unit_of(function, width, table_ulp, KindChoice::table), variant % 3, false, variant % 2);
      add(unit_of(function, width, 1.0, KindChoice::piecewise), variant % 4, variant % 2, variant / 2 % 2);
      ++variant;
    }
    for (const bool dsp : {false, true})
      for (const bool extra : {false, true}) add(unit_of(function, 12, 1.0, KindChoice::piecewise), 5, dsp, extra);
    for (const bool dsp : {false, true}) add_shallow(unit_of(function, 12, 1.0, KindChoice::piecewise), 5, dsp);
    add_shallow(unit_of(function, 10, 1.0, KindChoice::table), 3, false);
    add(unit_of(function, 8, 0.5, KindChoice::table), 0, false, false);
    add(unit_of(function, 12, 0.5, KindChoice::table), 12, false, true);
    add(unit_of(function, 12, 0.6, KindChoice::piecewise), 0, false, false);
    // Wide arguments; the coarsest place that the template has.
    add(smallest_unit(function, {22, 16}, {18, 17}, 1.0, KindChoice::piecewise), 1, function == Function::tanh, false);
    add(smallest_unit(function, {20, 15}, {13, 12}, 1.0, KindChoice::piecewise), 3, false, true);
    add(smallest_unit(function, {22, 20}, {6, 5}, 2.0, KindChoice::piecewise), 0, false, false);
    // Formats that saturate early, late, or not at all.
    for (const Format input : {Format{3, 0}, Format{6, 0}, Format{10, 9}, Format{12, 12}, Format{13, 5}})
      add(smallest_unit(function, input, {9, 8}, 1.0, variant++ % 2 ? KindChoice::automatic : KindChoice::table), 2,
          false, false);
  }

  // One wrong bit or constant must be seen.
  const ActivationUnit table = unit_of(Function::tanh, 8, 0.5, KindChoice::table);
  const ActivationUnit lines = unit_of(Function::sigmoid, 12, 1.0, KindChoice::piecewise);
  const auto mutant = [&](const ActivationUnit& unit, int spare) -> Activation& {
    auto owned = std::make_unique<Activation>(unit, spare, false, 3);
    Activation& added = *owned;
    cases.push_back(std::move(owned));
    return added;
  };
  mutant(table, 0).corrupt_image(with_wrong_entry(table, 77, 0));
  mutant(lines, 0).corrupt_image(with_wrong_entry(lines, 5, lines.shape().entry_shift));
  mutant(lines, 3).corrupt_parameter(unit_of(Function::sigmoid, 12, 0.6, KindChoice::piecewise));
  ActivationShape shape = table.shape();
  shape.beyond -= 1;
  mutant(table, 0).corrupt_parameter({shape, table.entries()});
  return cases;
}

}  // namespace erngen::lattice
