// How far outputs are from those of a model that the user trusts.
#pragma once

#include <cstddef>
#include <optional>

namespace erngen {

struct Comparison {
  size_t frames = 0;
  int outputs = 0;         ///< of a frame
  double max_error = 0;    ///< largest |y - reference|
  size_t worst_frame = 0;  ///< where it is, of all frames one after another
  int worst_output = 0;
  double max_reference = 0;         ///< largest |reference|
  double sqnr_db = 0;               ///< power of the reference over that of the error; infinite without an error
  std::optional<double> agreement;  ///< frames whose largest output (the first of equals, as numpy.argmax) is the same
                                    ///< one, over all frames; only of several outputs
};

}  // namespace erngen
