// The search for widths, against all widths tried one by one.
#include "base/check_error.hpp"

#include <set>

#include "cell/test_networks.hpp"
#include "cell/width_search.hpp"

using namespace erngen;

namespace {

double output_sqnr(const Network& network, const Array& x, QuantiseOptions options) {
  QuantiseReport report;
  options.units = &known_units;
  const QuantNetwork q = quantise(network, x, options, &report);
  for (const SignalReport& s : report.signals)
    if (s.name == q.graph.vectors[q.graph.output_vector()].name) return s.sqnr_db;
  return -1;
}

}  // namespace

TEST_CASE("the widths found keep the bound, and no fewer bits do") {
  NetworkShape shape;
  shape.input = 6;
  shape.hidden = 8;
  shape.block.all = {4, 4, 4, 1};
  shape.dense = 3;
  const Network network = random_network(shape);
  const Array x = random_frames({30, 6}, 5);
  for (const double bound : {20.0, 35.0}) {
    WidthSearchOptions options;
    options.min_sqnr_db = bound;
    const WidthSearch found = search_widths(network, x, options);
    QuantiseOptions chosen;
    chosen.exact_widths = true;
    chosen.weight_width = found.weight_width;
    chosen.activation_width = found.activation_width;
    CHECK(output_sqnr(network, x, chosen) == found.sqnr_db);
    CHECK(found.sqnr_db >= bound);
    for (int w = 4; w <= 18; ++w)
      for (int a = 4; w + a < found.weight_width + found.activation_width && a <= 18; ++a) {
        CAPTURE(w);
        CAPTURE(a);
        chosen.weight_width = w;
        chosen.activation_width = a;
        CHECK(output_sqnr(network, x, chosen) < bound);
      }
    CHECK(found.tried.size() < 60);

    // Each matrix: what was reported is what quantise() gives; one bit less fails.
    chosen.weight_width = found.weight_width;
    chosen.activation_width = found.activation_width;
    chosen.precision = found.precision;
    REQUIRE(found.matrices.size() == 3);
    for (const MatrixWidth& m : found.matrices) {
      CAPTURE(m.family);
      CHECK(m.width <= found.weight_width);
      for (const WidthPoint& p : m.curve) {
        chosen.matrix_width = {{m.family, p.weight_width}};
        CHECK(output_sqnr(network, x, chosen) == p.sqnr_db);
        CHECK((p.sqnr_db >= bound) == (p.weight_width >= m.width));
      }
    }
    chosen.matrix_width = {found.together.begin(), found.together.end()};
    CHECK(output_sqnr(network, x, chosen) == found.together_sqnr_db);
    CHECK(found.together_sqnr_db >= bound);
  }
}

TEST_CASE("bounds and widths that cannot be are refused") {
  NetworkShape shape;
  shape.input = 3;
  shape.hidden = 4;
  shape.block.all = {1, 1, 1, 1};
  const Network network = random_network(shape);
  const Array x = random_frames({10, 3}, 5);
  WidthSearchOptions options;
  options.min_sqnr_db = 500;
  CHECK_ERROR(search_widths(network, x, options), ExitCode::capacity, "less than the 500.0 asked for");
  options.smallest = 3;
  CHECK_ERROR(search_widths(network, x, options), ExitCode::usage, "widths from 3 to 18");
  QuantiseOptions narrow;
  narrow.matrix_width = {{"layers.7.input", 4}};
  CHECK_ERROR(quantise(network, x, narrow, nullptr), ExitCode::usage, "no matrix is called layers.7.input");
  narrow.matrix_width = {{"layers.0.input", 13}};
  CHECK_ERROR(quantise(network, x, narrow, nullptr), ExitCode::usage, "layers.0.input: 13 bits");
}
