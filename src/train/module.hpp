// The trainer as a module that is loaded when it is needed: loading libtorch takes longer than most commands run.
#pragma once

#include <functional>

#include "train/trainer.hpp"

namespace erngen {

using TrainReport = std::function<void(const TrainProgress&)>;

/// train() of the module liberngen-train.so, which is looked for beside the running program: in ../train (build folder)
/// and in the folder of the installation. Throws Error(tool) when it is not there, as in a build without libtorch, and
/// whatever train() throws.
Network train_in_module(const TrainOptions& options, const TrainReport& report);

/// The module's symbols: the trainer, and undo_all() of what it has under way (base/undo.hpp).
constexpr const char* train_entry_name = "erngen_train_entry";
constexpr const char* train_undo_name = "erngen_train_undo";
using TrainEntry = void (*)(const TrainOptions&, const TrainReport&, Network& result);
using TrainUndo = void (*)();

}  // namespace erngen
