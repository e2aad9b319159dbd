#include "spectral/twiddle.hpp"

#include <fmt/format.h>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace erngen {

std::string twiddle_parameter(int K) {
  if (!is_power_of_two(K) || K < 2 || K > max_block_size)
    throw bad_input(fmt::format("K = {} words of a transform unit", K), "use a power of two, 2 to 64");
  std::string literal = fmt::format("{}'h", 16 * (K / 4 + 1));
  for (int n = K / 4; n >= 0; --n) literal += fmt::format("{:04x}", twiddle(n, K).c);
  return literal;
}

}  // namespace erngen
