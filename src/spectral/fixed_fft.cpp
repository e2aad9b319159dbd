#include "spectral/fixed_fft.hpp"

#include "spectral/fixed_rotate.hpp"
#include "spectral/real_flow.hpp"

namespace erngen {
namespace {

template <class T>
void run_forward(const T* x, T* out, int k) {
  flow::with_block_size(k, [&]<int K>() { flow::forward<K>(x, out, ForwardRotation{}); });
}

template <class T>
void run_inverse(const T* x, T* out, int k) {
  flow::with_block_size(k, [&]<int K>() { flow::inverse<K>(x, out, InverseRotation{}); });
}

/// InverseRotation on exact doubles: products of at most 26 + 6 + 1 + 17 bits.
struct InverseLaneRotation {
  std::pair<Lanes, Lanes> operator()(const Lanes& re, const Lanes& im, int b, int m) const {
    const Twiddle t = twiddle(b, m);
    const double c = t.c * power_of_two(-twiddle_fraction), s = t.s * power_of_two(-twiddle_fraction);
    return {round_scaled(re * c - im * s, twiddle_fraction), round_scaled(im * c + re * s, twiddle_fraction)};
  }
};

}  // namespace

void fft_fixed(const std::int32_t* x, std::int32_t* out, int k) { run_forward(x, out, k); }
void fft_fixed(const std::int64_t* x, std::int64_t* out, int k) { run_forward(x, out, k); }
void ifft_fixed(const std::int32_t* x, std::int32_t* out, int k) { run_inverse(x, out, k); }
void ifft_fixed(const std::int64_t* x, std::int64_t* out, int k) { run_inverse(x, out, k); }

void ifft_fixed(const Lanes* x, Lanes* out, int k) {
  flow::with_block_size(k, [&]<int K>() { flow::inverse<K>(x, out, InverseLaneRotation{}); });
}

}  // namespace erngen
