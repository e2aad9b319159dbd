// Comparisons with numbers worked out by hand, and limits on either side of them.
#include "base/check_error.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "base/comparison.hpp"

using namespace erngen;

TEST_CASE("largest error, SQNR and agreement") {
  const std::vector<float> reference{1, 0, 0, 2, -1, 0.5f};
  const std::vector<float> y{1, 0.5f, 0, 2.25f, 0.75f, 0.5f};
  const Comparison c = compare(y, reference, 2);
  CHECK(c.frames == 3);
  CHECK(c.max_error == 1.75);
  CHECK(c.worst_frame == 2);
  CHECK(c.worst_output == 0);
  CHECK(c.max_reference == 2);
  CHECK(c.sqnr_db == doctest::Approx(10 * std::log10(6.25 / (0.25 + 0.0625 + 1.75 * 1.75))));
  CHECK(*c.agreement == doctest::Approx(2.0 / 3));
  CHECK_FALSE(compare(y, reference, 1).agreement);
  const std::vector<float> tie{1, 1}, second{0, 1};
  CHECK(*compare(tie, second, 2).agreement == 0);  // numpy.argmax of a tie is the first
}

TEST_CASE("no error and no signal") {
  const std::vector<float> zero{0, 0}, one{0, 1};
  CHECK(compare(one, one, 2).sqnr_db == std::numeric_limits<double>::infinity());
  CHECK(compare(one, zero, 2).sqnr_db == -std::numeric_limits<double>::infinity());
}

TEST_CASE("limits decide, and none decides nothing") {
  const std::vector<float> reference{1, 2}, y{1, 2.5f};
  const Comparison c = compare(y, reference, 1);
  CHECK(ComparisonLimits{}.met_by(c));
  CHECK_FALSE(ComparisonLimits{}.any());
  CHECK(ComparisonLimits{{}, 0.5}.met_by(c));
  CHECK_FALSE(ComparisonLimits{{}, 0.49}.met_by(c));
  CHECK(ComparisonLimits{13.0, {}}.met_by(c));  // 10 log10(5 / 0.25) = 13.01
  CHECK_FALSE(ComparisonLimits{13.1, {}}.met_by(c));
  CHECK_FALSE(ComparisonLimits{13.0, 0.4}.met_by(c));
}
