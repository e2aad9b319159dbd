// A node of the graph of automatic differentiation whose gradient is given as a function. (libtorch)
#pragma once

#include <functional>
#include <vector>

#include <torch/types.h>

namespace erngen {

/// Makes `output` (computed without recording) a differentiable function of `inputs`: `backward` gets the gradient of
/// the output and returns one gradient an input, undefined ones where an input is undefined.
torch::Tensor with_gradient(torch::Tensor output, const std::vector<torch::Tensor>& inputs,
                            std::function<std::vector<torch::Tensor>(const torch::Tensor&)> backward);

}  // namespace erngen
