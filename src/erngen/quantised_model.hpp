// A network in fixed point: the bit-exact model of the hardware.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "erngen/accelerator.hpp"
#include "erngen/comparison.hpp"
#include "erngen/export.hpp"
#include "erngen/frames.hpp"

namespace erngen {

struct QuantNetwork;
class Model;

/// Counts frames: done of all. May throw, which ends the run.
using FrameProgress = std::function<void(size_t done, size_t total)>;

/// An immutable value; copies share it.
class ERNGEN_API QuantisedModel {
 public:
  /// A quantised network file, such as network.safetensors of a design. Throws Error(bad_input, unsupported).
  static QuantisedModel read(const std::filesystem::path& file);

  QuantisedModel(std::shared_ptr<const QuantNetwork> network, std::string report)
      : network_(std::move(network)), report_(std::move(report)) {}

  int inputs() const;
  int outputs() const;
  /// As Model::last_frame_only().
  bool last_frame_only() const;
  std::string input_format() const;  ///< fixed<W,I,...>, as the input port has it
  std::string output_format() const;

  /// What the hardware answers, bit for bit, as real numbers; x is rounded to the input format. Throws
  /// Error(bad_input) for frames of another width.
  Frames run(const Frames& x, const FrameProgress& progress = {}) const;

  /// As Model::finished().
  Frames finished(const Frames& y) const;

  /// finished(run(x)) against y, as Model::check().
  Comparison check(const Frames& x, const Frames& y) const;

  /// Every signal of every frame of x as real numbers: [frames][size] by name ("x", "h0", "c0", "z0.i").
  std::map<std::string, std::vector<float>> trace(const Frames& x) const;

  /// The weights of `model`, a network of the same layers, in these formats: words beyond their format saturate. Throws
  /// Error(bad_input) for other layers.
  QuantisedModel with_weights(const Model& model) const;

  /// The same with a report() of what it loses on x against `model`, whose weights it has.
  QuantisedModel reported(const Model& model, const Frames& x) const;

  /// One stream that keeps its state from frame to frame. The model may go before it.
  class ERNGEN_API Stream {
   public:
    explicit Stream(const QuantisedModel& model);
    ~Stream();
    Stream(Stream&&) noexcept;

    /// x [inputs()] to y [outputs()], as real numbers. required: these sizes.
    void step(std::span<const float> x, std::span<float> y);
    void reset();

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

  /// The engine for a device, a board, a full part or a device file (docs/reference/devices.md). Throws Error(usage)
  /// for an unknown one and for options outside their ranges, Error(bad_input) for a bad file, Error(capacity) naming
  /// the resource that is short, or the fastest design if none keeps the bounds.
  Accelerator planned(const std::string& device, const PlanningOptions& options = {}) const;

  /// JSON: formats, signals with their ranges and SQNR, saturations, warnings: the report of `erngen quantise`. Empty
  /// for a network that was read and for one with other weights.
  const std::string& report() const { return report_; }

  /// Writes a quantised network file. Throws Error(output).
  void write(const std::filesystem::path& file) const;

 private:
  std::shared_ptr<const QuantNetwork> network_;
  std::string report_;
};

}  // namespace erngen
