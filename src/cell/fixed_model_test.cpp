// The fixed-point model against the real one: errors fall with the width, states belong to streams, extremes saturate.
#include "base/check_error.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cell/fixed_run.hpp"
#include "cell/quantiser.hpp"
#include "cell/test_networks.hpp"
#include "circulant/float_model.hpp"
#include "network/graph_zoo.hpp"
#include "ops/lowering.hpp"

using namespace erngen;

namespace {

QuantiseOptions known() {
  QuantiseOptions options;
  options.units = &known_units;
  return options;
}

/// Output SQNR in decibels against the float model. On the calibration data, so that nothing saturates: what is
/// measured is rounding alone.
double output_sqnr(const Network& network, int bits) {
  QuantiseOptions options = known();
  options.weight_width = options.activation_width = bits;
  options.exact_widths = true;  // those that were asked for, not fewer that lose less
  const Array x = random_frames({2, 50, network.input()}, 4);
  const QuantNetwork quantised = quantise(network, x, options, nullptr);
  const Array real = FloatModel(network).run(x);
  const Array fixed = real_outputs(run_fixed(quantised, x), quantised);
  CHECK(fixed.shape == real.shape);
  double signal = 0, error = 0;
  for (size_t i = 0; i < real.size(); ++i) {
    signal += static_cast<double>(real.values[i]) * real.values[i];
    const double difference = static_cast<double>(fixed.values[i]) - real.values[i];
    error += difference * difference;
  }
  return 10 * std::log10(signal / error);
}

NetworkShape small_lstm() {
  NetworkShape shape;
  shape.input = 6;
  shape.hidden = 20;
  shape.dense = 3;
  return shape;
}

}  // namespace

TEST_CASE("the error of the outputs falls with the width") {
  // From 16 to 18 bits pre-activations gain nothing (18 bits is the most that their format has), and spectra lose to
  // the port what activations gain.
  const struct {
    int bits;
    double least_db, least_gain;
  } bounds[] = {{8, 22, 0}, {12, 46, 15}, {16, 66, 15}, {18, 68, 1}};
  int count = 0;
  for (const auto& [name, shape] : network_zoo()) {
    const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_name);
    const Network network = random_network(shape);
    const bool all = count++ % 3 == 2;
    double before = 0;
    for (const auto [bits, least, gain] : bounds) {
      if (bits > 12 && !all) continue;
      const auto& shown_bits = bits;  // clang 14 lets no macro capture a structured binding
      CAPTURE(shown_bits);
      const double db = output_sqnr(network, bits);
      if (std::getenv("CELL_TEST_VERBOSE")) MESSAGE(name, " ", bits, " bits: ", db, " dB");
      CHECK(db > least);
      CHECK(db > before + gain);
      before = db;
    }
  }
}

TEST_CASE("every instruction set gives the same words and counts") {
  for (const auto& [name, shape] : network_zoo()) {
    const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_name);
    const Network network = random_network(shape);
    const Array x = random_frames({1, 12, network.input()}, 4);
    const QuantNetwork q = quantise(network, x, known(), nullptr);
    const auto run = [&](InstructionSet set) {
      FixedModel model(q, set);
      std::vector<std::int32_t> all, y(static_cast<size_t>(q.graph.vectors[q.graph.output_vector()].size));
      std::vector<std::int32_t> frame(static_cast<size_t>(network.input()));
      Rng rng(5);
      for (int n = 0; n < 12; ++n) {
        for (auto& v : frame) v = static_cast<std::int32_t>(rng.between(-2048, 2047));  // states saturate, too
        model.step(frame, y);
        all.insert(all.end(), y.begin(), y.end());
      }
      for (const SignalSaturation& place : model.saturations()) {
        all.push_back(narrow(place.count.saturated));
        all.push_back(narrow(place.count.values));
      }
      return all;
    };
    const auto expected = run(InstructionSet::portable);
    CHECK(std::any_of(expected.begin(), expected.end(), [](std::int32_t v) { return v != 0; }));
    for (const InstructionSet set : instruction_sets()) CHECK(run(set) == expected);
  }
}

TEST_CASE("graphs, functions without a table and initial states keep their outputs at 12 bits") {
  for (const auto& [name, network] : graph_zoo()) {
    const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_name);
    const double db = output_sqnr(network, 12);
    CAPTURE(db);
    CHECK(db > 30);
    if (name == "other functions") CHECK(output_sqnr(network, 16) > db + 15);
  }
}

TEST_CASE("the report's figures are those of the model") {
  const Network network = random_network(small_lstm());
  QuantiseReport report;
  const Array x = random_frames({100, 6}, 3);
  const QuantNetwork quantised = quantise(network, x, {}, &report);
  const Array real = FloatModel(network).run(x), fixed = real_outputs(run_fixed(quantised, x), quantised);
  double signal = 0, error = 0;
  for (size_t i = 0; i < real.size(); ++i) {
    signal += std::pow(real.values[i], 2);
    error += std::pow(fixed.values[i] - real.values[i], 2);
  }
  const SignalReport& output = report.signals.back();
  CHECK(output.name == "y1");
  CHECK(output.format == quantised.output_format());
  CHECK(output.sqnr_db == doctest::Approx(10 * std::log10(signal / error)).epsilon(1e-3));
  CHECK(report.signals.front().name == "x");
  CHECK(report.matrices.size() == 3);
  for (const SignalReport& matrix : report.matrices) CHECK(matrix.sqnr_db > 50);
}

TEST_CASE("rows of the report that are of one family name their gates") {
  NetworkShape shape;
  shape.cell = CellKind::gru;
  shape.input = 6;
  shape.hidden = 8;
  const auto names = [&] {
    QuantiseReport report;
    quantise(random_network(shape), random_frames({100, 6}, 3), known(), &report);
    std::vector<std::string> all;
    for (const SignalReport& matrix : report.matrices) all.push_back(matrix.name + " " + matrix.gates);
    return all;
  };
  using Names = std::vector<std::string>;
  shape.reset = Reset::after;
  CHECK(names() == Names{"layers.0.input nx", "layers.0.recurrent nh", "layers.0.input r,z", "layers.0.recurrent r,z"});
  shape.reset = Reset::before;
  CHECK(names() == Names{"layers.0.input r,z", "layers.0.recurrent r,z", "layers.0.input n", "layers.0.recurrent n"});
}

TEST_CASE("streams do not see each other and frames see the past") {
  for (const auto& [name, shape] : network_zoo()) {
    const auto& shown_name = name;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_name);
    const Network network = random_network(shape);
    const QuantNetwork quantised = quantise(network, random_frames({30, network.input()}, 3), known(), nullptr);
    const int n = network.input();
    const Array both = random_frames({2, 9, n}, 8);
    const FixedRun run = run_fixed(quantised, both);
    const Array second{{9, n}, {both.values.begin() + 9 * n, both.values.end()}};
    const FixedRun alone = run_fixed(quantised, second);
    CHECK(std::equal(alone.outputs.begin(), alone.outputs.end(),
                     run.outputs.begin() + static_cast<long>(alone.outputs.size())));
    const Array last{{1, n}, {both.values.end() - n, both.values.end()}};
    const FixedRun forgetful = run_fixed(quantised, last);
    CHECK_FALSE(std::equal(forgetful.outputs.begin(), forgetful.outputs.end(), alone.outputs.end() - network.output()));
  }
}

TEST_CASE("a model that takes another's states goes on as that one") {
  NetworkShape projected = small_lstm();
  projected.projection = 8;
  projected.block.all = {4, 4, 4, 4};
  NetworkShape single = small_lstm();  // an odd number of words a vector
  single.hidden = 19;
  for (const NetworkShape& shape : {projected, single}) {
    const Network network = random_network(shape);
    const QuantNetwork quantised = quantise(network, random_frames({30, network.input()}, 3), known(), nullptr);
    const Array x = random_frames({9, network.input()}, 8);
    FixedModel whole(quantised), other(quantised);
    std::vector<std::int32_t> y(network.output()), expected(network.output());
    const auto frame = [&](int t) {
      std::vector<std::int32_t> raw(network.input());
      for (int n = 0; n < network.input(); ++n)
        raw[n] = static_cast<std::int32_t>(std::lround(x.values[t * network.input() + n] * 256));
      return raw;
    };
    for (int t = 0; t < 5; ++t) whole.step(frame(t), y);
    const auto& graph = quantised.graph;
    for (const auto& phase : graph.phases) {
      const int vector = phase.output;
      if (phase.operation().keeps_cell) other.set_cell(phase.layer, whole.cell(phase.layer));
      if (!graph.vectors[vector].recurrent) continue;
      if (feeds_spectrum(graph, phase))
        other.set_spectrum(vector, whole.spectrum(vector));
      else
        other.set_vector(vector, whole.vector(vector));
    }
    for (int t = 5; t < 9; ++t) {
      whole.step(frame(t), expected);
      other.step(frame(t), y);
      CHECK(y == expected);
    }
  }
}

TEST_CASE("inputs beyond the calibrated range saturate and are counted") {
  const Network network = random_network(small_lstm());
  const Array calibration{{1, 6}, {1, -1, 0.5f, 0, 0.25f, -0.5f}};
  const QuantNetwork quantised = quantise(network, calibration, {}, nullptr);
  const Format format = quantised.input_format();
  CHECK(run_fixed(quantised, calibration).saturations.empty());
  const FixedRun run = run_fixed(quantised, Array{{1, 6}, {100, -100, 3e38f, -3e38f, 0, 1}});
  REQUIRE(!run.saturations.empty());
  CHECK(run.saturations[0].signal == "input");
  CHECK(run.saturations[0].count.saturated == 4);
  CHECK(run.saturations[0].count.values == 6);
  CHECK(run.inputs[0] == format.max());
  CHECK(run.inputs[1] == format.min());
  CHECK(run.inputs[2] == format.max());
  CHECK(run.inputs[3] == format.min());
}

TEST_CASE("a linear output saturates at the ends of its format") {
  // y = 64 x on one element, calibrated with small x: the output clamps, it does not wrap.
  DenseLayer layer;
  layer.weights = BlockMatrix(1, 1, 1);
  layer.weights.columns = {64};
  Network network;
  network.append(layer);
  const QuantNetwork quantised = quantise(network, Array{{2, 1}, {0.5f, 0.01f}}, {}, nullptr);
  const Format format = quantised.output_format();
  const FixedRun run = run_fixed(quantised, Array{{4, 1}, {0.25f, -0.25f, 10, -10}});
  CHECK(to_double(run.outputs[0], format) == doctest::Approx(16).epsilon(1e-2));
  CHECK(to_double(run.outputs[1], format) == doctest::Approx(-16).epsilon(1e-2));
  CHECK(run.outputs[2] >= run.outputs[0]);
  CHECK(run.outputs[3] <= run.outputs[1]);
  CHECK(saturate(run.outputs[2], format.width) == run.outputs[2]);
}

TEST_CASE("frames of the wrong width are refused") {
  const Network network = random_network(small_lstm());
  const QuantNetwork quantised = quantise(network, random_frames({4, 6}, 3), known(), nullptr);
  CHECK_ERROR(run_fixed(quantised, random_frames({4, 7}, 1), "X.npy"), ExitCode::bad_input,
              "X.npy: frames have 7 elements");
  CHECK_ERROR(run_fixed(quantised, random_frames({6}, 1), "X.npy"), ExitCode::bad_input, "expected [frames, features]");
}

TEST_CASE("a projection of whole blocks feeds its spectrum, others their transform") {
  NetworkShape shape;
  shape.input = 5;
  shape.hidden = 16;
  shape.projection = 8;
  shape.layers = 2;
  shape.dense = 3;
  shape.block.all = {4, 4, 4, 4};
  const auto feeds = [&](const NetworkShape& s) {
    const Graph<double> graph = lower(random_network(s));
    std::vector<bool> result;
    for (const auto& phase : graph.phases) result.push_back(feeds_spectrum(graph, phase));
    return result;
  };
  CHECK(feeds(shape) == std::vector<bool>{false, true, false, true, false});
  NetworkShape odd = shape;
  odd.projection = 7;  // the elements beyond its end are zero in the vector, not in the sums
  CHECK(feeds(odd) == std::vector<bool>(5, false));
  NetworkShape mixed = shape;
  mixed.block.all.projection = 8;  // read at 4
  CHECK(feeds(mixed) == std::vector<bool>(5, false));

  CHECK(output_sqnr(random_network(shape), 12) > 42);  // 44.5 dB; by way of the transform it is 44.4
}
