// The smallest widths that keep a network's outputs within an error on given data.
#pragma once

#include <string>
#include <vector>

#include "cell/quantiser.hpp"

namespace erngen {

/// One quantisation that was tried.
struct WidthPoint {
  int weight_width = 0;
  int activation_width = 0;
  double sqnr_db = 0;  ///< of the network's outputs, see SignalReport
};

/// One matrix family with fewer bits than the others.
struct MatrixWidth {
  std::string family;  ///< "layers.0.recurrent"
  int width = 0;       ///< the smallest that keeps the bound while the other families have the network's width
  std::vector<WidthPoint> curve;  ///< of it alone, from the network's width down to the first that fails
};

struct WidthSearch {
  int weight_width = 0, activation_width = 0;  ///< the fewest bits together; between equals, fewer activation bits
  double sqnr_db = 0;
  Precision precision;            ///< of these widths, with which the matrices were tried
  std::vector<WidthPoint> tried;  ///< by activation width, then weight width
  std::vector<MatrixWidth> matrices;
  std::vector<std::pair<std::string, int>> together;  ///< widths of all families at once that keep the bound
  double together_sqnr_db = 0;
};

struct WidthSearchOptions {
  double min_sqnr_db = 30;
  int smallest = 4, largest = 18;  ///< of both widths
  QuantiseOptions quantise;        ///< all but the widths
};

/// Finds the smallest activation width with the widest weights, then for it and wider ones the smallest weights, as
/// long as that can still be fewer bits together; then each matrix family's own smallest width, and all families
/// reduced together, the least sensitive first. Error grows with fewer bits up to rounding noise; every width named was
/// tried. Throws Error(capacity) if the widest formats do not keep the bound, naming what they reach; as quantise()
/// otherwise.
WidthSearch search_widths(const Network& network, const Sequences& calibration, const WidthSearchOptions& options);

}  // namespace erngen
