#include "import/keras/weights.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace erngen::keras {
namespace {

Error other_variables(const Layer& layer, size_t found, const std::vector<std::string>& names) {
  return bad_input(
      fmt::format("{}: has {} variables, expected {}: {}", layer.text(), found, names.size(), fmt::join(names, ", ")));
}

/// "TimeDistributed" as "time_distributed", "LSTM" as "lstm", "SimpleRNN" as "simple_rnn".
std::string snake_case(const std::string& name) {
  std::string result;
  const auto upper = [&](size_t n) { return n < name.size() && std::isupper(static_cast<unsigned char>(name[n])); };
  const auto lower = [&](size_t n) { return n < name.size() && std::islower(static_cast<unsigned char>(name[n])); };
  for (size_t n = 0; n < name.size(); ++n) {
    if (n > 0 && upper(n) && (lower(n - 1) || lower(n + 1))) result += '_';
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(name[n])));
  }
  return result;
}

class ArchiveWeights : public Weights {
 public:
  ArchiveWeights(const Hdf5& file, const Model& model) : file_(file) {
    // Newer files name each layer; in older ones the layers of a class are numbered.
    std::map<std::string, std::string> by_name;
    if (file_.has("layers"))
      for (const std::string& group : file_.names("layers")) {
        const std::string path = "layers/" + group;
        if (!file_.has(path + "/vars")) continue;
        const auto name = file_.texts(path + "/vars", "name");
        if (name && name->size() == 1) by_name[name->front()] = path;
      }
    std::map<std::string, int> count;
    for (const Layer& layer : model.layers) {
      if (layer.operation) continue;
      const std::string stem = "layers/" + snake_case(layer.class_name);
      const int number = count[stem]++;
      const std::string numbered = number ? fmt::format("{}_{}", stem, number) : stem;
      const auto named = by_name.find(layer.name);
      paths_[layer.name] = named == by_name.end() ? numbered : named->second;
    }
  }

  std::vector<Tensor> read(const Layer& layer, const std::string& part,
                           const std::vector<std::string>& names) const override {
    const std::string group = paths_.at(layer.name) + (part.empty() ? "" : "/" + part) + "/vars";
    if (!file_.has(group)) throw bad_input(fmt::format("{}: its weights {} are missing", layer.text(), group));
    if (const size_t found = file_.names(group).size(); found != names.size())
      throw other_variables(layer, found, names);
    std::vector<Tensor> variables;
    for (size_t n = 0; n < names.size(); ++n) variables.push_back(file_.read(fmt::format("{}/{}", group, n)));
    return variables;
  }

 private:
  const Hdf5& file_;
  std::map<std::string, std::string> paths_;
};

class WholeFileWeights : public Weights {
 public:
  explicit WholeFileWeights(const Hdf5& file) : file_(file) {}

  std::vector<Tensor> read(const Layer& layer, const std::string& part,
                           const std::vector<std::string>& names) const override {
    const std::string group = "model_weights/" + layer.name;
    if (!file_.has(group)) throw bad_input(fmt::format("{}: its weights {} are missing", layer.text(), group));
    std::vector<std::string> paths = weight_names(group);
    // "bidirectional/forward_lstm/lstm_cell/kernel:0": the layers of both directions have their names behind these.
    for (const std::string direction : {"forward_", "backward_"})
      if (part.starts_with(direction))
        std::erase_if(paths, [&](const std::string& path) { return path.find("/" + direction) == std::string::npos; });
    if (paths.size() != names.size()) throw other_variables(layer, paths.size(), names);
    std::vector<Tensor> variables;
    for (const std::string& name : names) {
      const auto found = std::ranges::find_if(paths, [&](const std::string& path) { return leaf(path) == name; });
      if (found == paths.end())
        throw bad_input(fmt::format("{}: has no variable {} but {}", layer.text(), name, fmt::join(paths, ", ")));
      variables.push_back(file_.read(group + "/" + *found));
    }
    return variables;
  }

 private:
  /// "gru/gru_cell/kernel:0" is called kernel.
  static std::string leaf(const std::string& path) {
    const size_t slash = path.rfind('/');
    const std::string last = path.substr(slash == std::string::npos ? 0 : slash + 1);
    return last.substr(0, last.find(':'));
  }

  /// The list may be cut into weight_names0, weight_names1, ...: an attribute holds 64 KiB.
  std::vector<std::string> weight_names(const std::string& group) const {
    if (const auto whole = file_.texts(group, "weight_names")) return *whole;
    std::vector<std::string> all;
    for (int n = 0;; ++n) {
      const auto part = file_.texts(group, fmt::format("weight_names{}", n));
      if (!part) return all;
      all.insert(all.end(), part->begin(), part->end());
    }
  }

  const Hdf5& file_;
};

}  // namespace

std::unique_ptr<Weights> archive_weights(const Hdf5& file, const Model& model) {
  return std::make_unique<ArchiveWeights>(file, model);
}

std::unique_ptr<Weights> whole_file_weights(const Hdf5& file) { return std::make_unique<WholeFileWeights>(file); }

}  // namespace erngen::keras
