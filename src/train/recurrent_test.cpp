// Parameters, recurrent layers and their gradients. libtorch is an oracle here: its automatic differentiation, and its
// LSTM and GRU. libtorch brings glog, whose CHECK would replace doctest's, so the long names are used.
#define DOCTEST_CONFIG_NO_SHORT_MACRO_NAMES
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cmath>

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include "base/random.hpp"
#include "circulant/float_model.hpp"
#include "network/network_file.hpp"
#include "network/random_network.hpp"
#include "train/circulant_parameter.hpp"
#include "train/recurrent.hpp"
#include "train/torch_network.hpp"

using namespace erngen;

namespace {

BlockMatrix random_matrix(int rows, int cols, int block, Rng& rng) {
  BlockMatrix m(rows, cols, block);
  for (float& w : m.columns) w = static_cast<float>(rng.normal());
  return m;
}

/// Every kind of recurrent layer there is, with different block sizes.
std::vector<NetworkShape> all_shapes() {
  NetworkShape s;
  s.input = 13;
  s.hidden = 20;
  s.layers = 2;
  s.dense = 11;
  s.block.all = {4, 8, 1, 2};
  s.seed = 5;
  std::vector<NetworkShape> shapes{s};
  s.peephole = true;
  shapes.push_back(s);
  s.projection = 12;
  shapes.push_back(s);
  s.candidate = Nonlinearity::sigmoid;
  s.peephole = s.bias = false;
  shapes.push_back(s);
  NetworkShape g = shapes[0];
  g.cell = CellKind::gru;
  shapes.push_back(g);
  g.reset = Reset::before;
  shapes.push_back(g);
  g.bias = false;
  shapes.push_back(g);
  g.reset = Reset::after;
  shapes.push_back(g);
  return shapes;
}

torch::Tensor random_tensor(std::vector<std::int64_t> shape, Rng& rng, double scale = 1) {
  torch::Tensor t = torch::empty(shape);
  float* values = t.data_ptr<float>();
  for (std::int64_t n = 0; n < t.numel(); ++n) values[n] = static_cast<float>(scale * rng.normal());
  return t.set_requires_grad(true);
}

/// The layers again, a frame at a time in libtorch's operations for one sequence: the definitions of network.hpp,
/// nothing by hand.
torch::Tensor plain_lstm(const LstmTensors& w, const torch::Tensor& x) {
  const auto hidden = w.input.size(0) / 4;
  torch::Tensor c = torch::zeros({1, hidden}), y = torch::zeros({1, w.recurrent.size(1)});
  std::vector<torch::Tensor> all;
  for (std::int64_t t = 0; t < x.size(0); ++t) {
    const auto z = (at::linear(x.narrow(0, t, 1), w.input, w.bias) + at::linear(y, w.recurrent)).chunk(4, 1);
    const auto peep = [&](int n, const torch::Tensor& cell) {
      return w.peephole.defined() ? w.peephole[n] * cell : torch::zeros_like(cell);
    };
    const torch::Tensor i = (z[0] + peep(0, c)).sigmoid(), f = (z[1] + peep(1, c)).sigmoid();
    c = f * c + i * (w.candidate == Nonlinearity::tanh ? z[2].tanh() : z[2].sigmoid());
    const torch::Tensor m = (z[3] + peep(2, c)).sigmoid() * c.tanh();
    y = w.projection.defined() ? at::linear(m, w.projection) : m;
    all.push_back(y);
  }
  return torch::cat(all);
}

torch::Tensor plain_gru(const GruTensors& w, const torch::Tensor& x) {
  const auto hidden = w.recurrent.size(1);
  const auto u = w.recurrent.chunk(3, 0);
  torch::Tensor h = torch::zeros({1, hidden});
  std::vector<torch::Tensor> all;
  for (std::int64_t t = 0; t < x.size(0); ++t) {
    const auto z = at::linear(x.narrow(0, t, 1), w.input, w.bias).chunk(3, 1);
    const torch::Tensor r = (z[0] + at::linear(h, u[0])).sigmoid(), q = (z[1] + at::linear(h, u[1])).sigmoid();
    const torch::Tensor n = w.reset == Reset::before ? (z[2] + at::linear(r * h, u[2])).tanh()
                                                     : (z[2] + r * at::linear(h, u[2], w.bias_hn)).tanh();
    h = (1 - q) * n + q * h;
    all.push_back(h);
  }
  return torch::cat(all);
}

/// Rows of the sequences one after the other, from packed rows.
torch::Tensor unpacked(const torch::Tensor& x, const Packing& packing, const std::vector<std::int64_t>& lengths) {
  std::vector<torch::Tensor> all;
  for (size_t b = 0; b < lengths.size(); ++b) {
    for (std::int64_t t = 0; t < lengths[b]; ++t)
      all.push_back(x.narrow(0, packing.offset(t) + static_cast<std::int64_t>(b), 1));
  }
  return torch::cat(all);
}

/// Values and all gradients of `fast` (packed) against `plain` (each sequence alone), for a random weighting of the
/// outputs.
template <class Weights, class Fast, class Plain>
void compare(const Weights& weights, const std::vector<torch::Tensor>& leaves, Fast fast, Plain plain) {
  const std::vector<std::int64_t> lengths{9, 9, 6, 1};
  const auto packing = std::make_shared<const Packing>(lengths);
  Rng rng(11);
  const torch::Tensor x = random_tensor({packing->rows(), 7}, rng);
  const torch::Tensor y = unpacked(fast(weights, x, packing, nullptr), *packing, lengths);
  const torch::Tensor rows = unpacked(x, *packing, lengths);
  std::vector<torch::Tensor> expected;
  std::int64_t first = 0;
  for (std::int64_t length : lengths) {
    expected.push_back(plain(weights, rows.narrow(0, first, length)));
    first += length;
  }
  const torch::Tensor z = torch::cat(expected);
  DOCTEST_CHECK((y - z).abs().max().item().toFloat() < 1e-5f);
  const torch::Tensor weighting = random_tensor({y.size(0), y.size(1)}, rng).detach();
  std::vector<torch::Tensor> wanted{x};
  wanted.insert(wanted.end(), leaves.begin(), leaves.end());
  const auto mine = torch::autograd::grad({(y * weighting).sum()}, wanted);
  const auto theirs = torch::autograd::grad({(z * weighting).sum()}, wanted);
  for (size_t n = 0; n < wanted.size(); ++n) {
    const float scale = theirs[n].abs().max().item().toFloat();
    DOCTEST_INFO("gradient " << n);
    DOCTEST_CHECK(scale > 0);
    DOCTEST_CHECK((mine[n] - theirs[n]).abs().max().item().toFloat() < 2e-5f * scale);
  }
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
        for (int c = 0; c < 13; ++c)
          DOCTEST_CHECK(dense[g * 20 + r][c].item<float>() == m[static_cast<size_t>(g)].element(r, c));
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

DOCTEST_TEST_CASE("an LSTM's values and gradients are those of automatic differentiation") {
  Rng rng(4);
  const std::int64_t hidden = 5;
  for (int variant = 0; variant < 4; ++variant) {
    const bool peephole = variant & 1, projected = variant & 2;
    const std::int64_t output = projected ? 3 : hidden;
    LstmTensors w{random_tensor({4 * hidden, 7}, rng, 0.5),
                  random_tensor({4 * hidden, output}, rng, 0.5),
                  random_tensor({4 * hidden}, rng),
                  {},
                  {},
                  variant == 3 ? Nonlinearity::sigmoid : Nonlinearity::tanh};
    std::vector<torch::Tensor> leaves{w.input, w.recurrent, w.bias};
    if (peephole) leaves.push_back(w.peephole = random_tensor({3, hidden}, rng));
    if (projected) leaves.push_back(w.projection = random_tensor({output, hidden}, rng));
    compare(w, leaves, lstm, plain_lstm);
  }
}

DOCTEST_TEST_CASE("a GRU's values and gradients are those of automatic differentiation") {
  Rng rng(5);
  const std::int64_t hidden = 5;
  for (Reset reset : {Reset::after, Reset::before}) {
    GruTensors w{random_tensor({3 * hidden, 7}, rng, 0.5),
                 random_tensor({3 * hidden, hidden}, rng, 0.5),
                 random_tensor({3 * hidden}, rng),
                 {},
                 reset};
    std::vector<torch::Tensor> leaves{w.input, w.recurrent, w.bias};
    if (reset == Reset::after) leaves.push_back(w.bias_hn = random_tensor({hidden}, rng));
    compare(w, leaves, gru, plain_gru);
  }
}

DOCTEST_TEST_CASE("libtorch's own cells give the same") {
  Rng rng(6);
  const torch::NoGradGuard no_gradients;
  const std::int64_t hidden = 6, frames = 12, streams = 3;
  const auto packing = std::make_shared<const Packing>(std::vector<std::int64_t>(streams, frames));
  const torch::Tensor x = random_tensor({frames * streams, 7}, rng).detach(), zero = torch::zeros({1, streams, hidden});
  const LstmTensors w{random_tensor({4 * hidden, 7}, rng),
                      random_tensor({4 * hidden, hidden}, rng),
                      random_tensor({4 * hidden}, rng),
                      {},
                      {},
                      Nonlinearity::tanh};
  const torch::Tensor theirs = std::get<0>(at::lstm(x.reshape({frames, streams, 7}), {zero, zero},
                                                    {w.input, w.recurrent, w.bias, torch::zeros_like(w.bias)}, true, 1,
                                                    0.0, false, false, false));
  DOCTEST_CHECK((lstm(w, x, packing) - theirs.reshape({frames * streams, hidden})).abs().max().item<float>() < 1e-5f);
  const GruTensors g{random_tensor({3 * hidden, 7}, rng), random_tensor({3 * hidden, hidden}, rng),
                     random_tensor({3 * hidden}, rng), random_tensor({hidden}, rng), Reset::after};
  const torch::Tensor recurrent_bias = torch::cat({torch::zeros({2 * hidden}), g.bias_hn});
  const torch::Tensor gru_theirs =
      std::get<0>(at::gru(x.reshape({frames, streams, 7}), zero, {g.input, g.recurrent, g.bias, recurrent_bias}, true,
                          1, 0.0, false, false, false));
  DOCTEST_CHECK((gru(g, x, packing) - gru_theirs.reshape({frames * streams, hidden})).abs().max().item<float>() <
                1e-5f);
}

DOCTEST_TEST_CASE("every kind of network computes what the float model computes, and goes through unchanged") {
  for (const NetworkShape& shape : all_shapes()) {
    const Network network = random_network(shape);
    DOCTEST_CHECK(network_bytes(TorchNetwork(network).to_network()) == network_bytes(network));
    Rng rng(3);
    const int frames = 30, streams = 3, width = network.input();
    Array x{{streams, frames, width}, {}};
    for (int n = 0; n < streams * frames * width; ++n) x.values.push_back(static_cast<float>(rng.normal()));
    const Array y = FloatModel(network).run(x);
    const torch::NoGradGuard no_gradients;
    const torch::Tensor in = torch::tensor(x.values)
                                 .reshape({streams, frames, width})
                                 .transpose(0, 1)
                                 .reshape({frames * streams, width})
                                 .contiguous();
    const auto packing = std::make_shared<const Packing>(std::vector<std::int64_t>(streams, frames));
    const torch::Tensor out =
        TorchNetwork(network).forward(in, packing, 0.0).reshape({frames, streams, -1}).transpose(0, 1).contiguous();
    DOCTEST_REQUIRE(static_cast<size_t>(out.numel()) == y.size());
    double error = 0, largest = 0;
    for (size_t n = 0; n < y.size(); ++n) {
      error = std::max<double>(error, std::abs(out.data_ptr<float>()[n] - y.values[n]));
      largest = std::max<double>(largest, std::abs(y.values[n]));
    }
    DOCTEST_CHECK(error < 1e-5 * largest);
  }
}

DOCTEST_TEST_CASE("packed rows are padded where their frames are") {
  const Packing packing({3, 1});
  const torch::Tensor x = torch::arange(1, 5, torch::kFloat32).reshape({4, 1});  // rows: (0,0) (0,1) (1,0) (2,0)
  DOCTEST_CHECK(packing.padded(x).reshape({6}).equal(torch::tensor({1.f, 2.f, 3.f, 0.f, 4.f, 0.f})));
  DOCTEST_CHECK(packing.delayed(x).reshape({4}).equal(torch::tensor({0.f, 0.f, 1.f, 3.f})));
}
