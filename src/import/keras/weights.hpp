// The weights of a Keras model's layers.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "import/keras/hdf5.hpp"
#include "import/keras/model.hpp"

namespace erngen::keras {

class Weights {
 public:
  virtual ~Weights() = default;

  /// The variables of a layer, which are called `names` in Keras and come in that order; `part` is the object in it
  /// that has them ("cell" of a recurrent layer, "layer" of a wrapper, "forward_layer/cell"), or empty. Throws
  /// Error(bad_input) naming the layer if others are there.
  virtual std::vector<Tensor> read(const Layer& layer, const std::string& part,
                                   const std::vector<std::string>& names) const = 0;
};

/// Of a .keras archive: layers/lstm_1/cell/vars/0, ..., by class and number.
std::unique_ptr<Weights> archive_weights(const Hdf5& file, const Model& model);

/// Of a whole model in HDF5: model_weights/NAME, whose attribute weight_names lists the variables by their names.
std::unique_ptr<Weights> whole_file_weights(const Hdf5& file);

}  // namespace erngen::keras
