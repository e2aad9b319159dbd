// Activation units: error bounds, symmetry, images, refused shapes; the search over all formats.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "activation/search.hpp"
#include "base/error.hpp"

using namespace erngen;

namespace {

constexpr Function functions[] = {Function::sigmoid, Function::tanh, Function::hard_sigmoid, Function::hard_tanh};

Format input_of(int activation_width) {
  const int width = std::min(activation_width + 2, 18);
  return {width, width - 4};
}
Format output_of(int activation_width) { return {activation_width, activation_width - 1}; }

/// The error against libm in long double, clamped to the symmetric output range; its own loop, so that it checks
/// max_error_ulp() too.
double measured_error(const ActivationUnit& unit) {
  long double worst = 0;
  const long double top = static_cast<long double>(unit.output().max());
  for (std::int64_t raw = unit.input().min(); raw <= unit.input().max(); ++raw) {
    const long double x = std::ldexp(static_cast<long double>(raw), -unit.input().fraction);
    long double f = std::tanh(x);
    if (unit.function() == Function::sigmoid) f = 1.0L / (1.0L + std::exp(-x));
    if (unit.function() == Function::hard_sigmoid) f = x <= -2 ? 0 : x >= 2 ? 1 : 0.25L * (x + 2);
    if (unit.function() == Function::hard_tanh) f = x < -1 ? -1 : x > 1 ? 1 : x;
    const long double target = std::clamp(std::ldexp(f, unit.output().fraction), -top, top);
    worst = std::max(worst, std::abs(static_cast<long double>(unit.evaluate(raw)) - target));
  }
  return static_cast<double>(worst);
}

}  // namespace

TEST_CASE("piecewise units reach 1 ulp in every format from 4 to 18 bits") {
  for (int width = 4; width <= 18; ++width) {
    for (const Function function : functions) {
      CAPTURE(width);
      CAPTURE(std::string(function_name(function)));
      const ActivationUnit unit =
          smallest_unit(function, input_of(width), output_of(width), 1.0, KindChoice::piecewise);
      CHECK(unit.kind() == UnitKind::piecewise);
      CHECK(unit.max_error_ulp() <= 1.0);
      CHECK(measured_error(unit) == doctest::Approx(unit.max_error_ulp()).epsilon(1e-9));
    }
  }
}

TEST_CASE("tables reach half an ulp, the correctly rounded function, up to 12 bits") {
  for (int width = 4; width <= 12; ++width) {
    for (const Function function : functions) {
      CAPTURE(width);
      CAPTURE(std::string(function_name(function)));
      const ActivationUnit unit = smallest_unit(function, input_of(width), output_of(width), 0.5, KindChoice::table);
      CHECK(measured_error(unit) <= 0.5 + 1e-9);
    }
  }
}

TEST_CASE("units are point symmetric and monotone, and stay in the symmetric output range") {
  for (const KindChoice choice : {KindChoice::table, KindChoice::piecewise}) {
    for (const int width : {4, 7, 12}) {
      for (const Function function : functions) {
        const ActivationUnit unit = smallest_unit(function, input_of(width), output_of(width), 1.0, choice);
        CAPTURE(width);
        CAPTURE(std::string(function_name(function)));
        const std::int64_t top = unit.output().max();
        const std::int64_t sum = sums_to_one(function) ? top + 1 : 0;
        int asymmetric = 0, falling = 0, outside = 0;
        for (std::int64_t raw = unit.input().min(); raw <= unit.input().max(); ++raw) {
          const std::int64_t y = unit.evaluate(raw);
          outside += y < (sums_to_one(function) ? 0 : -top) || y > top;
          // A step back of one output lsb between neighbouring lines is within the bound.
          falling += raw < unit.input().max() && unit.evaluate(raw + 1) < y - 1;
          // Where two lines meet, x and -x use different ones.
          const bool joint = unit.kind() == UnitKind::piecewise && raw % (1 << unit.shape().fraction_bits()) == 0;
          if (raw > 0 && !joint) asymmetric += std::min(sum - unit.evaluate(-raw), top) != y;
        }
        CHECK(outside == 0);
        CHECK(falling == 0);
        CHECK(asymmetric == 0);
      }
    }
  }
}

TEST_CASE("a looser bound never needs a larger unit") {
  for (const Function function : functions) {
    double area = 1e9;
    for (const double bound : {0.6, 0.75, 1.0, 1.5, 2.0, 4.0}) {
      const ActivationUnit unit = smallest_unit(function, input_of(12), output_of(12), bound);
      CHECK(unit.max_error_ulp() <= bound + 1e-9);
      const double now = activation_cost(unit, Multiplier::logic).area();
      CHECK(now <= area);
      area = now;
    }
  }
}

TEST_CASE("unusual input formats: coarse, fine, and ranges that end before saturation") {
  for (const Format input : {Format{3, 0}, Format{8, 3}, Format{10, 9}, Format{12, 12}, Format{9, 4}}) {
    for (const Function function : functions) {
      const ActivationUnit unit = smallest_unit(function, input, output_of(8), 1.0);
      CAPTURE(input.name());
      CHECK(measured_error(unit) <= 1.0 + 1e-9);
    }
  }
}

TEST_CASE("the flat table lists evaluate(), and saturation values are those of the extremes") {
  const ActivationUnit unit = smallest_unit(Function::tanh, input_of(8), output_of(8));
  const std::vector<std::int32_t> flat = unit.flat_table();
  REQUIRE(flat.size() == 1024);
  CHECK(flat[0] == unit.saturation_low());
  CHECK(flat[512] == 0);
  CHECK(flat[1023] == unit.saturation_high());
  CHECK(unit.saturation_high() == 127);
  CHECK(unit.saturation_low() == -127);
}

TEST_CASE("a table by hand: image and values") {
  const ActivationShape shape{.function = Function::sigmoid,
                              .kind = UnitKind::table,
                              .input = {4, 1},
                              .output = {5, 4},
                              .range_bits = 3,
                              .address_bits = 2,
                              .beyond = 16};
  const ActivationUnit unit(shape, {9, 13, 15, 16});
  CHECK(activation_image(unit) == "09\n0d\n0f\n10\n");
  CHECK(unit.evaluate(0) == 9);
  CHECK(unit.evaluate(3) == 13);
  CHECK(unit.evaluate(7) == 15);  // 1.0 is clamped
  CHECK(unit.evaluate(-7) == 0);  // and mirrored to 0
  CHECK(unit.evaluate(-8) == 0);  // beyond
}

TEST_CASE("a piecewise unit by hand: image and values") {
  // y = x / 2 up to 8, rounded; input lsb = output lsb.
  const ActivationShape shape{.function = Function::tanh,
                              .kind = UnitKind::piecewise,
                              .input = {5, 4},
                              .output = {5, 4},
                              .range_bits = 3,
                              .address_bits = 1,
                              .beyond = 15,
                              .entry_shift = 1,
                              .shift = 1};
  const ActivationUnit unit(shape, {1, 5}, {1, 1});
  CHECK(activation_image(unit) == "21\n25\n");
  for (int x = -8; x < 8; ++x) CHECK(unit.evaluate(x) == (x < 0 ? -((-x + 1) / 2) : (x + 1) / 2));
  CHECK(unit.evaluate(8) == 15);
  CHECK(unit.evaluate(-9) == -15);
}

TEST_CASE("illegal units are refused by name") {
  const ActivationShape good{.function = Function::tanh,
                             .kind = UnitKind::table,
                             .input = {4, 1},
                             .output = {5, 4},
                             .range_bits = 3,
                             .address_bits = 2};
  const auto refused = [](ActivationShape shape, std::vector<std::int32_t> entries, std::vector<std::int32_t> slopes,
                          const char* word) {
    CAPTURE(word);
    try {
      ActivationUnit(shape, std::move(entries), std::move(slopes));
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ExitCode::bad_input);
      CHECK(std::string(error.what()).find(word) != std::string::npos);
    }
  };
  ActivationShape shape = good;
  refused(good, {1, 2, 3}, {}, "number of entries");
  refused(good, {1, 2, 3, 16}, {}, "an entry");
  refused(good, {1, 2, 3, 4}, {1}, "number of slopes");
  shape.range_bits = 4;
  refused(shape, {1, 2, 3, 4}, {}, "range_bits");
  shape = good;
  shape.output.fraction = 3;
  refused(shape, {1, 2, 3, 4}, {}, "output fraction");
  shape = good;
  shape.input.width = 23;
  refused(shape, {1, 2, 3, 4}, {}, "input width");
  shape = good;
  shape.kind = UnitKind::piecewise;
  shape.shift = shape.entry_shift = 1;
  refused(shape, {31, 31, 31, 31}, {9, 9, 9, 9}, "a result");
  // Lines that leave the range at their ends only, the first and the last one.
  refused(shape, {0, 0, 0, 0}, {32, 0, 0, 0}, "a result");
  refused(shape, {0, 0, 0, 29}, {0, 0, 0, 3}, "a result");
  shape.entry_shift = 2;
  refused(shape, {1, 1, 1, 1}, {1, 1, 1, 1}, "entry_shift");
}

TEST_CASE("a bound that cannot be met names the best one, and that one can be met") {
  for (const auto& [width, choice] :
       {std::pair{18, KindChoice::table}, std::pair{16, KindChoice::piecewise}, std::pair{8, KindChoice::automatic}}) {
    try {
      smallest_unit(Function::sigmoid, input_of(width), output_of(width), 0.4, choice);
      FAIL("met");
    } catch (const Error& error) {
      CHECK(error.kind() == ExitCode::capacity);
      const std::string message = error.what();
      const size_t at = message.find("allow ");
      REQUIRE(at != std::string::npos);
      const double best = std::stod(message.substr(at + 6));
      CHECK(best >= 0.49);
      CHECK(smallest_unit(Function::sigmoid, input_of(width), output_of(width), best + 0.001, choice).max_error_ulp() <=
            best + 0.001);
    }
  }
}
