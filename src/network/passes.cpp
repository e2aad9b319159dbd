#include "network/passes.hpp"

#include <algorithm>

namespace erngen {
namespace {

/// Calls visit(n, the frame of step t, that of step T - 1 - t) for each step of all sequences, n counting from 0.
template <class Visit>
void for_each_step(const std::vector<int>& lengths, Visit&& visit) {
  size_t first = 0;
  for (const int length : lengths) {
    const auto count = static_cast<size_t>(length);
    for (size_t t = 0; t < count; ++t) visit(first + t, first + count - 1 - t);
    first += count;
  }
}

}  // namespace

Sequences frames_of_pass(const Network& network, const Sequences& x, std::span<const float> outputs) {
  if (!network.needs_whole_sequences()) return x;
  const auto width = static_cast<size_t>(network.frame_size());
  const auto features = static_cast<size_t>(x.features()), given = static_cast<size_t>(network.output_elements());
  const std::vector<int> offsets = network.frame_offsets();
  std::vector<float> frames(x.frames() * width);
  for_each_step(x.lengths(), [&](size_t step, size_t other) {
    for (size_t p = 0; p < network.frame.size(); ++p) {
      const FramePart& part = network.frame[p];
      const size_t from = part.mirrored ? other : step;
      const bool of_input = part.output == FramePart::of_input;
      if (!of_input && outputs.empty()) continue;
      const auto values = of_input ? std::span(x.values()).subspan(from * features, features)
                                   : outputs.subspan(from * given + static_cast<size_t>(part.output));
      std::copy_n(values.begin(), part.size,
                  frames.begin() + static_cast<std::ptrdiff_t>(step * width + static_cast<size_t>(offsets[p])));
    }
  });
  return x.with(std::move(frames), static_cast<int>(width));
}

std::vector<float> result_of(const Network& network, const std::vector<int>& lengths, std::span<const float> outputs) {
  if (network.result.empty()) return {outputs.begin(), outputs.end()};
  const auto given = static_cast<size_t>(network.output_elements()), width = static_cast<size_t>(network.output());
  std::vector<float> result(outputs.size() / given * width);
  for_each_step(lengths, [&](size_t step, size_t other) {
    auto to = result.begin() + static_cast<std::ptrdiff_t>(step * width);
    for (const ResultPart& part : network.result) {
      for (const auto& [output, mirrored] : part.sum) {
        const auto values = outputs.subspan((mirrored ? other : step) * given + static_cast<size_t>(output));
        for (std::ptrdiff_t n = 0; n < part.size; ++n) to[n] += values[static_cast<size_t>(n)];
      }
      to += part.size;
    }
  });
  return result;
}

Sequences frames_of_last_pass(const Network& network, const Sequences& x,
                              const std::function<std::vector<float>(const Sequences& frames)>& run) {
  Sequences frames = frames_of_pass(network, x, {});
  for (int pass = 1, passes = network.passes(); pass < passes; ++pass) frames = frames_of_pass(network, x, run(frames));
  return frames;
}

}  // namespace erngen
