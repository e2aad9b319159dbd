// Test only: packed spectra by FFTW, the oracle that nobody here wrote.
#pragma once

#include <vector>

#include <fftw3.h>

namespace erngen {

/// The packed spectrum of x[k]. FFTW's half-complex order is r0, r1, ..., r(k/2), i(k/2 - 1), ..., i1.
inline std::vector<double> fftw_packed_spectrum(const double* x, int k) {
  std::vector<double> in(x, x + k), half(k), packed(k);
  const fftw_plan plan = fftw_plan_r2r_1d(k, in.data(), half.data(), FFTW_R2HC, FFTW_ESTIMATE);
  in.assign(x, x + k);  // planning may overwrite
  fftw_execute(plan);
  fftw_destroy_plan(plan);
  packed[0] = half[0];
  if (k > 1) packed[1] = half[k / 2];
  for (int b = 1; b < k / 2; ++b) {
    packed[2 * b] = half[b];
    packed[2 * b + 1] = half[k - b];
  }
  return packed;
}

}  // namespace erngen
