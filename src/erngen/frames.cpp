#include "erngen/frames.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/comparison.hpp"
#include "base/error.hpp"
#include "erngen/convert.hpp"
#include "network/sequence_file.hpp"

namespace erngen {

Frames read_frames(const std::filesystem::path& file) {
  const Sequences x = read_sequences(file);
  return {x.features(), x.lengths(), x.values()};
}

Sequences sequences_of(const Frames& x, const std::string& what) {
  if (x.features < 1 || x.values.size() % static_cast<size_t>(x.features) != 0)
    throw bad_input(fmt::format("{}: {} values are not whole frames of {}", what, x.values.size(), x.features));
  const auto frames = static_cast<int>(x.values.size() / static_cast<size_t>(x.features));
  return {Array{{frames, x.features}, x.values}, x.lengths, what};
}

Frames finished(const Frames& y, const OutputForm& form) {
  Frames result{cut_size(form.cut, y.features), y.lengths, apply_cut(form.cut, y.values, y.features)};
  if (!form.last) return result;
  const auto width = static_cast<std::ptrdiff_t>(result.features);
  std::vector<float> last;
  auto end = result.values.begin();
  for (int& length : result.lengths) {
    end += length * width;
    last.insert(last.end(), end - width, end);
    length = 1;
  }
  result.values = std::move(last);
  return result;
}

Comparison compare_frames(const Frames& y, const Frames& reference) {
  if (y.features != reference.features)
    throw bad_input(
        fmt::format("reference: has {} values a frame, the outputs have {}", reference.features, y.features));
  if (y.lengths != reference.lengths || y.values.size() != reference.values.size())
    throw bad_input(
        fmt::format("reference: has sequences of {} frames, the outputs have {}", reference.lengths, y.lengths));
  return compare(y.values, reference.values, y.features);
}

}  // namespace erngen
