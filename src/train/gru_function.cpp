// The GRU layer of training (recurrent.hpp).
#include <ATen/ATen.h>

#include "train/hand_gradient.hpp"
#include "train/recurrent.hpp"
#include "train/rows.hpp"

namespace erngen {
namespace {

using torch::Tensor;
using Vector = Eigen::Array<float, Eigen::Dynamic, 1>;

/// h(t-1) of sequence b, or zeros before the first frame.
Row before_of(const GruSignals& s, const Packing& packing, std::int64_t t, std::int64_t b, Vector& zero) {
  if (t > 0) return row_of(s.output, packing.offset(t - 1) + b, 0, zero.size());
  return {zero.data(), zero.size()};
}

/// h = (1 - z) n + z h(t-1) of one row.
void update_row(const GruSignals& s, std::int64_t row, const Row& before) {
  const auto H = before.size();
  const Row z = row_of(s.gates, row, H, H), n = row_of(s.gates, row, 2 * H, H);
  row_of(s.output, row, 0, H) = n + z * (before - n);
}

/// Reset after the product: `inner` holds U_n h(t-1) + b_hn, the gates their whole sums.
void after_rows(const GruSignals& s, const Packing& packing, std::int64_t t) {
  const auto H = s.output.size(1);
  Vector zero = Vector::Zero(H);
  for (std::int64_t b = 0; b < packing.active(t); ++b) {
    const auto row = packing.offset(t) + b;
    Row rz = row_of(s.gates, row, 0, 2 * H), n = row_of(s.gates, row, 2 * H, H);
    rz = rz.logistic();
    n += row_of(s.gates, row, 0, H) * row_of(s.inner, row, 0, H);
    n = n.tanh();
    update_row(s, row, before_of(s, packing, t, b, zero));
  }
}

/// Reset before the product, first half: r, z and r h(t-1).
void before_gate_rows(const GruSignals& s, const Packing& packing, std::int64_t t) {
  const auto H = s.output.size(1);
  Vector zero = Vector::Zero(H);
  for (std::int64_t b = 0; b < packing.active(t); ++b) {
    const auto row = packing.offset(t) + b;
    Row rz = row_of(s.gates, row, 0, 2 * H);
    rz = rz.logistic();
    row_of(s.inner, row, 0, H) = row_of(s.gates, row, 0, H) * before_of(s, packing, t, b, zero);
  }
}

/// Second half: the candidate and h.
void before_output_rows(const GruSignals& s, const Packing& packing, std::int64_t t) {
  const auto H = s.output.size(1);
  Vector zero = Vector::Zero(H);
  for (std::int64_t b = 0; b < packing.active(t); ++b) {
    const auto row = packing.offset(t) + b;
    Row n = row_of(s.gates, row, 2 * H, H);
    n = n.tanh();
    update_row(s, row, before_of(s, packing, t, b, zero));
  }
}

/// The gradients of x, input, recurrent, bias, bias_hn.
std::vector<Tensor> gru_backward(const GruTensors& w, const GruSignals& s, const Tensor& x, const Packing& packing,
                                 const Tensor& d_output, bool needs_x) {
  const auto H = s.output.size(1);
  const bool after = w.reset == Reset::after;
  const Tensor gates_weights = w.recurrent.narrow(0, 0, 2 * H), candidate_weights = w.recurrent.narrow(0, 2 * H, H);
  Tensor dh = d_output.contiguous().clone();
  Tensor d_sums = torch::empty_like(s.gates);  // of the gates' sums, as the input matrix sees them
  Tensor d_recurrent = after ? torch::empty_like(s.gates) : Tensor();  // as the recurrent matrix sees them
  Tensor d_reset = after ? Tensor() : torch::empty({packing.sequences(), H});
  Vector zero = Vector::Zero(H);
  for (std::int64_t t = packing.frames() - 1; t >= 0; --t) {
    const auto first = packing.offset(t), count = packing.active(t);
    for (std::int64_t b = 0; b < count; ++b) {
      const auto row = first + b;
      const Row d = row_of(dh, row, 0, H), z = row_of(s.gates, row, H, H), n = row_of(s.gates, row, 2 * H, H);
      const Row before = before_of(s, packing, t, b, zero);
      row_of(d_sums, row, H, H) = d * (before - n) * z * (1.0f - z);
      row_of(d_sums, row, 2 * H, H) = d * (1.0f - z) * (1.0f - n * n);
      if (after) {
        const Row r = row_of(s.gates, row, 0, H), dn = row_of(d_sums, row, 2 * H, H);
        row_of(d_sums, row, 0, H) = dn * row_of(s.inner, row, 0, H) * r * (1.0f - r);
        row_of(d_recurrent, row, 0, 2 * H) = row_of(d_sums, row, 0, 2 * H);
        row_of(d_recurrent, row, 2 * H, H) = dn * r;
      }
    }
    if (!after) {
      Tensor ds = d_reset.narrow(0, 0, count);
      at::mm_out(ds, d_sums.narrow(0, first, count).narrow(1, 2 * H, H), candidate_weights);
    }
    for (std::int64_t b = 0; b < count; ++b) {
      const auto row = first + b;
      const Row d = row_of(dh, row, 0, H), z = row_of(s.gates, row, H, H), r = row_of(s.gates, row, 0, H);
      if (!after)
        row_of(d_sums, row, 0, H) = row_of(d_reset, b, 0, H) * before_of(s, packing, t, b, zero) * r * (1.0f - r);
      if (t == 0) continue;
      Row earlier = row_of(dh, packing.offset(t - 1) + b, 0, H);
      earlier += d * z;
      if (!after) earlier += row_of(d_reset, b, 0, H) * r;
    }
    if (t == 0) break;
    Tensor earlier = dh.narrow(0, packing.offset(t - 1), count);
    if (after)
      earlier.addmm_(d_recurrent.narrow(0, first, count), w.recurrent);
    else
      earlier.addmm_(d_sums.narrow(0, first, count).narrow(1, 0, 2 * H), gates_weights);
  }
  const Tensor before = packing.delayed(s.output);
  const Tensor d_matrix =
      after ? d_recurrent.t().mm(before)
            : torch::cat({d_sums.narrow(1, 0, 2 * H).t().mm(before), d_sums.narrow(1, 2 * H, H).t().mm(s.inner)});
  return {needs_x ? d_sums.mm(w.input) : Tensor(), d_sums.t().mm(x), d_matrix,
          w.bias.defined() ? d_sums.sum(0) : Tensor(),
          w.bias_hn.defined() ? d_recurrent.narrow(1, 2 * H, H).sum(0) : Tensor()};
}

}  // namespace

GruSignals run_gru(const GruTensors& w, const Tensor& x, const Packing& packing) {
  const torch::NoGradGuard no_gradients;
  const auto rows = x.size(0), H = w.recurrent.size(1);
  GruSignals s;
  s.gates = w.bias.defined() ? at::addmm(w.bias, x, w.input.t()) : x.mm(w.input.t());
  s.output = torch::empty({rows, H});
  s.inner = torch::zeros({rows, H});
  const bool after = w.reset == Reset::after;
  if (after && w.bias_hn.defined()) s.inner += w.bias_hn;
  const Tensor across = w.recurrent.t();
  const Tensor gates_across = across.narrow(1, 0, 2 * H), candidate_across = across.narrow(1, 2 * H, H);
  for (std::int64_t t = 0; t < packing.frames(); ++t) {
    const auto first = packing.offset(t), count = packing.active(t);
    Tensor gates = s.gates.narrow(0, first, count).narrow(1, 0, 2 * H),
           candidate = s.gates.narrow(0, first, count).narrow(1, 2 * H, H);
    if (t > 0) {
      const Tensor before = s.output.narrow(0, packing.offset(t - 1), count);
      gates.addmm_(before, gates_across);
      if (after) s.inner.narrow(0, first, count).addmm_(before, candidate_across);
    }
    if (after) {
      after_rows(s, packing, t);
      continue;
    }
    before_gate_rows(s, packing, t);
    candidate.addmm_(s.inner.narrow(0, first, count), candidate_across);
    before_output_rows(s, packing, t);
  }
  return s;
}

Tensor gru(const GruTensors& weights, const Tensor& x, const PackingPointer& packing, const GruSignals* given) {
  const auto plain = [](const Tensor& t) { return t.defined() ? t.detach().contiguous() : t; };
  const GruTensors w{plain(weights.input), plain(weights.recurrent), plain(weights.bias), plain(weights.bias_hn),
                     weights.reset};
  const Tensor input = plain(x);
  const GruSignals signals = given ? *given : run_gru(w, input, *packing);
  return with_gradient(signals.output.detach(), {x, weights.input, weights.recurrent, weights.bias, weights.bias_hn},
                       [w, signals, input, packing, needs_x = x.requires_grad()](const Tensor& d) {
                         return gru_backward(w, signals, input, *packing, d, needs_x);
                       });
}

}  // namespace erngen
