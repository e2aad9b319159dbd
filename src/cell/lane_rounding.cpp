#include "cell/lane_rounding.hpp"

#include "fixed/exact_double.hpp"

namespace erngen {
namespace {

/// `rounds`: shift > 0; see round_scaled(). One word after the other, so that compilers find vectors of any width.
template <bool rounds>
[[gnu::always_inline]] inline std::int64_t round_words(double* x, int count, int shift, int width) {
  const double scale = power_of_two(-shift), nudge = power_of_two(-shift - 2);
  const double most = power_of_two(width - 1) - 1, least = -most - 1;
  std::int64_t beyond = 0;
  for (int n = 0; n < count; ++n) {
    double v = x[n] * scale;
    if (rounds) v = (v + nudge + exact_double_magic) - exact_double_magic;
    const double top = v > most ? most : v, limited = top < least ? least : top;
    beyond += limited != v;
    x[n] = limited;
  }
  return beyond;
}

std::int64_t portable(double* x, int count, int shift, int width) {
  return shift > 0 ? round_words<true>(x, count, shift, width) : round_words<false>(x, count, shift, width);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) std::int64_t avx2(double* x, int count, int shift, int width) {
  return shift > 0 ? round_words<true>(x, count, shift, width) : round_words<false>(x, count, shift, width);
}
#endif

}  // namespace

std::int64_t round_and_saturate(Lanes* x, int count, int shift, int width, [[maybe_unused]] InstructionSet set) {
  double* const words = reinterpret_cast<double*>(x);  // vectors may be read as what they are made of
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) return avx2(words, count * lane_count, shift, width);
#endif
  return portable(words, count * lane_count, shift, width);
}

}  // namespace erngen
