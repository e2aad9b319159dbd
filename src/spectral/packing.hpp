// Packed spectra of real vectors, in double precision.
//
// The spectrum X[b] = sum_n x[n] e^(-2 pi i b n / k) of k real numbers is conjugate-symmetric and real at the
// bins 0 and k/2, so k real words hold it: [X0, X(k/2), Re X1, Im X1, Re X2, Im X2, ...].
#pragma once

namespace erngen {

/// True when words 2 j and 2 j + 1 of a packed spectrum are one complex bin; pair 0 is two real bins.
/// In a row of several packed spectra of k words, j counts pairs from the first word of the row.
constexpr bool is_complex_pair(int j, int k) { return k >= 4 && j % (k / 2) != 0; }

/// out[k] = packed spectrum of x[k]; out may be x. Error(bad_input) unless k is a power of two, 1..64.
void packed_spectrum(const double* x, double* out, int k);

/// out[k] = the real vector whose packed spectrum is x[k] (with the factor 1/k); out may be x.
void inverse_packed_spectrum(const double* x, double* out, int k);

/// acc[k] += the packed spectrum whose bins are the products of those of a[k] and b[k]: the circulant
/// product in the frequency domain. Any number type; k a power of two.
template <class T, class Acc>
void accumulate_packed_product(const T* a, const T* b, Acc* acc, int k) {
  acc[0] += Acc{a[0]} * b[0];
  if (k == 1) return;
  acc[1] += Acc{a[1]} * b[1];
  for (int i = 2; i < k; i += 2) {
    acc[i] += Acc{a[i]} * b[i] - Acc{a[i + 1]} * b[i + 1];
    acc[i + 1] += Acc{a[i]} * b[i + 1] + Acc{a[i + 1]} * b[i];
  }
}

}  // namespace erngen
