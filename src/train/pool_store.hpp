// Pools of batches that are made once and read again: drawing utterances and computing their features takes a third of
// a training's processor time, and the trainings of one table see the same ones. No libtorch.
#pragma once

#include <filesystem>
#include <memory>

#include "train/training_data.hpp"

namespace erngen {

/// `data`, with every pool kept as a file below `folder`, in a directory named after everything that pools depend on:
/// the data's options and front end, the loss, the seed and the batch size of `options`. A pool that is there is read;
/// otherwise it is made and appears whole, so that several runs may share the folder. The recordings behind `data` are
/// taken to be the same as before. Throws Error(output) when the folder cannot be made, and from pool()
/// Error(bad_input) naming a file that is damaged.
std::unique_ptr<TrainingData> with_pool_store(std::unique_ptr<TrainingData> data, const std::filesystem::path& folder,
                                              const TrainOptions& options);

}  // namespace erngen
