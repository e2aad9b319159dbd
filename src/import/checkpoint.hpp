// The state dict among what a checkpoint holds.
#pragma once

#include <string>
#include <vector>

#include "base/pickle.hpp"

namespace erngen {

/// A dict of tensors, and where it was found.
struct StateDict {
  const PickleValue* tensors = nullptr;
  std::string key;                  ///< "model_state_dict"; empty for the whole file
  std::vector<std::string> others;  ///< keys of other state dicts beside it
};

/// The file itself if it is a dict of tensors, else its entry `key`, or, with an empty key, its only dict of tensors or
/// the one under the first of the usual keys (state_dict, model_state_dict, model, ...). Throws Error(unsupported)
/// naming the entries where none or several are there, Error(usage) for a key that is not one of them.
StateDict find_state_dict(const PickleValue& root, const std::string& key);

}  // namespace erngen
