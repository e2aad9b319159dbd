// What the quantiser promises: nothing overflows, every format is used, bad input is refused.
#include "base/check_error.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "cell/bias_correction.hpp"
#include "cell/fixed_model.hpp"
#include "cell/format_advice.hpp"
#include "cell/formats.hpp"
#include "cell/quant_check.hpp"
#include "cell/quantiser.hpp"
#include "cell/test_networks.hpp"
#include "ops/lowering.hpp"
#include "spectral/fixed_fft.hpp"
#include "spectral/packing.hpp"

using namespace erngen;

namespace {

QuantNetwork quantised(const NetworkShape& shape, int weights, int activations, double scale = 1) {
  const Network network = random_network(shape);
  QuantiseOptions options;
  options.units = &known_units;
  options.weight_width = weights;
  options.activation_width = activations;
  options.exact_widths = true;
  return quantise(network, random_frames({40, network.input()}, 3, scale), options, nullptr);
}

/// Whether every sum of `terms` products of the extremes fits the accumulator.
bool products_fit(const NumberFormats& f) {
  const Format x{f.spectrum_width(), 0}, w{f.weight_width, 0};
  const std::int64_t limit = (std::int64_t{1} << (f.accumulator_width() - 1)) - 1;
  bool fits = true;
  for (int corner = 0; corner < 16; ++corner) {
    const std::int64_t wr = corner & 1 ? w.max() : w.min(), wi = corner & 2 ? w.max() : w.min();
    const std::int64_t xr = corner & 4 ? x.max() : x.min(), xi = corner & 8 ? x.max() : x.min();
    const std::int64_t v = wi - wr;
    const std::int64_t a = wr * (xr + xi), b = xi * (v + 2 * wr), c = xr * v;
    CHECK(a - b == wr * xr - wi * xi);
    CHECK(a + c == wr * xi + wi * xr);
    for (const std::int64_t sum : {a, b, c, a - b, a + c, wr * xr}) fits = fits && std::abs(sum * f.max_terms) <= limit;
  }
  return fits;
}

/// Every word becomes the most or least that its format holds.
void make_extreme(QuantNetwork& network) {
  const NumberFormats& f = network.formats;
  Rng rng(9);
  const auto fill = [&](std::vector<std::int32_t>& words, int width) {
    const Format format{width, 0};
    for (auto& w : words) w = static_cast<std::int32_t>(rng.below(2) ? format.max() : format.min());
  };
  for (auto& phase : network.graph.phases) {
    for (auto& part : phase.parts)
      for (auto& term : part.terms)
        for (auto& matrix : term.matrices) fill(matrix.words, f.weight_width);
    for (auto& bias : phase.bias) fill(bias, f.bias_width());
    for (auto& peephole : phase.peephole) fill(peephole, f.weight_width);
  }
}

}  // namespace

TEST_CASE("the fraction for a range is the largest that holds it") {
  for (int width = 4; width <= 18; ++width)
    for (const double limit : {1e-6, 0.3, 0.49999, 0.5, 0.999, 1.0, 1.0001, 7.99, 8.0, 100.0, 12345.6}) {
      CAPTURE(width);
      CAPTURE(limit);
      const int fraction = fraction_for(limit, width, 40);
      const auto fits = [&](int f) { return std::floor(std::ldexp(limit, f) + 0.5) <= std::ldexp(1.0, width - 1) - 1; };
      CHECK(fits(fraction));
      CHECK((fraction == 40 || !fits(fraction + 1)));
      CHECK(fraction_for(limit, width, fraction - 3) == fraction - 3);
    }
}

TEST_CASE("every network quantises to formats that cannot overflow, at every width") {
  for (const auto& [name, shape] : network_zoo())
    for (const auto& [weights, activations] : {std::pair{4, 4}, {12, 12}, {18, 18}, {4, 18}, {18, 4}}) {
      if (activations == 18 && shape.layers == 1 && shape.block.all.input < 64) continue;
      const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
      CAPTURE(shown_name);
      const auto& shown_weights = weights;  // clang 14 lets no macro capture a structured binding
      CAPTURE(shown_weights);
      const auto& shown_activations = activations;  // clang 14 lets no macro capture a structured binding
      CAPTURE(shown_activations);
      const QuantNetwork network = quantised(shape, weights, activations);
      const NumberFormats& f = network.formats;
      CHECK_NOTHROW(check_quant_network(network));
      CHECK(f.spectrum_width() <= 18);
      CHECK(f.sum_width() <= 60);
      CHECK(products_fit(f));
      CHECK(f.cell_fraction >= f.gate_width - 1);
      CHECK(f.state_width >= f.gate_width);
      for (const auto& phase : network.graph.phases)
        for (const auto& part : phase.parts)
          for (const auto& term : part.terms)
            CHECK(term.weight_fraction + spectrum_fraction(f, network.graph.vectors[term.vector], term.spectrum) ==
                  part.accumulator_fraction);
    }
}

TEST_CASE("signals fit their formats when all weights, biases and inputs are extremes") {
  double largest = 0;
  for (const auto& [name, shape] : network_zoo())
    for (const int bits : {4, 12, 18}) {
      if (bits == 18 && shape.layers == 1) continue;
      const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
      CAPTURE(shown_name);
      CAPTURE(bits);
      QuantNetwork network = quantised(shape, bits, bits);
      make_extreme(network);
      CHECK_NOTHROW(check_quant_network(network));
      const NumberFormats& f = network.formats;
      FixedModel model(network);
      std::map<char, double> worst;
      model.observe([&](const std::string& signal, std::span<const double> values) {
        const double limit = signal[0] == 'z'   ? std::ldexp(1.0, f.sum_width() - 1 - f.sum_fraction())
                             : signal[0] == 'c' ? std::ldexp(1.0, f.cell_width - 1 - f.cell_fraction)
                                                : 0;
        for (const double v : values)
          if (limit > 0) worst[signal[0]] = std::max(worst[signal[0]], std::abs(v) / limit);
      });
      const Format in = network.input_format();
      const int size = network.graph.input_size();
      std::vector<std::int32_t> x(size), y(network.graph.output_size());
      Rng rng(5);
      for (int frame = 0; frame < 60; ++frame) {
        for (int i = 0; i < size; ++i) {
          const bool high = frame % 3 == 0 ? frame % 2 == 0 : frame % 3 == 1 ? i % 2 == frame % 2 : rng.below(2) == 0;
          x[i] = static_cast<std::int32_t>(high ? in.max() : in.min());
        }
        model.step(x, y);
        for (const std::int32_t v : y) REQUIRE(saturate(v, f.activation_width) == v);
      }
      for (const auto& [kind, ratio] : worst) {
        const auto& shown_kind = kind;  // clang 14 lets no macro capture a structured binding
        CAPTURE(shown_kind);
        CHECK(ratio <= 1);
        largest = std::max(largest, ratio);
      }
    }
  CHECK(largest > 0.1);  // the extremes are extreme
}

TEST_CASE("spectra of extreme vectors fit the spectrum width") {
  for (const auto& [name, shape] : network_zoo()) {
    const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_name);
    const QuantNetwork network = quantised(shape, 12, 12);
    const NumberFormats& f = network.formats;
    const Format activation{f.activation_width, 0};
    for (const Vector& vector : network.graph.vectors)
      for (const auto& [k, guard] : vector.spectra)
        for (int bin = 0; bin <= k / 2; ++bin)
          for (const int sign : {1, -1}) {
            std::int64_t x[64];  // the signs of a cosine: no vector has more in this bin
            for (int n = 0; n < k; ++n)
              x[n] = round_shift(sign * std::cos(2 * M_PI * bin * n / k) >= 0 ? activation.max() : activation.min(),
                                 -guard);
            fft_fixed(x, x, k);
            for (int b = 0; b < k; ++b)
              CHECK(saturate(round_shift(x[b], f.spectrum_drop), f.spectrum_width()) ==
                    round_shift(x[b], f.spectrum_drop));
          }
  }
}

TEST_CASE("a bias larger than all products is not clipped") {
  NetworkShape shape;
  shape.input = 5;
  shape.hidden = 6;
  shape.dense = 2;
  Network network = random_network(shape);
  for_each_matrix(network, [](const std::string&, BlockMatrix& m) {
    for (float& w : m.columns) w *= 1e-3f;
  });
  std::get<DenseLayer>(network.nodes[1].layer).bias = {-1000, 777};
  const QuantNetwork q = quantise(network, random_frames({10, 5}, 1), {}, nullptr);
  FixedModel model(q);
  std::vector<std::int32_t> x(5), y(2);
  model.step(x, y);
  CHECK(to_double(y[0], q.output_format()) == doctest::Approx(-1000).epsilon(1e-3));
  CHECK(to_double(y[1], q.output_format()) == doctest::Approx(777).epsilon(1e-3));
}

TEST_CASE("spectra take no more bits than given, at every width of activations") {
  for (const int block : {1, 2, 8, 64})
    for (const int activations : {4, 8, 12, 16, 18})
      for (int spectra = 12; spectra <= 18; ++spectra) {
        CAPTURE(block);
        CAPTURE(activations);
        CAPTURE(spectra);
        NetworkShape shape;
        shape.input = 5;
        shape.hidden = 8;
        shape.dense = 2;
        shape.block.all = {block, block, block, 1};
        const Network network = random_network(shape);
        QuantiseOptions options;
        options.activation_width = activations;
        options.spectrum_width = spectra;
        options.precision = Precision{};
        const QuantNetwork q = quantise(network, random_frames({20, 5}, 3), options, nullptr);
        CHECK(q.formats.spectrum_width() <= spectra);
        CHECK(q.formats.activation_width == activations);
        CHECK_NOTHROW(check_quant_network(q));
      }
  for (const int spectra : {11, 19}) {
    QuantiseOptions options;
    options.spectrum_width = spectra;
    CHECK_ERROR(quantise(random_network({}), random_frames({20, 39}, 3), options, nullptr), ExitCode::usage,
                "spectrum width " + std::to_string(spectra) + " is outside 12..18");
  }
}

TEST_CASE("the cell state takes no more bits than given") {
  NetworkShape shape;
  shape.input = 6;
  shape.hidden = 8;
  const Network network = random_network(shape);
  const Ranges ranges{{"x", {-4, 4}}, {"c0", {-63.3, 63.3}}};
  for (const int cells : {32, 19, 18, 16}) {
    Graph<double> graph = lower(network);
    const NumberFormats f = choose_formats(graph, ranges, {.cell_width = cells}, {});
    CHECK(f.cell_width == std::min(cells, 19));
    CHECK(f.cell_fraction == 11);
  }
}

TEST_CASE("a range that ends at exactly -2^n costs no bit, one that ends at 2^n does") {
  CHECK(fraction_for(Range{-1, 0.99}, 8, 20) == 7);
  CHECK(fraction_for(Range{-0.99, 1}, 8, 20) == 6);
  CHECK(fraction_for(Range{-1.01, 0.5}, 8, 20) == 6);
  CHECK(fraction_for(Range{-128 / 256.0, 127 / 256.0}, 8, 20) == 8);
}

TEST_CASE("layers whose signals need ranges 2^6 apart have formats of their own") {
  NetworkShape shape;
  shape.input = 6;
  shape.hidden = 8;
  shape.layers = 2;
  const Network network = random_network(shape);
  const Ranges ranges{{"x", {-4, 4}},      {"c0", {-1, 1}},        {"h0", {-0.012, 0.012}}, {"c1", {-63, 63}},
                      {"h1", {-0.9, 0.9}}, {"Z0.lstm.0", {-3, 3}}, {"Z1.lstm.0", {-2, 2}}};
  Graph<double> graph = lower(network);
  const NumberFormats f = choose_formats(graph, ranges, {}, {});
  CHECK(graph.vectors[1].fraction == 15);  // four times 0.012 fits 2^-4
  CHECK(graph.vectors[2].fraction == 11);
  CHECK(f.cell_fraction == 13);  // what the first layer needs, though the second is 2^6 wider
  CHECK(f.cell_width == 1 + 7 + 13);
}

TEST_CASE("biases take up the mean error of rounded weights") {
  for (const int block : {1, 8}) {
    CAPTURE(block);
    NetworkShape shape;
    shape.input = 20;
    shape.hidden = 8;
    shape.dense = 5;
    shape.block.all = {block, block, block, 1};
    const Network network = random_network(shape);
    const Graph<double> graph = lower(network);
    // A vector that never changes: its product with rounded weights and the corrected bias is that with the real ones.
    Means means;
    Rng rng(7);
    for (const Vector& vector : graph.vectors)
      for (int n = 0; n < vector.size; ++n) means[vector.name].push_back(rng.uniform(-1, 1));
    Graph<double> real = graph;
    QuantNetwork rounded;
    rounded.formats =
        choose_formats(real, {{"x", {-1, 1}}, {"c0", {-1, 1}}, {"Z0.lstm.0", {-3, 3}}, {"Z1.linear.0", {-3, 3}}},
                       {.weight_width = 5}, {});
    rounded.graph = quantise_weights(real, rounded.formats);
    const auto worst = [&] {
      double error = 0;
      for (size_t p = 0; p < real.phases.size(); ++p) {
        const int fraction = rounded.formats.sum_fraction(real.phases[p].readout_fraction);
        for (size_t g = 0; g < real.phases[p].bias.size(); ++g)
          for (int r = 0; r < real.phases[p].size; ++r) {
            double difference =
                to_double(rounded.graph.phases[p].bias[g][r], {0, fraction}) - real.phases[p].bias[g][r];
            for (size_t t = 0; t < real.phases[p].parts[0].terms.size(); ++t) {
              const auto& term = real.phases[p].parts[0].terms[t];
              const auto& words = rounded.graph.phases[p].parts[0].terms[t].matrices[g];
              const auto& matrix = term.matrices[g];
              const std::vector<double>& x = means[real.vectors[term.vector].name];
              for (int c = 0; c < matrix.cols; ++c) {
                std::vector<double> column(static_cast<size_t>(matrix.block));
                for (int n = 0; n < matrix.block; ++n)
                  column[n] = to_double(words.at(r / matrix.block, c / matrix.block)[n], {0, term.weight_fraction}) -
                              matrix.at(r / matrix.block, c / matrix.block)[n];
                inverse_packed_spectrum(column.data(), column.data(), matrix.block);
                difference += column[(r - c % matrix.block + matrix.block) % matrix.block] * x[c];
              }
            }
            error = std::max(error, std::abs(difference) * std::ldexp(1.0, fraction));
          }
      }
      return error;
    };
    CHECK(worst() > 100);  // lsb of the biases
    correct_biases(rounded, real, means);
    CHECK(worst() <= 0.5001);
  }
}

TEST_CASE("all-zero weights and inputs quantise") {
  NetworkShape shape;
  shape.input = 5;
  shape.hidden = 6;
  shape.dense = 2;
  Network network = random_network(shape);
  for_each_matrix(network, [](const std::string&, BlockMatrix& m) { m.columns.assign(m.columns.size(), 0.0f); });
  const Array zero{{4, 5}, std::vector<float>(20)};
  QuantiseReport report;
  const QuantNetwork q = quantise(network, zero, {}, &report);
  CHECK(report.frames == 4);
  FixedModel model(q);
  std::vector<std::int32_t> x(5), y(2);
  model.step(x, y);
}

TEST_CASE("thin calibration and states that stand still are named with what helps") {
  NetworkShape shape;
  shape.cell = CellKind::gru;
  shape.input = 6;
  shape.hidden = 8;
  const Network network = random_network(shape);
  const auto warnings = [&](const Array& x, int bits) {
    QuantiseOptions options;
    options.weight_width = options.activation_width = bits;
    QuantiseReport report;
    quantise(network, x, options, &report);
    std::string all;
    for (const std::string& warning : report.warnings) all += warning + "\n";
    return all;
  };
  CHECK(warnings(random_frames({300, 6}, 1), 12).empty());
  CHECK(warnings(random_frames({20, 6}, 1), 12).find("the calibration data have 20 frames") != std::string::npos);
  CHECK(warnings({{200, 6}, std::vector<float>(1200)}, 12).find("are all zero") != std::string::npos);
  CHECK(warnings({{200, 6}, std::vector<float>(1200, 0.5f)}, 12).find("frames are the same") != std::string::npos);

  QuantiseReport report;
  report.output_sqnr_db = 20;
  report.widths = {8, 7};
  report.signals = {{"h0", {8, 7}, 0.5, 12.0}, {"y1", {8, 5}, 2.0, 20.0}};
  report.still = {{"h0", {8, 7}, 16, 3}};
  report.saturations = {{"c0", false, {5, 1000}}, {"z0.i", true, {7, 1000}}};
  const auto advice = format_advice(report, {1000, false, false}, {.weight_width = 8, .activation_width = 8},
                                    [](int, int activations) { return activations > 8 ? 35.0 : 20.5; });
  REQUIRE(advice.size() == 3);  // 20 dB are what 8 bits may give
  CHECK(advice[0].find("weights have 8 bits and activations 7, where 8 and 8 were allowed") == 0);
  CHECK(advice[1].find("c0 saturates in 0.5 %") == 0);
  CHECK(advice[1].find("--cells") != std::string::npos);
  CHECK(advice[2].find("3 of 16 elements of the state h0 stand still") == 0);
  CHECK(advice[2].find("--activations 10 gives 35.0 dB") != std::string::npos);
}

TEST_CASE("what cannot be quantised is refused with a reason") {
  NetworkShape shape;
  shape.input = 6;
  shape.hidden = 8;
  const Network network = random_network(shape);
  const Array x = random_frames({10, 6}, 1);
  const auto with = [](int weights, int activations) {
    QuantiseOptions options;
    options.weight_width = weights;
    options.activation_width = activations;
    return options;
  };
  for (const int bits : {-1, 0, 3, 19, 1000}) {
    CHECK_ERROR(quantise(network, x, with(bits, 12), nullptr), ExitCode::usage, "weight width");
    CHECK_ERROR(quantise(network, x, with(12, bits), nullptr), ExitCode::usage, "activation width");
  }
  CHECK_ERROR(quantise(network, random_frames({10, 7}, 1), {}, nullptr), ExitCode::bad_input, "frames have 7 elements");
  CHECK_ERROR(quantise(network, random_frames({60}, 1), {}, nullptr), ExitCode::bad_input,
              "expected [frames, features]");
  CHECK_ERROR(quantise(network, Array{{0, 6}, {}}, {}, nullptr), ExitCode::bad_input, "there is no frame");
  QuantiseOptions cells;
  cells.cell_width = 15;
  CHECK_ERROR(quantise(network, x, cells, nullptr), ExitCode::usage, "cell state width 15 is outside 16..32");
  QuantiseOptions fine;
  fine.activation_ulp = 1e-5;  // which no width of gate values reaches
  CHECK_ERROR(quantise(network, x, fine, nullptr), ExitCode::capacity, "");
}

TEST_CASE("enormous and tiny numbers give formats or errors, never anything else") {
  for (const double scale : {1e-30, 1e-10, 1e-4, 1e4, 1e10, 1e30})
    for (const double weight : {1e-30, 1e-6, 1.0, 1e6, 1e30})
      for (const int bits : {4, 12, 18})
        for (const int projection : {0, 5}) {
          if (bits == 18 && (projection == 0 || scale < 1e20)) continue;
          CAPTURE(scale);
          CAPTURE(weight);
          CAPTURE(bits);
          NetworkShape shape;
          shape.input = 6;
          shape.hidden = 8;
          shape.dense = 3;
          shape.projection = projection;
          shape.peephole = projection > 0;
          Network network = random_network(shape);
          for_each_matrix(network, [&](const std::string&, BlockMatrix& m) {
            for (float& w : m.columns) w = static_cast<float>(w * weight);
          });
          QuantiseOptions options;
          options.units = &known_units;
          options.weight_width = options.activation_width = bits;
          options.exact_widths = bits != 12;
          try {
            const QuantNetwork q = quantise(network, random_frames({8, 6}, 2, scale), options, nullptr);
            check_quant_network(q);
          } catch (const Error& error) {
            CHECK(error.kind() == ExitCode::bad_input);
          }
        }
}
