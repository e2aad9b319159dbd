#include "circulant/float_layer.hpp"

#include <algorithm>
#include <cmath>

#include "circulant/product.hpp"

namespace erngen {
namespace {

using Vector = std::vector<double>;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

void clear(Vector& v) { std::fill(v.begin(), v.end(), 0.0); }

/// The gates' matrices and biases of a recurrent layer: [gates] of each.
template <size_t gates>
struct GateWeights {
  template <class LayerT>
  explicit GateWeights(const LayerT& layer) {
    for (size_t gate = 0; gate < gates; ++gate) {
      input[gate] = CirculantProduct(layer.input_weights[gate]);
      recurrent[gate] = CirculantProduct(layer.recurrent_weights[gate]);
      bias[gate].assign(static_cast<size_t>(layer.hidden), 0.0);
      std::copy(layer.bias[gate].begin(), layer.bias[gate].end(), bias[gate].begin());
    }
  }
  CirculantProduct input[gates], recurrent[gates];
  Vector bias[gates];
};

class FloatLstm : public FloatLayer {
 public:
  explicit FloatLstm(const LstmLayer& layer)
      : weights_(layer), candidate_(layer.candidate), c_(layer.hidden), m_(layer.hidden), y_(layer.output()) {
    for (Vector& z : z_) z.resize(layer.hidden);
    for (size_t n = 0; n < 3; ++n) {
      peephole_[n].assign(static_cast<size_t>(layer.hidden), 0.0);
      std::copy(layer.peephole[n].begin(), layer.peephole[n].end(), peephole_[n].begin());
    }
    if (layer.projection) projection_ = CirculantProduct(*layer.projection);
    has_projection_ = layer.projection.has_value();
  }

  std::span<const double> step(std::span<const double> x) override {
    for (int gate = 0; gate < 4; ++gate) {
      z_[gate] = weights_.bias[gate];
      weights_.input[gate].add(x, z_[gate]);
      weights_.recurrent[gate].add(y_, z_[gate]);
    }
    for (size_t n = 0; n < c_.size(); ++n) {
      const double i = sigmoid(z_[LstmLayer::i][n] + peephole_[0][n] * c_[n]);
      const double f = sigmoid(z_[LstmLayer::f][n] + peephole_[1][n] * c_[n]);
      const double z_g = z_[LstmLayer::g][n];
      const double g = candidate_ == Candidate::tanh ? std::tanh(z_g) : sigmoid(z_g);
      c_[n] = f * c_[n] + i * g;
      const double o = sigmoid(z_[LstmLayer::o][n] + peephole_[2][n] * c_[n]);  // sees the new state
      m_[n] = o * std::tanh(c_[n]);
    }
    if (!has_projection_) {
      y_ = m_;
    } else {
      clear(y_);
      projection_.add(m_, y_);
    }
    return y_;
  }

  void reset() override {
    clear(c_);
    clear(y_);
  }

 private:
  GateWeights<4> weights_;
  Candidate candidate_;
  Vector peephole_[3];
  CirculantProduct projection_;
  bool has_projection_ = false;
  Vector z_[4], c_, m_, y_;
};

class FloatGru : public FloatLayer {
 public:
  explicit FloatGru(const GruLayer& layer)
      : weights_(layer), reset_(layer.reset), bias_hn_(layer.hidden), u_(layer.hidden), h_(layer.hidden) {
    for (Vector& z : z_) z.resize(layer.hidden);
    std::copy(layer.bias_hn.begin(), layer.bias_hn.end(), bias_hn_.begin());
  }

  std::span<const double> step(std::span<const double> x) override {
    for (int gate = 0; gate < 3; ++gate) {
      z_[gate] = weights_.bias[gate];
      weights_.input[gate].add(x, z_[gate]);
      if (gate != GruLayer::n) {
        weights_.recurrent[gate].add(h_, z_[gate]);
        for (double& z : z_[gate]) z = sigmoid(z);
      }
    }
    const Vector& r = z_[GruLayer::r];
    if (reset_ == Reset::before) {  // U (r h)
      for (size_t n = 0; n < h_.size(); ++n) u_[n] = r[n] * h_[n];
      weights_.recurrent[GruLayer::n].add(u_, z_[GruLayer::n]);
    } else {  // r (U h + b)
      u_ = bias_hn_;
      weights_.recurrent[GruLayer::n].add(h_, u_);
      for (size_t n = 0; n < h_.size(); ++n) z_[GruLayer::n][n] += r[n] * u_[n];
    }
    for (size_t n = 0; n < h_.size(); ++n) {
      const double z = z_[GruLayer::z][n];
      h_[n] = (1 - z) * std::tanh(z_[GruLayer::n][n]) + z * h_[n];
    }
    return h_;
  }

  void reset() override { clear(h_); }

 private:
  GateWeights<3> weights_;
  Reset reset_;
  Vector bias_hn_, z_[3], u_, h_;
};

class FloatDense : public FloatLayer {
 public:
  explicit FloatDense(const DenseLayer& layer) : weights_(layer.weights), bias_(layer.output()), y_(layer.output()) {
    std::copy(layer.bias.begin(), layer.bias.end(), bias_.begin());
  }
  std::span<const double> step(std::span<const double> x) override {
    y_ = bias_;
    weights_.add(x, y_);
    return y_;
  }
  void reset() override {}

 private:
  CirculantProduct weights_;
  Vector bias_, y_;
};

}  // namespace

std::unique_ptr<FloatLayer> make_float_layer(const Layer& layer) {
  if (const auto* lstm = std::get_if<LstmLayer>(&layer)) return std::make_unique<FloatLstm>(*lstm);
  if (const auto* gru = std::get_if<GruLayer>(&layer)) return std::make_unique<FloatGru>(*gru);
  return std::make_unique<FloatDense>(std::get<DenseLayer>(layer));
}

}  // namespace erngen
