#include "train/checkpoint.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "network/safetensors.hpp"

namespace erngen {
namespace {

constexpr const char* format = "erngen-training";
constexpr const char* way_out = "give another --checkpoint, or remove this file to start anew";

const std::string& need(const TensorFile& contents, const char* key, const std::string& file) {
  const std::string* value = contents.find_metadata(key);
  if (!value) throw bad_input(fmt::format("{}: is not a checkpoint of erngen train: no {}", file, key), way_out);
  return *value;
}

}  // namespace

const std::vector<torch::Tensor>& Checkpoint::at(const std::string& name) const {
  const auto found =
      std::find_if(tensors.begin(), tensors.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == tensors.end()) throw bad_input(fmt::format("checkpoint: there are no tensors \"{}\"", name), way_out);
  return found->second;
}

void write_checkpoint(const Checkpoint& checkpoint, const std::string& identity, const std::filesystem::path& file) {
  TensorFile contents;
  Json counts = Json::object();
  for (const auto& [name, list] : checkpoint.tensors) {
    counts[name] = list.size();
    for (size_t n = 0; n < list.size(); ++n) {
      const torch::Tensor plain = list[n].detach().contiguous();
      const float* values = plain.data_ptr<float>();
      contents.add(fmt::format("{}.{}", name, n), {plain.sizes().begin(), plain.sizes().end()},
                   std::vector<float>(values, values + plain.numel()));
    }
  }
  contents.metadata = {
      {"format", format}, {"identity", identity}, {"lists", counts.dump()}, {"numbers", checkpoint.numbers.dump()}};
  write_safetensors(contents, file);
}

Checkpoint read_checkpoint(const std::filesystem::path& file, const std::string& identity) {
  const std::string name = file.string();
  const TensorFile contents = read_safetensors(file);
  if (need(contents, "format", name) != format)
    throw bad_input(fmt::format("{}: is not a checkpoint of erngen train", name), way_out);
  if (need(contents, "identity", name) != identity)
    throw bad_input(fmt::format("{}: is the checkpoint of a run with other options, data or start", name), way_out);
  Checkpoint checkpoint;
  checkpoint.numbers = parse_json(need(contents, "numbers", name), name);
  const Json lists = parse_json(need(contents, "lists", name), name);
  for (const auto& [list, count] : lists.items()) {
    std::vector<torch::Tensor> tensors;
    for (size_t n = 0; n < count.get<size_t>(); ++n) {
      const Tensor* tensor = contents.find(fmt::format("{}.{}", list, n));
      if (!tensor || !tensor->is_float())
        throw bad_input(fmt::format("{}: the tensor {}.{} is missing", name, list, n), way_out);
      const auto& values = std::get<std::vector<float>>(tensor->values);
      tensors.push_back(
          torch::tensor(values).reshape(std::vector<std::int64_t>(tensor->shape.begin(), tensor->shape.end())));
    }
    checkpoint.tensors.emplace_back(list, std::move(tensors));
  }
  return checkpoint;
}

}  // namespace erngen
