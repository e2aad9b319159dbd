// Training on .npz files: features [sequences, frames, features], lengths [sequences], labels [sequences, most labels]
// (CTC, padded with 0) or [sequences, frames] (frames, negative: no label); optionally classes, one number.
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "train/finite_data.hpp"
#include "base/npz.hpp"

namespace erngen {
namespace {

using Arrays = std::map<std::string, Array>;

const Array& need(const Arrays& arrays, const char* name, size_t dimensions, const std::string& file) {
  const auto found = arrays.find(name);
  if (found == arrays.end())
    throw bad_input(fmt::format("{}: has no array \"{}\"", file, name),
                    "write it with numpy.savez(FILE, features=X, lengths=N, labels=Y)");
  if (found->second.shape.size() != dimensions)
    throw bad_input(fmt::format("{}: \"{}\" has the shape {}, {} dimensions are expected", file, name,
                                found->second.shape, dimensions));
  return found->second;
}

int whole(float value, const std::string& what) {
  const int result = static_cast<int>(value);
  if (static_cast<float>(result) != value) throw bad_input(fmt::format("{} is {}, not a whole number", what, value));
  return result;
}

struct Examples {
  std::vector<Example> list;
  std::vector<std::string> names;
  int width = 0;
  int classes = 0;  ///< as the file says, or the highest label and one more
};

Examples read_examples(const std::filesystem::path& path, Loss loss) {
  const std::string file = path.string();
  const Arrays arrays = read_npz(path);
  const Array& x = need(arrays, "features", 3, file);
  const Array& lengths = need(arrays, "lengths", 1, file);
  const Array& labels = need(arrays, "labels", 2, file);
  const int count = x.shape[0], most = x.shape[1];
  if (lengths.shape[0] != count || labels.shape[0] != count)
    throw bad_input(fmt::format("{}: {} sequences of features, {} lengths, {} rows of labels", file, count,
                                lengths.shape[0], labels.shape[0]));
  if (loss == Loss::frames && labels.shape[1] != most)
    throw bad_input(fmt::format("{}: {} labels a sequence for {} frames", file, labels.shape[1], most),
                    "the loss of frames needs a label for each");
  Examples result;
  result.width = x.shape[2];
  if (count == 0 || result.width == 0)
    throw bad_input(fmt::format("{}: \"features\" of shape {} are empty", file, x.shape));
  for (int n = 0; n < count; ++n) {
    const std::string name = fmt::format("{}: sequence {}", file, n);
    const int frames = whole(lengths.values[static_cast<size_t>(n)], name + ": the length");
    if (frames < 1 || frames > most)
      throw bad_input(fmt::format("{}: the length {} is not in 1..{}", name, frames, most));
    Example e;
    const auto first = x.values.begin() + static_cast<std::ptrdiff_t>(n) * most * result.width;
    e.features = {{frames, result.width}, {first, first + static_cast<std::ptrdiff_t>(frames) * result.width}};
    const auto row = labels.values.begin() + static_cast<std::ptrdiff_t>(n) * labels.shape[1];
    for (int i = 0; i < (loss == Loss::frames ? frames : labels.shape[1]); ++i) {
      const int label = whole(row[i], fmt::format("{}: label {}", name, i));
      if (loss == Loss::frames)
        e.targets.push_back(label < 0 ? no_target : label);
      else if (label != 0)
        e.labels.push_back(label);
      result.classes = std::max(result.classes, label + 1);
    }
    result.list.push_back(std::move(e));
    result.names.push_back(name);
  }
  if (arrays.contains("classes")) {
    const Array& classes = arrays.at("classes");
    if (classes.size() != 1) throw bad_input(fmt::format("{}: \"classes\" must be one number", file));
    const int said = whole(classes.values[0], file + ": \"classes\"");
    if (said < result.classes)
      throw bad_input(fmt::format("{}: a label is {}, but \"classes\" is {}", file, result.classes - 1, said));
    result.classes = said;
  }
  if (result.classes < 2 || result.classes > 65536)
    throw bad_input(fmt::format("{}: {} classes are not 2..65536", file, result.classes));
  return result;
}

}  // namespace

std::unique_ptr<TrainingData> open_npz(const TrainOptions& options) {
  Examples training = read_examples(options.data.path, options.loss);
  FiniteSet set;
  set.inputs = training.width;
  set.labels = {"<blank>"};
  for (int c = 1; c < training.classes; ++c) set.labels.push_back(std::to_string(c));
  set.training = std::move(training.list);
  set.names = std::move(training.names);
  if (!options.data.validation.empty()) {
    Examples validation = read_examples(options.data.validation, options.loss);
    const std::string file = options.data.validation.string();
    if (validation.width != set.inputs)
      throw bad_input(fmt::format("{}: has {} features, the training data {}", file, validation.width, set.inputs));
    if (validation.classes > training.classes)
      throw bad_input(
          fmt::format("{}: has {} classes, the training data {}", file, validation.classes, training.classes),
          "give the training file an array \"classes\" with the right number");
    set.validation = std::move(validation.list);
    set.names.insert(set.names.end(), validation.names.begin(), validation.names.end());
  }
  return open_finite(std::move(set), options);
}

}  // namespace erngen
