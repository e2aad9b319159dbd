#include "train/trainer.hpp"

#include <malloc.h>

#include <optional>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "network/network_file.hpp"
#include "train/pool_store.hpp"
#include "train/run.hpp"

/// Of OpenBLAS, where libtorch's BLAS is that one. Its threads are its own: at::set_num_threads() does not reach them,
/// and where others use the cores, too, they wait for each other most of the time. (One thread asked for, beside two
/// busy processes on two cores: 13,500 frames a second with this call, 1,200 to 2,000 without.)
extern "C" __attribute__((weak)) void openblas_set_num_threads(int);

namespace erngen {
namespace {

/// The network that the run starts from, with its metadata.
Network first_network(const TrainOptions& options, const TrainingData& data, const Network* start) {
  Network network;
  if (start) {
    network = *start;
    if (network.metadata.contains("labels") ? network.metadata["labels"] != Json(data.labels())
                                            : network.output() != static_cast<int>(data.labels().size()))
      throw bad_input(
          fmt::format("{}: has other output classes than the data's {}", options.start.string(), data.labels().size()),
          "start from a network that was trained on such data, or from random weights");
    if (network.input() != data.inputs())
      throw bad_input(fmt::format("{}: reads {} features, the data have {}", options.start.string(), network.input(),
                                  data.inputs()));
  } else {
    NetworkShape shape = options.shape;
    shape.input = data.inputs();
    shape.dense = static_cast<int>(data.labels().size());
    shape.seed = options.seed;
    if (options.method != Method::direct) {
      shape.block.all = {1, 1, 1, 1};
      shape.block.layers.clear();
    }
    network = random_network(shape);
    const Json metadata = data.metadata();
    for (const auto& [key, value] : metadata.items()) network.metadata[key] = value;
  }
  network.metadata["labels"] = data.labels();
  network.metadata["recipe"] = recipe_json(options);
  return network;
}

}  // namespace

Network train(const TrainOptions& given, const std::function<void(const TrainProgress&)>& report) {
  given.validate();
  TrainOptions options = given;
#ifdef M_MMAP_THRESHOLD  // glibc: every step's large tensors come from the same memory again instead of fresh pages of
                         // the system
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
  at::set_num_threads(options.threads);
  if (openblas_set_num_threads) openblas_set_num_threads(options.threads);
  at::globalContext().setDeterministicAlgorithms(true, true);
  std::optional<Network> start;
  if (!options.start.empty()) start = read_network(options.start);
  auto data = open_training_data(options, start ? &start->metadata : nullptr);
  if (!options.pools.empty() && options.data.kind != DataKind::speech)  // which keeps features
    data = with_pool_store(std::move(data), options.pools, options);
  if (report && !data->summary().empty()) {
    TrainProgress p;
    p.note = data->summary();
    report(p);
  }
  if (options.epochs > 0) {
    if (data->epoch_batches() == 0)
      throw Error(ExitCode::usage, "training: digit utterances are made anew for ever, so there are no epochs",
                  "give --steps instead");
    options.steps = options.epochs * data->epoch_batches();
  }
  TrainingRun run(options, *data, first_network(options, *data, start ? &*start : nullptr), report);
  const Network result = run.finish();
  if (!options.calibration.empty()) write_npy(options.calibration, calibration_features(*data));
  return result;
}

}  // namespace erngen
