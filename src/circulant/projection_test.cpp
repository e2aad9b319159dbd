// The Euclidean projection against a least-squares solution, and the product against an FFT (both Eigen's).
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <complex>

#include <Eigen/Dense>
#include <unsupported/Eigen/FFT>

#include "base/random.hpp"
#include "circulant/product.hpp"
#include "circulant/projection.hpp"
#include "network/random_network.hpp"

using namespace erngen;

namespace {

BlockMatrix random_matrix(Rng& rng, int rows, int cols, int block) {
  BlockMatrix m(rows, cols, block);
  for (float& w : m.columns) w = static_cast<float>(rng.normal());
  return m;
}

Eigen::MatrixXd dense(const BlockMatrix& m) {
  Eigen::MatrixXd result(m.rows, m.cols);
  for (int r = 0; r < m.rows; ++r)
    for (int c = 0; c < m.cols; ++c) result(r, c) = m.element(r, c);
  return result;
}

}  // namespace

TEST_CASE("the projection is the least-squares solution over all block-circulant matrices") {
  Rng rng(3);
  for (const auto [rows, cols, from, block] : std::initializer_list<std::array<int, 4>>{{8, 8, 1, 4},
                                                                                        {7, 10, 1, 4},
                                                                                        {3, 3, 1, 8},
                                                                                        {5, 2, 1, 2},
                                                                                        {9, 6, 2, 4},
                                                                                        {8, 8, 8, 2},
                                                                                        {1, 1, 1, 64},
                                                                                        {6, 6, 1, 1}}) {
    const auto& shown_rows = rows;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_rows);
    const auto& shown_cols = cols;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_cols);
    const auto& shown_block = block;  // clang 14 lets no macro capture a structured binding
    CAPTURE(shown_block);
    const BlockMatrix matrix = random_matrix(rng, rows, cols, from);
    // Column p of the basis is the matrix whose p-th parameter is 1 and all others 0, flattened.
    const BlockMatrix shape(rows, cols, block);
    Eigen::MatrixXd basis(rows * cols, shape.columns.size());
    for (size_t p = 0; p < shape.columns.size(); ++p) {
      BlockMatrix unit = shape;
      unit.columns[p] = 1;
      basis.col(p) = dense(unit).reshaped();
    }
    // The minimum-norm solution is 0 where a parameter reaches no element.
    const Eigen::VectorXd best = basis.completeOrthogonalDecomposition().solve(dense(matrix).reshaped());
    const BlockMatrix projected = project(matrix, block);
    for (size_t p = 0; p < shape.columns.size(); ++p)
      CHECK(projected.columns[p] == doctest::Approx(best[p]).epsilon(1e-5));
    // A projection changes nothing the second time, up to the rounding of a mean of equal numbers.
    CHECK((dense(project(projected, block)) - dense(projected)).norm() <= 1e-6 * dense(projected).norm());
  }
}

TEST_CASE("a product equals IFFT(FFT(w) . FFT(x)): the columns are first columns") {
  Rng rng(4);
  for (const int block : {2, 4, 8, 16, 32, 64}) {
    const BlockMatrix m = random_matrix(rng, block, block, block);
    std::vector<double> x(block), y(block), w(m.columns.begin(), m.columns.end()), expected;
    for (double& v : x) v = rng.normal();
    CirculantProduct(m).add(x, y);
    Eigen::FFT<double> fft;
    std::vector<std::complex<double>> fw, fx;
    fft.fwd(fw, w);
    fft.fwd(fx, x);
    for (size_t bin = 0; bin < fw.size(); ++bin) fw[bin] *= fx[bin];
    fft.inv(expected, fw);
    for (int n = 0; n < block; ++n) CHECK(y[n] == doctest::Approx(expected[n]).epsilon(1e-12));
  }
}

TEST_CASE("a padded product adds to what is there and sees only the real elements") {
  Rng rng(5);
  for (const auto [rows, cols, block] : std::initializer_list<std::array<int, 3>>{
           {5, 7, 4}, {1, 1, 8}, {16, 16, 8}, {153, 39, 16}, {3, 70, 64}, {20, 6, 1}}) {
    const BlockMatrix m = random_matrix(rng, rows, cols, block);
    const Eigen::VectorXd x = Eigen::VectorXd::NullaryExpr(cols, [&] { return rng.normal(); });
    const Eigen::VectorXd before = Eigen::VectorXd::NullaryExpr(rows, [&] { return rng.normal(); });
    Eigen::VectorXd y = before;
    const CirculantProduct product(m);
    product.add({x.data(), static_cast<size_t>(cols)}, {y.data(), static_cast<size_t>(rows)});
    CHECK((y - before - dense(m) * x).norm() < 1e-12 * (1 + y.norm()));
  }
}

TEST_CASE("compressing a network reports the error of every matrix") {
  NetworkShape shape;
  shape.input = 13;
  shape.hidden = 20;
  shape.projection = 10;
  shape.dense = 4;
  shape.block.all = {1, 1, 1, 1};
  const Network network = random_network(shape);
  BlockChoice choice;
  choice.all = {2, 8, 4, 1};
  const CompressedNetwork result = compress(network, choice);
  CHECK(result.errors.size() == 10);
  size_t matrix = 0;
  for_each_matrix(network, [&](const std::string& name, const BlockMatrix& before) {
    const ProjectionError& error = result.errors[matrix++];
    CHECK(error.name == name);
    const Eigen::MatrixXd w = dense(before);
    CHECK(error.norm == doctest::Approx(w.norm()).epsilon(1e-9));
    CHECK(error.parameters_before == before.parameters());
    const double expected = (w - dense(project(before, error.block))).norm() / w.norm();
    CHECK(error.relative_error == doctest::Approx(expected).epsilon(1e-9));
  });
  CHECK(result.errors[0].block == 2);
  CHECK(result.errors[4].block == 8);
  CHECK(result.errors[8].block == 4);
  CHECK(result.errors[9].relative_error == 0);
  // Random weights: k equal numbers from k independent ones keep 1/k of the energy.
  CHECK(result.errors[4].relative_error == doctest::Approx(std::sqrt(7.0 / 8)).epsilon(0.05));

  choice.layers[0] = {1, 1, 1, 1};
  CHECK(compress(network, choice).errors[4].relative_error == 0);
  choice.layers[2] = {};
  CHECK_ERROR(compress(network, choice), ExitCode::usage, "block sizes for layer 2");
  choice.layers.clear();
  choice.all.recurrent = 6;
  CHECK_ERROR(compress(network, choice), ExitCode::bad_input, "block size 6");
}
