#include "spectral/fixed_fft.hpp"

#include "fixed/exact_double.hpp"
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

/// The rotations on exact doubles: products of at most 26 + 6 + 1 + 17 bits. `sign` as in e^(sign 2 pi i b / m).
template <int sign>
struct LaneRotation {
  [[gnu::always_inline]] std::pair<Lanes, Lanes> operator()(const Lanes& re, const Lanes& im, int b, int m) const {
    const Twiddle t = twiddle(b, m);
    const double c = t.c * power_of_two(-twiddle_fraction), s = sign * t.s * power_of_two(-twiddle_fraction);
    return {round_scaled(re * c - im * s, twiddle_fraction), round_scaled(im * c + re * s, twiddle_fraction)};
  }
};

// Everything below these functions is inlined, with their instructions: one code for all of them.
template <int K>
[[gnu::flatten]] void forward_lanes(const Lanes* x, Lanes* out) {
  flow::forward<K>(x, out, LaneRotation<-1>{});
}
template <int K>
[[gnu::flatten]] void inverse_lanes(const Lanes* x, Lanes* out) {
  flow::inverse<K>(x, out, LaneRotation<1>{});
}
#if defined(__x86_64__)
template <int K>
[[gnu::flatten, gnu::target("avx2")]] void forward_lanes_avx2(const Lanes* x, Lanes* out) {
  flow::forward<K>(x, out, LaneRotation<-1>{});
}
template <int K>
[[gnu::flatten, gnu::target("avx2")]] void inverse_lanes_avx2(const Lanes* x, Lanes* out) {
  flow::inverse<K>(x, out, LaneRotation<1>{});
}
#endif

}  // namespace

void fft_fixed(const std::int32_t* x, std::int32_t* out, int k) { run_forward(x, out, k); }
void fft_fixed(const std::int64_t* x, std::int64_t* out, int k) { run_forward(x, out, k); }
void ifft_fixed(const std::int32_t* x, std::int32_t* out, int k) { run_inverse(x, out, k); }
void ifft_fixed(const std::int64_t* x, std::int64_t* out, int k) { run_inverse(x, out, k); }

void fft_fixed(const Lanes* x, Lanes* out, int k, [[maybe_unused]] InstructionSet set) {
  flow::with_block_size(k, [&]<int K>() {
#if defined(__x86_64__)
    if (set == InstructionSet::avx2) return forward_lanes_avx2<K>(x, out);
#endif
    forward_lanes<K>(x, out);
  });
}

void ifft_fixed(const Lanes* x, Lanes* out, int k, [[maybe_unused]] InstructionSet set) {
  flow::with_block_size(k, [&]<int K>() {
#if defined(__x86_64__)
    if (set == InstructionSet::avx2) return inverse_lanes_avx2<K>(x, out);
#endif
    inverse_lanes<K>(x, out);
  });
}

}  // namespace erngen
