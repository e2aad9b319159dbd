// The memory images of a design: program, pass descriptors, weights, biases, peepholes, activation tables.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace erngen {

struct Image {
  std::string name;  ///< without the design's: see image_name()
  std::string text;  ///< one hexadecimal word a line
};

/// The file of an image: two designs' files may lie in one directory.
std::string image_name(const std::string& top, const std::string& image);

/// The Verilog of a top module that finds its images: its parameter list, a local parameter, and an image's file as an
/// expression. IMAGE_DIR is the images' directory; empty: the working directory of the tool.
inline constexpr const char* image_dir_parameter = "#(\n    parameter IMAGE_DIR = \"\"\n) ";
inline constexpr const char* image_dir_slash = "  localparam [7:0] SLASH = (IMAGE_DIR == \"\") ? 8'd0 : \"/\";\n";
std::string image_file(const std::string& top, const std::string& image);

/// Every image of the design, in the order of their names' use. Layouts: units/control_words.hpp (segments, pass
/// descriptors), ern_lane.v (weight words).
std::vector<Image> make_images(const Workload& work, const Plan& plan);

}  // namespace erngen
