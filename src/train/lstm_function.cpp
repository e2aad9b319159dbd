// The LSTM layer of training (recurrent.hpp).
#include <ATen/ATen.h>

#include "train/hand_gradient.hpp"
#include "train/recurrent.hpp"
#include "train/rows.hpp"

namespace erngen {
namespace {

using torch::Tensor;

/// The gates and the cell of the rows of frame t, from their sums.
void lstm_forward_rows(const LstmTensors& w, const LstmSignals& s, const Packing& packing, std::int64_t t) {
  const auto H = s.cell.size(1);
  const Eigen::Array<float, Eigen::Dynamic, 1> zero = Eigen::Array<float, Eigen::Dynamic, 1>::Zero(H);
  for (std::int64_t b = 0; b < packing.active(t); ++b) {
    const auto row = packing.offset(t) + b;
    Row i = row_of(s.gates, row, 0, H), f = row_of(s.gates, row, H, H), g = row_of(s.gates, row, 2 * H, H),
        o = row_of(s.gates, row, 3 * H, H);
    Row c = row_of(s.cell, row, 0, H);
    const Row before =
        t > 0 ? row_of(s.cell, packing.offset(t - 1) + b, 0, H) : Row(const_cast<float*>(zero.data()), H);
    if (w.peephole.defined()) {
      i += row_of(w.peephole, 0, 0, H) * before;
      f += row_of(w.peephole, 1, 0, H) * before;
    }
    i = i.logistic();
    f = f.logistic();
    if (w.candidate == Nonlinearity::tanh)
      g = g.tanh();
    else
      g = g.logistic();
    c = f * before + i * g;
    if (w.peephole.defined()) o += row_of(w.peephole, 2, 0, H) * c;
    o = o.logistic();
    Row squashed = row_of(s.squashed, row, 0, H);
    squashed = c.tanh();
    row_of(s.hidden, row, 0, H) = o * squashed;
  }
}

/// From the gradient of m (hidden) and of c of frame t to that of the gates' sums and of c(t-1), both in place.
void lstm_backward_rows(const LstmTensors& w, const LstmSignals& s, const Packing& packing, std::int64_t t,
                        const Tensor& d_hidden, const Tensor& d_gates, const Tensor& d_cell) {
  const auto H = s.cell.size(1);
  const Eigen::Array<float, Eigen::Dynamic, 1> zero = Eigen::Array<float, Eigen::Dynamic, 1>::Zero(H);
  for (std::int64_t b = 0; b < packing.active(t); ++b) {
    const auto row = packing.offset(t) + b;
    const Row i = row_of(s.gates, row, 0, H), f = row_of(s.gates, row, H, H), g = row_of(s.gates, row, 2 * H, H),
              o = row_of(s.gates, row, 3 * H, H);
    const Row before =
        t > 0 ? row_of(s.cell, packing.offset(t - 1) + b, 0, H) : Row(const_cast<float*>(zero.data()), H);
    const Row squashed = row_of(s.squashed, row, 0, H);
    Row di = row_of(d_gates, row, 0, H), df = row_of(d_gates, row, H, H), dg = row_of(d_gates, row, 2 * H, H),
        d_o = row_of(d_gates, row, 3 * H, H);
    const Row dm = row_of(d_hidden, row, 0, H);
    Row dc = row_of(d_cell, b, 0, H);
    d_o = dm * squashed * o * (1.0f - o);
    dc += dm * o * (1.0f - squashed * squashed);
    if (w.peephole.defined()) dc += row_of(w.peephole, 2, 0, H) * d_o;
    di = dc * g * i * (1.0f - i);
    df = dc * before * f * (1.0f - f);
    if (w.candidate == Nonlinearity::tanh)
      dg = dc * i * (1.0f - g * g);
    else
      dg = dc * i * g * (1.0f - g);
    dc *= f;
    if (w.peephole.defined()) dc += row_of(w.peephole, 0, 0, H) * di + row_of(w.peephole, 1, 0, H) * df;
  }
}

/// The gradients of x, input, recurrent, bias, peephole, projection.
std::vector<Tensor> lstm_backward(const LstmTensors& w, const LstmSignals& s, const Tensor& x, const Packing& packing,
                                  const Tensor& d_output, bool needs_x) {
  const auto H = s.cell.size(1);
  const bool projected = w.projection.defined();
  Tensor dy = d_output.contiguous().clone();
  Tensor d_hidden = projected ? torch::empty_like(s.hidden) : dy;
  Tensor d_gates = torch::empty_like(s.gates);
  Tensor d_cell = torch::zeros({packing.sequences(), H});
  for (std::int64_t t = packing.frames() - 1; t >= 0; --t) {
    const auto first = packing.offset(t), count = packing.active(t);
    if (projected) {
      Tensor dm = d_hidden.narrow(0, first, count);
      at::mm_out(dm, dy.narrow(0, first, count), w.projection);
    }
    lstm_backward_rows(w, s, packing, t, d_hidden, d_gates, d_cell);
    if (t > 0) dy.narrow(0, packing.offset(t - 1), count).addmm_(d_gates.narrow(0, first, count), w.recurrent);
  }
  Tensor d_peephole, d_projection;
  if (w.peephole.defined()) {
    const Tensor before = packing.delayed(s.cell);
    d_peephole = torch::stack({(d_gates.narrow(1, 0, H) * before).sum(0), (d_gates.narrow(1, H, H) * before).sum(0),
                               (d_gates.narrow(1, 3 * H, H) * s.cell).sum(0)});
  }
  if (projected) d_projection = dy.t().mm(s.hidden);
  return {needs_x ? d_gates.mm(w.input) : Tensor(),     d_gates.t().mm(x), d_gates.t().mm(packing.delayed(s.output)),
          w.bias.defined() ? d_gates.sum(0) : Tensor(), d_peephole,        d_projection};
}

}  // namespace

LstmSignals run_lstm(const LstmTensors& w, const Tensor& x, const Packing& packing) {
  const torch::NoGradGuard no_gradients;
  const auto rows = x.size(0), H = w.input.size(0) / 4;
  LstmSignals s;
  s.gates = w.bias.defined() ? at::addmm(w.bias, x, w.input.t()) : x.mm(w.input.t());
  s.cell = torch::empty({rows, H});
  s.squashed = torch::empty({rows, H});
  s.hidden = torch::empty({rows, H});
  s.output = w.projection.defined() ? torch::empty({rows, w.projection.size(0)}) : s.hidden;
  const Tensor across = w.recurrent.t();
  for (std::int64_t t = 0; t < packing.frames(); ++t) {
    const auto first = packing.offset(t), count = packing.active(t);
    if (t > 0) s.gates.narrow(0, first, count).addmm_(s.output.narrow(0, packing.offset(t - 1), count), across);
    lstm_forward_rows(w, s, packing, t);
    if (w.projection.defined()) {
      Tensor y = s.output.narrow(0, first, count);
      at::mm_out(y, s.hidden.narrow(0, first, count), w.projection.t());
    }
  }
  return s;
}

Tensor lstm(const LstmTensors& weights, const Tensor& x, const PackingPointer& packing, const LstmSignals* given) {
  const auto plain = [](const Tensor& t) { return t.defined() ? t.detach().contiguous() : t; };
  const LstmTensors w{plain(weights.input),    plain(weights.recurrent),  plain(weights.bias),
                      plain(weights.peephole), plain(weights.projection), weights.candidate};
  const Tensor input = plain(x);
  const LstmSignals signals = given ? *given : run_lstm(w, input, *packing);
  // The gradient keeps the output: what is returned must be another tensor, or the node would own itself.
  return with_gradient(signals.output.detach(),
                       {x, weights.input, weights.recurrent, weights.bias, weights.peephole, weights.projection},
                       [w, signals, input, packing, needs_x = x.requires_grad()](const Tensor& d) {
                         return lstm_backward(w, signals, input, *packing, d, needs_x);
                       });
}

}  // namespace erngen
