// Precompiled: libtorch's headers take most of the time of every file here.
#pragma once

#include <ATen/ATen.h>
#include <torch/types.h>

#include "train/options.hpp"
