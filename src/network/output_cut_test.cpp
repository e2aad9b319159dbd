// What is cut off at the end of a network.
#include "base/check_error.hpp"

#include <cmath>

#include "network/output_cut.hpp"

using namespace erngen;

TEST_CASE("softmax, its logarithm and argmax of each frame") {
  const std::vector<float> y{0, std::log(2.0f), std::log(5.0f), 1000, 1000, -1000};
  const auto soft = apply_cut(OutputCut::softmax, y, 3), logarithm = apply_cut(OutputCut::log_softmax, y, 3);
  const std::vector<double> expected{0.125, 0.25, 0.625, 0.5, 0.5, 0};
  REQUIRE(soft.size() == expected.size());
  for (size_t n = 0; n < expected.size(); ++n) {
    CHECK(soft[n] == doctest::Approx(expected[n]));
    if (expected[n] > 0) CHECK(logarithm[n] == doctest::Approx(std::log(expected[n])));
  }
  CHECK(apply_cut(OutputCut::argmax, y, 3) == std::vector<float>{2, 0});
  CHECK(apply_cut(OutputCut::none, y, 3) == y);
  CHECK(cut_size(OutputCut::argmax, 3) == 1);
  CHECK(cut_size(OutputCut::softmax, 3) == 3);
}

TEST_CASE("the metadata name it") {
  using Json = nlohmann::ordered_json;
  CHECK(output_cut(Json::object()) == OutputCut::none);
  CHECK(output_cut(Json{{"output", {{"cut", "argmax"}}}}) == OutputCut::argmax);
  const Json unknown{{"output", {{"cut", "softmin"}}}};
  CHECK_ERROR(output_cut(unknown), ExitCode::bad_input, "softmin");
}
