// The flow graphs of the real transforms, for any number type; which arithmetic runs through them is the
// rotation's choice (exact integers, doubles, and bounds in the tests).
//
// docs/reference/arithmetic.md, "Forward transform" and "Inverse transform", defines every operation.
#pragma once

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace erngen::flow {

/// n with its lowest log2(size) bits in reverse order.
constexpr int bit_reverse(int n, int size) {
  int reversed = 0;
  for (int bit = 1; bit < size; bit *= 2) reversed = 2 * reversed + ((n & bit) != 0);
  return reversed;
}

/// Combines the packed spectra e, o of M/2 points into x of M points (x overlaps neither).
/// `rotate(re, im, b, M)` returns the pair (re + i im) e^(-2 pi i b / M), rounded as the number type demands.
template <int M, class T, class Rotate>
inline void forward_stage(const T* e, const T* o, T* x, const Rotate& rotate) {
  x[0] = e[0] + o[0];
  x[1] = e[0] - o[0];
  if constexpr (M >= 4) {
    x[M / 2] = e[1];
    x[M / 2 + 1] = -o[1];
  }
#pragma GCC unroll 16
  for (int b = 1; b < M / 4; ++b) {
    const std::pair<T, T> t = rotate(o[2 * b], o[2 * b + 1], b, M);
    x[2 * b] = e[2 * b] + t.first;
    x[2 * b + 1] = e[2 * b + 1] + t.second;
    x[M - 2 * b] = e[2 * b] - t.first;
    x[M - 2 * b + 1] = t.second - e[2 * b + 1];
  }
}

/// Splits x of M points into e and o of M/2 points: the transposed stage, so that a whole inverse is K times
/// the inverse DFT. `rotate` turns the other way, e^(+2 pi i b / M).
template <int M, class T, class Rotate>
inline void inverse_stage(const T* x, T* e, T* o, const Rotate& rotate) {
  e[0] = x[0] + x[1];
  o[0] = x[0] - x[1];
  if constexpr (M >= 4) {
    e[1] = x[M / 2] + x[M / 2];
    o[1] = -(x[M / 2 + 1] + x[M / 2 + 1]);
  }
#pragma GCC unroll 16
  for (int b = 1; b < M / 4; ++b) {
    e[2 * b] = x[2 * b] + x[M - 2 * b];
    e[2 * b + 1] = x[2 * b + 1] - x[M - 2 * b + 1];
    const std::pair<T, T> t = rotate(x[2 * b] - x[M - 2 * b], x[2 * b + 1] + x[M - 2 * b + 1], b, M);
    o[2 * b] = t.first;
    o[2 * b + 1] = t.second;
  }
}

/// All groups of one stage: K words from `in` to `out`.
template <int K, int M, class T, class Rotate>
inline void forward_groups(const T* in, T* out, const Rotate& rotate) {
#pragma GCC unroll 16
  for (int group = 0; group < K; group += M) forward_stage<M>(in + group, in + group + M / 2, out + group, rotate);
}

template <int K, int M, class T, class Rotate>
inline void inverse_groups(const T* in, T* out, const Rotate& rotate) {
#pragma GCC unroll 16
  for (int group = 0; group < K; group += M) inverse_stage<M>(in + group, out + group, out + group + M / 2, rotate);
}

/// Packed spectrum of x[K], natural order, into out[K] (may be x itself).
template <int K, class T, class Rotate>
inline void forward(const T* x, T* out, const Rotate& rotate) {
  std::array<T, K> a, b;
#pragma GCC unroll 64
  for (int n = 0; n < K; ++n) a[n] = x[bit_reverse(n, K)];
  const auto stage = [&]<int M>() {
    forward_groups<K, M>(a.data(), b.data(), rotate);
    std::swap(a, b);
  };
  [&]<int... E>(std::integer_sequence<int, E...>) { (stage.template operator()<(2 << E)>(), ...); }
  (std::make_integer_sequence<int, log2_exact(K)>{});
  for (int n = 0; n < K; ++n) out[n] = a[n];
}

/// K times the inverse transform of the packed spectrum x[K], natural order, into out[K] (may be x itself).
template <int K, class T, class Rotate>
inline void inverse(const T* x, T* out, const Rotate& rotate) {
  std::array<T, K> a, b;
  for (int n = 0; n < K; ++n) a[n] = x[n];
  const auto stage = [&]<int M>() {
    inverse_groups<K, M>(a.data(), b.data(), rotate);
    std::swap(a, b);
  };
  [&]<int... E>(std::integer_sequence<int, E...>) { (stage.template operator()<(K >> E)>(), ...); }
  (std::make_integer_sequence<int, log2_exact(K)>{});
#pragma GCC unroll 64
  for (int n = 0; n < K; ++n) out[bit_reverse(n, K)] = a[n];
}

/// Calls `run.operator()<K>()` with the compile-time K that equals k.
/// required: k a power of two, 1..64; throws Error(bad_input) otherwise.
template <class Run>
inline void with_block_size(int k, const Run& run) {
  switch (k) {
    case 1: run.template operator()<1>(); return;
    case 2: run.template operator()<2>(); return;
    case 4: run.template operator()<4>(); return;
    case 8: run.template operator()<8>(); return;
    case 16: run.template operator()<16>(); return;
    case 32: run.template operator()<32>(); return;
    case 64: run.template operator()<64>(); return;
    default: throw bad_input(fmt::format("block size {} of a transform", k), "use a power of two, 1 to 64");
  }
}

}  // namespace erngen::flow
