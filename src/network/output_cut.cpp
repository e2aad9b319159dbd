#include "network/output_cut.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

const char* cut_name(OutputCut cut) {
  switch (cut) {
    case OutputCut::softmax: return "softmax";
    case OutputCut::log_softmax: return "log_softmax";
    case OutputCut::argmax: return "argmax";
    default: return "none";
  }
}

OutputCut output_cut(const nlohmann::ordered_json& metadata) {
  const auto output = metadata.find("output");
  if (output == metadata.end() || !output->is_object() || !output->contains("cut")) return OutputCut::none;
  for (const OutputCut cut : {OutputCut::softmax, OutputCut::log_softmax, OutputCut::argmax})
    if ((*output)["cut"] == cut_name(cut)) return cut;
  throw bad_input(
      fmt::format("metadata.output.cut is {}, not softmax, log_softmax or argmax", (*output)["cut"].dump()));
}

int cut_size(OutputCut cut, int outputs) { return cut == OutputCut::argmax ? 1 : outputs; }

std::vector<float> apply_cut(OutputCut cut, std::span<const float> y, int outputs) {
  std::vector<float> result(y.begin(), y.end());
  if (cut == OutputCut::none) return result;
  std::vector<float> classes;
  for (size_t at = 0; at < result.size(); at += static_cast<size_t>(outputs)) {
    const std::span<float> frame(result.data() + at, static_cast<size_t>(outputs));
    const auto greatest = std::ranges::max_element(frame);
    classes.push_back(static_cast<float>(greatest - frame.begin()));
    const double shift = *greatest;
    double sum = 0;
    for (const float v : frame) sum += std::exp(v - shift);
    for (float& v : frame)
      v = static_cast<float>(cut == OutputCut::softmax ? std::exp(v - shift) / sum : v - shift - std::log(sum));
  }
  return cut == OutputCut::argmax ? classes : result;
}

}  // namespace erngen
