// Masks on features, as in SpecAugment (Park et al. 2019): stretches of time and of frequency become zero. No libtorch.
#pragma once

#include "base/npy.hpp"
#include "base/random.hpp"
#include "speech/frontend_config.hpp"

namespace erngen {

struct FeatureMasks {
  int count = 2;    ///< of either kind in an utterance
  int bands = 4;    ///< a frequency mask is 0 to this many neighbouring bands wide
  int vectors = 3;  ///< a time mask is 0 to this many neighbouring vectors long
};

/// Puts masks of random place and size on normalised features [vectors, features], whose mean is 0. A band is masked in
/// all differences and stacked frames. required: log-mel features, bands at most their number.
void mask_features(Array& x, const FeatureMasks& masks, const FrontendConfig& config, Rng& rng);

}  // namespace erngen
