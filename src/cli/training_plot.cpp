#include "cli/training_plot.hpp"

#include <map>
#include <sstream>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "cli/svg_chart.hpp"

namespace erngen::cli {

std::string training_plot(const std::string& log_file) {
  std::istringstream lines(read_file(log_file));
  std::vector<std::string> stages;
  std::map<std::string, Series> loss;
  Series error{"", {}}, primal{"primal residual", {}}, dual{"dual residual", {}}, distance{"|D| / |W|", {}},
      rho{"", {}}, ratio{"", {}};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const Json j = parse_json(line, fmt::format("{}: line {}", log_file, number));
    const std::string stage = j.value("stage", "");
    const double step = j.value("step", 0.0);
    if (!loss.contains(stage)) stages.push_back(stage);
    loss[stage].name = stage;
    loss[stage].points.emplace_back(step, j.value("loss", 0.0));
    if (j.contains("error_rate")) error.points.emplace_back(step, 100 * j.value("error_rate", 0.0));
    if (j.contains("primal_residual")) {
      primal.points.emplace_back(step, j.value("primal_residual", 0.0));
      dual.points.emplace_back(step, j.value("dual_residual", 0.0));
      distance.points.emplace_back(step, j.value("distance", 0.0));
      rho.points.emplace_back(step, j.value("rho", 0.0));
      ratio.points.emplace_back(step, j.value("loss_ratio", 0.0));
    }
  }
  Chart losses{"step", "loss", {}, true};
  for (const std::string& stage : stages) losses.series.push_back(loss[stage]);
  return svg_charts({losses,
                     {"step", "validation error, %", {error}},
                     {"step", "residual", {primal, dual, distance}, true},
                     {"step", "rho", {rho}, true},
                     {"step", "loss over the dense loss", {ratio}}});
}

}  // namespace erngen::cli
