// The symbol by which the command finds the trainer in liberngen-train.so.
#include "train/module.hpp"

extern "C" void erngen_train_entry(const erngen::TrainOptions& options, const erngen::TrainReport& report,
                                   erngen::Network& result) {
  result = erngen::train(options, report);
}
