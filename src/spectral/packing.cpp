#include "spectral/packing.hpp"

#include <utility>

#include "spectral/real_flow.hpp"
#include "spectral/twiddle.hpp"

namespace erngen {
namespace {

/// (re + i im) e^(-+ 2 pi i b / m); `direction` is the sign of the exponent.
template <int direction>
struct RealRotation {
  std::pair<double, double> operator()(double re, double im, int b, int m) const {
    const double c = cos_turn(b, m), s = direction * sin_turn(b, m);
    return {re * c - im * s, re * s + im * c};
  }
};

}  // namespace

void packed_spectrum(const double* x, double* out, int k) {
  flow::with_block_size(k, [&]<int K>() { flow::forward<K>(x, out, RealRotation<-1>{}); });
}

void inverse_packed_spectrum(const double* x, double* out, int k) {
  flow::with_block_size(k, [&]<int K>() { flow::inverse<K>(x, out, RealRotation<+1>{}); });
  for (int n = 0; n < k; ++n) out[n] /= k;
}

}  // namespace erngen
