// The plot of a training log.
#pragma once

#include <string>

namespace erngen::cli {

/// An SVG of loss, validation error and ADMM's residuals over the steps, from the JSON lines of `log`.
/// Throws Error(bad_input) naming the line that is damaged.
std::string training_plot(const std::string& log_file);

}  // namespace erngen::cli
