#include "circulant/float_layer.hpp"

#include <algorithm>
#include <cmath>

#include "circulant/product.hpp"

namespace erngen {
namespace {

using Vector = std::vector<double>;

void clear(Vector& v) { std::fill(v.begin(), v.end(), 0.0); }

/// The state at the beginning of a sequence: `values`, or zero if there are none.
void begin(Vector& state, const Vector& values) {
  if (values.empty())
    clear(state);
  else
    state = values;
}

Vector widen(const std::vector<float>& values) { return {values.begin(), values.end()}; }

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
      : weights_(layer),
        gate_(layer.gate_activation),
        candidate_(layer.candidate),
        squash_(layer.cell_activation),
        initial_c_(widen(layer.initial_cell)),
        initial_y_(widen(layer.initial_hidden)),
        c_(layer.hidden),
        m_(layer.hidden),
        y_(layer.output()) {
    for (Vector& z : z_) z.resize(layer.hidden);
    for (size_t n = 0; n < 3; ++n) {
      peephole_[n].assign(static_cast<size_t>(layer.hidden), 0.0);
      std::copy(layer.peephole[n].begin(), layer.peephole[n].end(), peephole_[n].begin());
    }
    if (layer.projection) projection_ = CirculantProduct(*layer.projection);
    has_projection_ = layer.projection.has_value();
    reset();
  }

  std::span<const double> step(std::span<const double> x) override {
    for (int gate = 0; gate < 4; ++gate) {
      z_[gate] = weights_.bias[gate];
      weights_.input[gate].add(x, z_[gate]);
      weights_.recurrent[gate].add(y_, z_[gate]);
    }
    for (size_t n = 0; n < c_.size(); ++n) {
      const double i = gate_(z_[LstmLayer::i][n] + peephole_[0][n] * c_[n]);
      const double f = gate_(z_[LstmLayer::f][n] + peephole_[1][n] * c_[n]);
      c_[n] = f * c_[n] + i * candidate_(z_[LstmLayer::g][n]);
      const double o = gate_(z_[LstmLayer::o][n] + peephole_[2][n] * c_[n]);  // sees the new state
      m_[n] = o * squash_(c_[n]);
    }
    if (!has_projection_) {
      y_ = m_;
    } else {
      clear(y_);
      projection_.add(m_, y_);
    }
    return y_;
  }

  void reset() final {
    begin(c_, initial_c_);
    begin(y_, initial_y_);
  }

 private:
  GateWeights<4> weights_;
  Activation gate_, candidate_, squash_;
  Vector peephole_[3], initial_c_, initial_y_;
  CirculantProduct projection_;
  bool has_projection_ = false;
  Vector z_[4], c_, m_, y_;
};

class FloatGru : public FloatLayer {
 public:
  explicit FloatGru(const GruLayer& layer)
      : weights_(layer),
        reset_(layer.reset),
        gate_(layer.gate_activation),
        candidate_(layer.candidate),
        initial_(widen(layer.initial_hidden)),
        bias_hn_(layer.hidden),
        u_(layer.hidden),
        h_(layer.hidden) {
    for (Vector& z : z_) z.resize(layer.hidden);
    std::copy(layer.bias_hn.begin(), layer.bias_hn.end(), bias_hn_.begin());
    reset();
  }

  std::span<const double> step(std::span<const double> x) override {
    for (int gate = 0; gate < 3; ++gate) {
      z_[gate] = weights_.bias[gate];
      weights_.input[gate].add(x, z_[gate]);
      if (gate != GruLayer::n) {
        weights_.recurrent[gate].add(h_, z_[gate]);
        for (double& z : z_[gate]) z = gate_(z);
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
      h_[n] = (1 - z) * candidate_(z_[GruLayer::n][n]) + z * h_[n];
    }
    return h_;
  }

  void reset() final { begin(h_, initial_); }

 private:
  GateWeights<3> weights_;
  Reset reset_;
  Activation gate_, candidate_;
  Vector initial_, bias_hn_, z_[3], u_, h_;
};

class FloatRnn : public FloatLayer {
 public:
  explicit FloatRnn(const RnnLayer& layer)
      : weights_(layer), f_(layer.activation), initial_(widen(layer.initial_hidden)), h_(layer.hidden) {
    reset();
  }
  std::span<const double> step(std::span<const double> x) override {
    z_ = weights_.bias[0];
    weights_.input[0].add(x, z_);
    weights_.recurrent[0].add(h_, z_);
    std::transform(z_.begin(), z_.end(), h_.begin(), f_);
    return h_;
  }
  void reset() final { begin(h_, initial_); }

 private:
  GateWeights<1> weights_;
  Activation f_;
  Vector initial_, z_, h_;
};

class FloatDense : public FloatLayer {
 public:
  explicit FloatDense(const DenseLayer& layer)
      : weights_(layer.weights), f_(layer.activation), bias_(layer.output()), y_(layer.output()) {
    std::copy(layer.bias.begin(), layer.bias.end(), bias_.begin());
  }
  std::span<const double> step(std::span<const double> x) override {
    y_ = bias_;
    weights_.add(x, y_);
    std::transform(y_.begin(), y_.end(), y_.begin(), f_);
    return y_;
  }
  void reset() override {}

 private:
  CirculantProduct weights_;
  Activation f_;
  Vector bias_, y_;
};

/// Reads its inputs one behind the other.
class FloatAdd : public FloatLayer {
 public:
  explicit FloatAdd(const AddLayer& layer) : f_(layer.activation), y_(layer.size) {}
  std::span<const double> step(std::span<const double> x) override {
    clear(y_);
    for (size_t at = 0; at < x.size(); ++at) y_[at % y_.size()] += x[at];
    std::transform(y_.begin(), y_.end(), y_.begin(), f_);
    return y_;
  }
  void reset() override {}

 private:
  Activation f_;
  Vector y_;
};

}  // namespace

std::unique_ptr<FloatLayer> make_float_layer(const Layer& layer) {
  struct Make {
    std::unique_ptr<FloatLayer> operator()(const LstmLayer& l) const { return std::make_unique<FloatLstm>(l); }
    std::unique_ptr<FloatLayer> operator()(const GruLayer& l) const { return std::make_unique<FloatGru>(l); }
    std::unique_ptr<FloatLayer> operator()(const DenseLayer& l) const { return std::make_unique<FloatDense>(l); }
    std::unique_ptr<FloatLayer> operator()(const RnnLayer& l) const { return std::make_unique<FloatRnn>(l); }
    std::unique_ptr<FloatLayer> operator()(const AddLayer& l) const { return std::make_unique<FloatAdd>(l); }
  };
  return std::visit(Make{}, layer);
}

}  // namespace erngen
