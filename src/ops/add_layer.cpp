// The sum of vectors: products with the identity, and those of dense layers that nothing else reads.
#include <map>
#include <utility>

#include <fmt/format.h>

#include "ops/graph_builder.hpp"
#include "ops/lowering.hpp"
#include "ops/selection.hpp"

namespace erngen {

int lower_layer(GraphBuilder& b, const AddLayer& layer) {
  const int y = b.add_vector(fmt::format("y{}", b.index()), layer.size, false);
  const int block = b.network().max_block();
  std::vector<Term<double>> terms;
  std::vector<double> bias;
  std::map<int, int> times;  // of the inputs that are no terms themselves
  const std::vector<int>& inputs = b.node().inputs;
  for (const int input : inputs) {
    if (!b.is_merged(input)) {
      ++times[input];
      continue;
    }
    const auto& dense = std::get<DenseLayer>(b.network().nodes[static_cast<size_t>(input)].layer);
    terms = joined(std::move(terms), b.input_terms(input, "weight", {&dense.weights}));
    bias.resize(dense.bias.empty() ? bias.size() : static_cast<size_t>(layer.size));
    for (size_t n = 0; n < dense.bias.size(); ++n) bias[n] += static_cast<double>(dense.bias[n]);
  }
  for (const auto& [input, count] : times) {
    const int vector = b.vector_of(input);
    const auto& spectra = b.spectra_of(vector);
    const BlockMatrix one = identity(layer.size, spectra.empty() ? block : spectra[0].block, static_cast<float>(count));
    terms.push_back(b.term(vector, false, fmt::format("{}.{}", b.family("add"), input + 1), {&one}));
  }
  b.end_sum({std::move(terms), std::move(bias), {}}, layer.activation, y);
  return y;
}

}  // namespace erngen
