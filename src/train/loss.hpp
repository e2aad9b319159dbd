// From a batch to tensors, losses and errors. (libtorch)
#pragma once

#include <vector>

#include <torch/types.h>

#include "speech/edit_distance.hpp"
#include "train/batch.hpp"
#include "train/torch_network.hpp"
#include "train/training_data.hpp"

namespace erngen {

/// The features [rows, width].
torch::Tensor feature_tensor(const Batch& batch);

/// The mean over sequences of -ln p(labels) / number of labels of connectionist temporal classification; class 0 is the
/// blank. outputs: [rows, classes], packed, any scores.
torch::Tensor ctc_loss(const torch::Tensor& outputs, const Batch& batch, const Packing& packing);

/// The mean cross entropy over the frames that have a target.
torch::Tensor frame_loss(const torch::Tensor& outputs, const Batch& batch);

/// The Kullback-Leibler divergence of the outputs' class probabilities from the teacher's, summed over all frames and
/// divided by `labels`: the labels of the batch, as in ctc_loss, or its frames, as in frame_loss. Hinton, Vinyals and
/// Dean 2015, temperature 1. [rows, classes].
torch::Tensor distillation_loss(const torch::Tensor& outputs, const torch::Tensor& teacher, std::int64_t labels);

/// The errors of one output [frames, classes]: labels by greedy decoding and edit distance (Loss::ctc), or frames
/// (Loss::frames), both between scored classes.
ErrorCount example_errors(const Array& outputs, const Example& example, const TrainingData& data, Loss loss);

/// The error rate of the network on examples, computed in batches.
double error_rate(const TorchNetwork& network, const TrainingData& data, const std::vector<Example>& examples,
                  Loss loss);

}  // namespace erngen
