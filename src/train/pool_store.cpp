#include "train/pool_store.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fingerprint.hpp"
#include "network/safetensors.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

constexpr const char* way_out = "remove this file, it will be made again";

/// Calls f(name, list) for the lists of whole numbers of a batch.
template <class B, class F>
void for_each_list(B& batch, F&& f) {
  f("lengths", batch.lengths);
  f("labels", batch.labels);
  f("label_counts", batch.label_counts);
  f("targets", batch.targets);
  f("places", batch.places);
}

std::string pool_bytes(const std::vector<Batch>& pool) {
  TensorFile contents;
  contents.metadata = {{"format", "erngen-pool"}, {"batches", std::to_string(pool.size())}};
  for (size_t n = 0; n < pool.size(); ++n) {
    const Batch& batch = pool[n];
    contents.add(fmt::format("{}.features", n), {static_cast<int>(batch.rows()), batch.width}, batch.features);
    for_each_list(batch, [&](const char* name, const auto& list) {
      contents.add(fmt::format("{}.{}", n, name), {static_cast<int>(list.size())},
                   std::vector<std::int32_t>(list.begin(), list.end()));
    });
  }
  return safetensors_bytes(contents);
}

const Tensor& need(const TensorFile& contents, const std::string& name, bool floats, const fs::path& file) {
  const Tensor* tensor = contents.find(name);
  if (!tensor || tensor->is_float() != floats)
    throw bad_input(fmt::format("{}: the tensor {} is missing", file.string(), name), way_out);
  return *tensor;
}

std::vector<Batch> read_pool(const fs::path& file) {
  const TensorFile contents = read_safetensors(file);
  const std::string* count = contents.find_metadata("batches");
  if (!count) throw bad_input(fmt::format("{}: is not a pool of training batches", file.string()), way_out);
  std::vector<Batch> pool(std::stoul(*count));
  for (size_t n = 0; n < pool.size(); ++n) {
    const Tensor& features = need(contents, fmt::format("{}.features", n), true, file);
    pool[n].width = features.shape.at(1);
    pool[n].features = std::get<std::vector<float>>(features.values);
    for_each_list(pool[n], [&](const char* name, auto& list) {
      const auto& values =
          std::get<std::vector<std::int32_t>>(need(contents, fmt::format("{}.{}", n, name), false, file).values);
      list.assign(values.begin(), values.end());
    });
  }
  return pool;
}

class StoredData : public TrainingData {
 public:
  StoredData(std::unique_ptr<TrainingData> data, fs::path folder)
      : data_(std::move(data)), folder_(std::move(folder)) {}

  int inputs() const override { return data_->inputs(); }
  const std::vector<std::string>& labels() const override { return data_->labels(); }
  Json metadata() const override { return data_->metadata(); }
  int epoch_batches() const override { return data_->epoch_batches(); }
  const std::vector<Example>& validation() const override { return data_->validation(); }
  std::string summary() const override { return data_->summary(); }
  int scored_class(int c) const override { return data_->scored_class(c); }

  std::vector<Batch> pool(int index) const override {
    const fs::path file = folder_ / fmt::format("{:06d}.safetensors", index);
    if (fs::exists(file)) return read_pool(file);
    std::vector<Batch> pool = data_->pool(index);
    write_file_atomically(file, pool_bytes(pool), Sync::none);
    return pool;
  }

 private:
  std::unique_ptr<TrainingData> data_;
  fs::path folder_;
};

}  // namespace

std::unique_ptr<TrainingData> with_pool_store(std::unique_ptr<TrainingData> data, const fs::path& folder,
                                              const TrainOptions& options) {
  Json paths{options.data.path.string()};
  for (const fs::path& extra : options.data.extra) paths.push_back(extra.string());
  const Json recipe = recipe_json(options);
  const Json identity{{"paths", paths},
                      {"data", recipe.at("data")},
                      {"loss", recipe.at("loss")},  // .npz labels are read by the loss
                      {"labels", data->labels()},
                      {"seed", options.seed},
                      {"batch", options.batch},
                      {"metadata", data->metadata()}};
  const fs::path mine = folder / fingerprint(identity.dump());
  std::error_code error;
  fs::create_directories(mine, error);
  if (error)
    throw Error(ExitCode::output, fmt::format("{}: cannot make the directory: {}", mine.string(), error.message()));
  return std::make_unique<StoredData>(std::move(data), mine);
}

}  // namespace erngen
