// A network in real numbers: read, imported or built from weights; run, compressed, quantised.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "erngen/comparison.hpp"
#include "erngen/error.hpp"
#include "erngen/export.hpp"
#include "erngen/frames.hpp"
#include "erngen/quantised_model.hpp"

namespace erngen {

struct Network;

/// Block sizes of a layer's matrices: powers of two, 1 (dense) to 64. Those that a layer has no matrix for are ignored.
struct LayerBlocks {
  int input = 1, recurrent = 1, projection = 1, dense = 1;
};

struct ModelImportOptions {
  std::vector<std::string> modules;  ///< in the order in which they are applied, and what lies between; empty: one
  std::vector<std::string> ignore;   ///< modules or tensors to leave out, by the beginning of their names
  bool compared = false;             ///< you answer for what a file of weights does not show, by check() or otherwise
};

struct QuantisationOptions {
  int weights = 12;      ///< bits, 4..18
  int activations = 12;  ///< bits, 4..18
  int spectra = 18;      ///< most bits of a spectrum word, 12..18; 17 suits multipliers of 18 x 18 bits
};

/// An immutable value; copies share it.
class ERNGEN_API Model {
 public:
  /// A network file (docs/reference/network-format.md). Throws Error(bad_input, unsupported) naming the file and what
  /// is wrong.
  static Model read(const std::filesystem::path& file);
  /// What `erngen import` reads (docs/how-to/import.md).
  static Model import_file(const std::filesystem::path& file, const ModelImportOptions& options);

  /// read() for a network file, import_file() for anything else.
  static Model open(const std::filesystem::path& file, const ModelImportOptions& options);

  explicit Model(std::shared_ptr<const Network> network) : network_(std::move(network)) {}

  int inputs() const;   ///< values of an input frame
  int outputs() const;  ///< values of an output frame
  size_t parameters() const;
  /// Whether of a sequence only the last frame's outputs are of interest; run() gives all.
  bool last_frame_only() const;

  /// In double precision; lengths as x has them. Throws Error(bad_input) for frames of another width.
  Frames run(const Frames& x) const;

  /// Outputs of run() as the model that was imported has them: with what was cut off at its very end (softmax,
  /// log-softmax, argmax), and of the last frames alone where it gives no others.
  Frames finished(const Frames& y) const;

  /// finished(run(x)) against y, the outputs of a model that you trust. Throws Error(bad_input) unless they have the
  /// same lengths and values a frame.
  Comparison check(const Frames& x, const Frames& y) const;

  /// Every matrix becomes the nearest block-circulant one (Euclidean projection): `blocks` of each layer in order, or
  /// one for all. Throws Error(bad_input) for a bad block size and another number of layers.
  Model compressed(const std::vector<LayerBlocks>& blocks) const;

  /// Formats from `calibration`, some hundreds of typical frames; integers from weights. Throws Error(usage, bad_input,
  /// capacity).
  QuantisedModel quantised(const Frames& calibration, const QuantisationOptions& options = {}) const;

  /// Writes a network file. Throws Error(output).
  void write(const std::filesystem::path& file) const;

  const Network& network() const { return *network_; }

 private:
  std::shared_ptr<const Network> network_;
};

}  // namespace erngen
