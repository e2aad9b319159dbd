// The symbols by which the command finds the trainer in liberngen-train.so.
#include "base/undo.hpp"
#include "train/module.hpp"

extern "C" void erngen_train_entry(const erngen::TrainOptions& options, const erngen::TrainReport& report,
                                   erngen::Network& result) {
  result = erngen::train(options, report);
}

/// The module has a registry of its own of what must not outlive the process.
extern "C" void erngen_train_undo() { erngen::undo_all(); }
