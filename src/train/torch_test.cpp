// libtorch is an oracle here: its dense LSTM and GRU know nothing of circulant blocks.
// libtorch brings glog, whose CHECK would replace doctest's, so the long names are used.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cmath>

#include <ATen/ATen.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "circulant/float_model.hpp"
#include "network/network_file.hpp"
#include "network/random_network.hpp"
#include "train/circulant_parameter.hpp"
#include "train/test_voices.hpp"
#include "train/torch_network.hpp"
#include "train/trainer.hpp"

using namespace erngen;

namespace {

BlockMatrix random_matrix(int rows, int cols, int block, Rng& rng) {
  BlockMatrix m(rows, cols, block);
  for (float& w : m.columns) w = static_cast<float>(rng.normal());
  return m;
}

NetworkShape small_shape(CellKind cell) {
  NetworkShape s;
  s.cell = cell;
  s.input = 13;
  s.hidden = 20;
  s.layers = 2;
  s.dense = 11;
  s.block.all = {4, 8, 1, 2};
  s.seed = 5;
  return s;
}

}  // namespace

DOCTEST_TEST_CASE("the gathered dense matrix is the one that the columns define") {
  Rng rng(1);
  for (int k : {1, 2, 4, 8, 16}) {
    std::array<BlockMatrix, 2> m{random_matrix(20, 13, k, rng), random_matrix(20, 13, k, rng)};
    const CirculantParameter p(m);
    const torch::Tensor dense = p.dense();
    DOCTEST_REQUIRE(dense.size(0) == 40);
    DOCTEST_REQUIRE(dense.size(1) == 13);
    for (int g = 0; g < 2; ++g) {
      for (int r = 0; r < 20; ++r) {
        for (int c = 0; c < 13; ++c) DOCTEST_CHECK(dense[g * 20 + r][c].item<float>() == m[static_cast<size_t>(g)].element(r, c));
      }
    }
    auto copy = m;
    for (auto& x : copy) std::fill(x.columns.begin(), x.columns.end(), 0.0f);
    p.store(copy);
    DOCTEST_CHECK(copy[0].columns == m[0].columns);
    DOCTEST_CHECK(copy[1].columns == m[1].columns);
  }
}

DOCTEST_TEST_CASE("a column's gradient is the sum over its wrapped diagonal inside the matrix") {
  Rng rng(2);
  const int rows = 6, cols = 7, k = 4;
  BlockMatrix m = random_matrix(rows, cols, k, rng);
  CirculantParameter p(std::span<const BlockMatrix>(&m, 1));
  std::vector<float> weight(static_cast<size_t>(rows * cols));
  for (float& w : weight) w = static_cast<float>(rng.normal());
  (p.dense() * torch::tensor(weight).reshape({rows, cols})).sum().backward();
  const torch::Tensor gradient = p.columns().grad();
  for (int i = 0; i < m.row_blocks(); ++i) {
    for (int j = 0; j < m.col_blocks(); ++j) {
      for (int n = 0; n < k; ++n) {
        double expected = 0;
        for (int r = i * k; r < std::min(rows, (i + 1) * k); ++r) {
          for (int c = j * k; c < std::min(cols, (j + 1) * k); ++c) {
            if ((r - c) % k == n || (r - c) % k == n - k) expected += weight[static_cast<size_t>(r * cols + c)];
          }
        }
        DOCTEST_CHECK(gradient[0][i][j][n].item<float>() == doctest::Approx(expected).epsilon(1e-5));
      }
    }
  }
}

DOCTEST_TEST_CASE("libtorch's cells and the float model agree") {
  for (CellKind cell : {CellKind::lstm, CellKind::gru}) {
    const Network network = random_network(small_shape(cell));
    Rng rng(3);
    const int frames = 30, streams = 3, width = network.input();
    Array x{{streams, frames, width}, {}};
    for (int n = 0; n < streams * frames * width; ++n) x.values.push_back(static_cast<float>(rng.normal()));
    const Array y = FloatModel(network).run(x);
    const torch::NoGradGuard no_gradients;
    const torch::Tensor in = torch::tensor(x.values).reshape({streams, frames, width}).transpose(0, 1).contiguous();
    const torch::Tensor out = TorchNetwork(network).forward(in, 0.0).transpose(0, 1).contiguous();
    DOCTEST_REQUIRE(static_cast<size_t>(out.numel()) == y.size());
    double error = 0, largest = 0;
    for (size_t n = 0; n < y.size(); ++n) {
      error = std::max<double>(error, std::abs(out.data_ptr<float>()[n] - y.values[n]));
      largest = std::max<double>(largest, std::abs(y.values[n]));
    }
    DOCTEST_CHECK(error < 1e-5 * largest);
  }
}

DOCTEST_TEST_CASE("a network goes through unchanged") {
  for (CellKind cell : {CellKind::lstm, CellKind::gru}) {
    const Network network = random_network(small_shape(cell));
    DOCTEST_CHECK(network_bytes(TorchNetwork(network).to_network()) == network_bytes(network));
  }
}

DOCTEST_TEST_CASE("cells that libtorch does not compute are refused") {
  NetworkShape s = small_shape(CellKind::lstm);
  s.peephole = true;
  DOCTEST_CHECK_THROWS_AS(TorchNetwork{random_network(s)}, Error);
  s = small_shape(CellKind::lstm);
  s.candidate = Candidate::sigmoid;
  DOCTEST_CHECK_THROWS_AS(TorchNetwork{random_network(s)}, Error);
  s = small_shape(CellKind::gru);
  s.reset = Reset::before;
  DOCTEST_CHECK_THROWS_AS(TorchNetwork{random_network(s)}, Error);
}

DOCTEST_TEST_CASE("training learns ten tones, twice the same") {
  const TestVoices voices;
  TrainOptions o = voices.options();
  o.shape.cell = CellKind::gru;
  o.shape.layers = 1;
  o.shape.hidden = 32;
  o.hold_out = 1;
  o.steps = 120;
  o.aligned_steps = 60;
  o.batch = 8;
  o.warmup = 10;
  o.peak_rate = 1e-2;
  o.dropout = 0.1;
  o.log_every = 40;
  o.threads = 1;
  std::vector<TrainProgress> reports;
  const Network a = train(o, [&](const TrainProgress& p) { reports.push_back(p); });
  DOCTEST_REQUIRE(reports.size() == 3);
  DOCTEST_CHECK(reports.back().step == 120);
  DOCTEST_CHECK(reports.back().loss < 0.5 * reports.front().loss);
  DOCTEST_CHECK(reports.back().validated);
  DOCTEST_CHECK(a.metadata["labels"].size() == 11);
  DOCTEST_CHECK(a.metadata["frontend"]["mean"].size() == 39);
  DOCTEST_CHECK(a.metadata["recipe"]["steps"] == 120);
  DOCTEST_CHECK(network_bytes(a) == network_bytes(train(o)));

  // Going on from what was learned keeps the front end and the skill: random weights start with a CTC loss of tens a label.
  o.start = voices.path / "a.net";
  write_network(a, o.start);
  o.checkpoint = voices.path / "b.net";
  o.steps = 40;
  o.validate_every = 20;
  o.aligned_steps = 0;
  const Network more = train(o, [&](const TrainProgress& p) { reports.push_back(p); });
  DOCTEST_CHECK(reports.back().loss < 3);
  DOCTEST_CHECK(more.metadata["frontend"] == a.metadata["frontend"]);
  DOCTEST_CHECK(network_bytes(read_network(o.checkpoint)) == network_bytes(more));

  o.start.clear();
  o.steps = 120;
  o.aligned_steps = 60;
  o.seed = 2;
  DOCTEST_CHECK(network_bytes(a) != network_bytes(train(o)));
}
