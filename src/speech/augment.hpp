// Changes of a recording that keep what was said: speed, colour, level, noise.
#pragma once

#include "base/random.hpp"
#include "speech/audio.hpp"

namespace erngen {

/// Plays the samples `factor` times as fast (pitch and formants move with it), by band-limited interpolation with a
/// Hann-windowed sinc of 16 samples each side, cut off at the lower of the two Nyquist frequencies. required: 0.25 <=
/// factor <= 4.
Audio change_speed(const Audio& audio, double factor);

/// y[n] = x[n] + a x[n-1]: a tilt of the spectrum by (1+a)/(1-a) between 0 Hz and half the sample rate.
void tilt(Audio& audio, double a);

void amplify(Audio& audio, double factor);

/// Adds white Gaussian noise of this standard deviation (full scale 1).
void add_noise(Audio& audio, double deviation, Rng& rng);

/// Root of the mean square; 0 for no samples.
double rms(const Audio& audio);

}  // namespace erngen
