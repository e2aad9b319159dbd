// Cases of the lanes by Winograd's inner product and of ern_correction.
#pragma once

#include "lattice.hpp"

namespace erngen::lattice {

/// With `few` a case of each, to try mutants on.
void add_winograd_cases(Cases& cases, bool few);

}  // namespace erngen::lattice
