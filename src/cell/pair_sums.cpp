#include "cell/pair_sums.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace erngen {
namespace {

constexpr double high_weight = 1 << pair_sum_half_bits;

void portable(const std::int16_t* const (&w)[2], const std::int16_t* factors, int count, int step,
              PairSumsOfRow (&out)[2]) {
  for (int row = 0; row < 2; ++row) {
    std::int32_t sum[pair_sum_factors][pair_sum_pairs] = {};
    for (int i = 0; i < count; ++i) {
      const std::int16_t* const weights = w[row] + i * step;
      const std::int16_t* x = factors + i * pair_sum_factors * step;
      for (int f = 0; f < pair_sum_factors; ++f, x += pair_sum_words)
        for (int n = 0; n < pair_sum_pairs; ++n)
          sum[f][n] += weights[2 * n] * x[2 * n] + weights[2 * n + 1] * x[2 * n + 1];
    }
    for (int operand = 0; operand < 2; ++operand)
      for (int n = 0; n < pair_sum_pairs; ++n)
        out[row][operand][n] = sum[2 * operand][n] * high_weight + sum[2 * operand + 1][n];
  }
}

#if defined(__x86_64__)

// Every x86-64 processor has SSE2: half a vector at a time, all sums in registers.
void sse2(const std::int16_t* const (&w)[2], const std::int16_t* factors, int count, int step,
          PairSumsOfRow (&out)[2]) {
  const auto load = [](const std::int16_t* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); };
  for (int half = 0; half < 2; ++half) {
    __m128i sum[2][pair_sum_factors] = {};
    for (int i = 0; i < count; ++i) {
      const __m128i first = load(w[0] + i * step + 8 * half), second = load(w[1] + i * step + 8 * half);
      for (int f = 0; f < pair_sum_factors; ++f) {
        const __m128i x = load(factors + i * pair_sum_factors * step + f * pair_sum_words + 8 * half);
        sum[0][f] = _mm_add_epi32(sum[0][f], _mm_madd_epi16(first, x));
        sum[1][f] = _mm_add_epi32(sum[1][f], _mm_madd_epi16(second, x));
      }
    }
    const auto combine = [](__m128i high, __m128i low) {
      return _mm_add_pd(_mm_mul_pd(_mm_cvtepi32_pd(high), _mm_set1_pd(high_weight)), _mm_cvtepi32_pd(low));
    };
    for (int row = 0; row < 2; ++row)
      for (int operand = 0; operand < 2; ++operand) {
        const __m128i high = sum[row][2 * operand], low = sum[row][2 * operand + 1];
        double* const at = out[row][operand] + 4 * half;
        _mm_storeu_pd(at, combine(high, low));
        _mm_storeu_pd(at + 2, combine(_mm_srli_si128(high, 8), _mm_srli_si128(low, 8)));
      }
  }
}

// No lambda inside: it would not inherit the target.
__attribute__((target("avx2"))) void avx2(const std::int16_t* const (&w)[2], const std::int16_t* factors, int count,
                                          int step, PairSumsOfRow (&out)[2]) {
  __m256i sum[2][pair_sum_factors] = {};
  for (int i = 0; i < count; ++i) {
    const __m256i first = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w[0] + i * step));
    const __m256i second = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(w[1] + i * step));
    for (int f = 0; f < pair_sum_factors; ++f) {
      const std::int16_t* const at = factors + i * pair_sum_factors * step + f * pair_sum_words;
      const __m256i x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
      sum[0][f] = _mm256_add_epi32(sum[0][f], _mm256_madd_epi16(first, x));
      sum[1][f] = _mm256_add_epi32(sum[1][f], _mm256_madd_epi16(second, x));
    }
  }
  for (int row = 0; row < 2; ++row)
    for (int operand = 0; operand < 2; ++operand) {
      const __m256i high = sum[row][2 * operand], low = sum[row][2 * operand + 1];
      const __m256d high0 = _mm256_cvtepi32_pd(_mm256_castsi256_si128(high));
      const __m256d high1 = _mm256_cvtepi32_pd(_mm256_extracti128_si256(high, 1));
      const __m256d low0 = _mm256_cvtepi32_pd(_mm256_castsi256_si128(low));
      const __m256d low1 = _mm256_cvtepi32_pd(_mm256_extracti128_si256(low, 1));
      const __m256d weight = _mm256_set1_pd(high_weight);
      _mm256_storeu_pd(out[row][operand], _mm256_add_pd(_mm256_mul_pd(high0, weight), low0));
      _mm256_storeu_pd(out[row][operand] + 4, _mm256_add_pd(_mm256_mul_pd(high1, weight), low1));
    }
}

#endif

}  // namespace

PairSums pair_sums(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) return avx2;
  if (set == InstructionSet::sse2) return sse2;
#endif
  (void)set;
  return portable;
}

}  // namespace erngen
