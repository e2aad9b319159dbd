// Random networks that are no chains.
#pragma once

#include "base/random.hpp"
#include "network/network.hpp"

namespace erngen {

/// Two to five layers of every kind, with every activation that the engine has, that read the input and one another:
/// one after another, several concatenated, or added. Every layer that nothing reads is an output.
Network random_graph(int input, Rng& rng);

/// "gru after 5-7 k=4 (x) | dense 7-3 relu (0 x) | out 1": what random_graph() made.
std::string graph_text(const Network& network);

}  // namespace erngen
