// The phase graph in double precision: ranges for the quantiser, the yardstick of its report.
#pragma once

#include <functional>
#include <span>

#include "ops/steps.hpp"

namespace erngen {

/// Called for every signal of every frame: name ("h0", "c0", "z0.i", "Z0.lstm.0") and its real values.
using Observer = std::function<void(const std::string& name, std::span<const double> values)>;

/// Signal names shared by the real and the fixed-point model.
std::string sum_signal(int layer, Op op, int gate);       ///< "z0.i"
std::string spectrum_signal(int layer, Op op, int part);  ///< "Z0.lstm.0"
std::string cell_signal(int layer);                       ///< "c0"

/// One stream of the graph with unlimited precision; state is kept over calls of step().
class RealModel {
 public:
  explicit RealModel(const Graph<double>& graph);
  /// x: [input_size]; returns [output_size]. `observer` may be empty.
  std::vector<double> step(std::span<const double> x, const Observer& observer);
  void reset();

 private:
  void set_vector(int index, std::vector<double> value, const Observer& observer);
  std::vector<double> sums(const Phase<double>& phase, const Observer& observer) const;

  const Graph<double>& graph_;
  std::vector<std::vector<double>> value_, previous_value_;                   ///< [vector][size]
  std::vector<std::vector<std::vector<double>>> spectra_, previous_spectra_;  ///< [vector][spectrum][words]
  std::vector<LayerMemory<double, double>> layers_;
  bool first_ = true;  ///< the next frame begins a sequence
};

}  // namespace erngen
