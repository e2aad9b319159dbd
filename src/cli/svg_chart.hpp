// Small charts as SVG text: lines or labelled points over linear or logarithmic axes, one panel below the other.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace erngen::cli {

struct Series {
  std::string name;                               ///< in the legend; empty: none
  std::vector<std::pair<double, double>> points;  ///< x, y
  std::vector<std::string> labels = {};  ///< one a point, or none: with labels the points are marks without a line
};

struct Chart {
  std::string x_title, y_title;
  std::vector<Series> series;
  bool log_y = false;  ///< points that are not positive are left out
  double y_limit = 0;  ///< a dashed horizontal line, unless 0
};

/// The charts as one drawing. The same charts give the same bytes. Charts without a point are left out.
std::string svg_charts(const std::vector<Chart>& charts);

}  // namespace erngen::cli
