#include "cli/phase1_bounds.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "ops/lowering.hpp"
#include "network/layer_json.hpp"
#include "plan/cost.hpp"
#include "units/lane.hpp"

namespace erngen::cli {
namespace {

constexpr double share_of_ram = 0.9;
constexpr double least_gain = 1.1;

/// The structure of the network of this block size, without its weights: what memory and multiplications depend on.
QuantNetwork structure(const NetworkShape& shape, int k, int bits) {
  QuantNetwork result;
  int size = shape.input;
  const bool lstm = shape.cell == CellKind::lstm;
  const auto add = [&](const Json& json) {
    result.structure.append(zero_layer(read_layer_json(json, "explore")));
    size = result.structure.output();
  };
  for (int n = 0; n < shape.layers; ++n) {
    if (lstm)
      add({{"kind", "lstm"},
           {"input", size},
           {"hidden", shape.hidden},
           {"projection", shape.projection},
           {"peephole", shape.peephole},
           {"bias", shape.bias},
           {"candidate", "tanh"},
           {"block", {{"input", k}, {"recurrent", k}, {"projection", shape.projection > 0 ? k : 0}}}});
    else
      add({{"kind", "gru"},
           {"input", size},
           {"hidden", shape.hidden},
           {"reset", shape.reset == Reset::before ? "before" : "after"},
           {"bias", shape.bias},
           {"block", {{"input", k}, {"recurrent", k}}}});
  }
  add({{"kind", "dense"}, {"input", size}, {"output", shape.dense}, {"bias", true}, {"block", {{"weight", k}}}});
  result.formats.weight_width = bits;
  result.graph = lower_structure(result.structure);
  return result;
}

/// Calls f(block size, blocks) for every matrix.
template <class F>
void for_each_term_matrix(const QuantNetwork& network, F&& f) {
  for (const auto& phase : network.graph.phases)
    for (const auto& part : phase.parts)
      for (const auto& term : part.terms)
        for (const auto& matrix : term.matrices)
          f(part.block, static_cast<double>(matrix.row_blocks()) * matrix.col_blocks());
}

/// Bits of all weights as the lanes store them.
double weight_bits(const QuantNetwork& network) {
  double bits = 0;
  const int width = network.formats.weight_width;
  for_each_term_matrix(network,
                       [&](int k, double blocks) { bits += blocks * (k == 1 ? width : lane_weight_bits(k, width)); });
  return bits;
}

}  // namespace

Bounds block_bounds(const NetworkShape& shape, int bits, const DeviceLimits& device) {
  Bounds bounds;
  for (int k = 1; k <= 64; k *= 2) {
    const QuantNetwork network = structure(shape, k, bits);
    BlockBound b;
    b.block = k;
    for_each_term_matrix(network, [&](int block, double blocks) { b.weights += blocks * block; });
    b.weight_bram36 = weight_bits(network) / 36864;
    b.multiplications = multiplications_per_frame(network.graph);
    if (!bounds.table.empty())
      b.gain = static_cast<double>(bounds.table.back().multiplications) / static_cast<double>(b.multiplications);
    b.fits = b.weight_bram36 <= share_of_ram * device.bram36;
    bounds.table.push_back(b);
  }
  size_t low = 0;
  while (low < bounds.table.size() && !bounds.table[low].fits) ++low;
  if (low == bounds.table.size())
    throw Error(ExitCode::capacity,
                fmt::format("explore: even with blocks of 64 the weights fill {:.0f} block RAMs, the {} has {:g}",
                            bounds.table.back().weight_bram36, device.name, device.bram36),
                "choose a larger device or a smaller network");
  size_t high = std::max<size_t>(low, 1);
  while (high + 1 < bounds.table.size() && bounds.table[high + 1].gain >= least_gain) ++high;
  for (size_t n = std::max<size_t>(low, 1); n <= high; ++n) bounds.blocks.push_back(bounds.table[n].block);
  const BlockBound& first = bounds.table[low];
  const BlockBound& last = bounds.table[high];
  bounds.lower = fmt::format("k = {} is the smallest block size whose weights fit: {:.1f} of {:g} block RAMs",
                             first.block, first.weight_bram36, device.bram36);
  bounds.upper =
      high + 1 < bounds.table.size()
          ? fmt::format("k = {} is the largest that pays: k = {} would save only {:.1f} % of its multiplications",
                        last.block, 2 * last.block, 100 * (1 - 1 / bounds.table[high + 1].gain))
          : fmt::format("k = {} is the largest there is, and still pays", last.block);
  return bounds;
}

}  // namespace erngen::cli
