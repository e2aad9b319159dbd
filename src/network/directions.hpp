// Networks whose layers run over a sequence in both directions, as networks that run frame by frame.
#pragma once

#include <vector>

#include "network/network.hpp"

namespace erngen {

/// What a node of a network over whole sequences is, beside its layer.
enum class Direction {
  forward,      ///< from the first frame to the last one; or it has no memory
  backward,     ///< from the last frame to the first one: its output for a frame knows the frames behind it
  final_state,  ///< the output of the only node that it reads, a backward one, behind the first frame: the last it
                ///< gives
  flipped       ///< the output of the only node that it reads, the frames in the other order
};

/// The network that computes the same frame by frame: with Network::frame and Network::result where a node is backward,
/// else `whole` itself. One direction of each layer goes with the frames as they come, the other one with mirrored
/// frames, so that both work at once. What a layer needs in the other order than an earlier layer gives it comes from
/// the pass before; a sum or a dense layer without a function at the end is split between the orders instead, and the
/// user's result is the sum of both. A node without memory that both orders read is computed in both.
/// required: final_state and flipped are AddLayers of one input; `whole` gives the last frame only if there is a
/// final_state.
Network streaming_network(const Network& whole, const std::vector<Direction>& directions);

}  // namespace erngen
