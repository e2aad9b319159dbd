// The integer rotation inside the fixed transforms.
#pragma once

#include <cstdint>
#include <utility>

#include "fixed/fixed.hpp"
#include "spectral/twiddle.hpp"

namespace erngen {

/// rotate((re, im): w bits, b/m) -> (round_shift(re C + im S, 15), round_shift(im C - re S, 15)).
/// T holds the result; the products are formed in 64 bits. required: w <= 46.
struct ForwardRotation {
  template <class T>
  std::pair<T, T> operator()(T re, T im, int b, int m) const {
    const Twiddle t = twiddle(b, m);
    const std::int64_t r = re, i = im;
    return {static_cast<T>(round_shift(r * t.c + i * t.s, twiddle_fraction)),
            static_cast<T>(round_shift(i * t.c - r * t.s, twiddle_fraction))};
  }
};

/// The same by e^(+2 pi i b / m): (round_shift(re C - im S, 15), round_shift(im C + re S, 15)).
struct InverseRotation {
  template <class T>
  std::pair<T, T> operator()(T re, T im, int b, int m) const {
    const Twiddle t = twiddle(b, m);
    const std::int64_t r = re, i = im;
    return {static_cast<T>(round_shift(r * t.c - i * t.s, twiddle_fraction)),
            static_cast<T>(round_shift(i * t.c + r * t.s, twiddle_fraction))};
  }
};

}  // namespace erngen
