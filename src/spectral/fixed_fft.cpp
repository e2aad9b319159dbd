#include "spectral/fixed_fft.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "spectral/fixed_rotate.hpp"
#include "spectral/real_flow.hpp"

namespace erngen {
namespace {

void reject(int k) {
  throw bad_input(fmt::format("block size {} of a fixed-point transform", k), "use a power of two, 1 to 64");
}

template <class T>
void run_forward(const T* x, T* out, int k) {
  flow::with_block_size(k, [&]<int K>() { flow::forward<K>(x, out, ForwardRotation{}); }, reject);
}

template <class T>
void run_inverse(const T* x, T* out, int k) {
  flow::with_block_size(k, [&]<int K>() { flow::inverse<K>(x, out, InverseRotation{}); }, reject);
}

}  // namespace

void fft_fixed(const std::int32_t* x, std::int32_t* out, int k) { run_forward(x, out, k); }
void fft_fixed(const std::int64_t* x, std::int64_t* out, int k) { run_forward(x, out, k); }
void ifft_fixed(const std::int32_t* x, std::int32_t* out, int k) { run_inverse(x, out, k); }
void ifft_fixed(const std::int64_t* x, std::int64_t* out, int k) { run_inverse(x, out, k); }

}  // namespace erngen
