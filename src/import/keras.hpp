// Keras models: .keras archives and whole models in HDF5 (.h5).
#pragma once

#include <filesystem>

#include "import/imported_network.hpp"

namespace erngen {

/// Reads a Sequential or Functional model of Keras 2 or 3.
///
/// LSTM, GRU (both resets), SimpleRNN, Dense and its activations, TimeDistributed, Add, Concatenate; normalisations and
/// scales go into the weights, dropout computes nothing. A layer that returns its last frame makes the network one of
/// Network::last_frame_only. Softmax at the very end is cut off, and named in metadata.output.cut.
///
/// Throws Error(bad_input) for damaged files, Error(unsupported), naming the layer, for what the network cannot
/// express, and without libhdf5 for all.
ImportedNetwork import_keras(const std::filesystem::path& file);

}  // namespace erngen
