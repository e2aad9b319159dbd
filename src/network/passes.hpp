// Whole sequences through a network that needs frames in the other order (Network::frame, Network::result).
//
// The network itself runs frame by frame, from the first one to the last one. A layer that runs from the last frame to
// the first one is an ordinary layer over mirrored frames: at step t of T it is given frame T - 1 - t. What the user
// gets is put back into the order of the frames. A layer that reads both orders of an earlier one is given what that
// one gave in the pass before, so the sequence goes through the network again; every pass computes all layers, and
// those that already had what they read give the same values again.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "network/network.hpp"
#include "network/sequences.hpp"

namespace erngen {

/// The frames of one pass, [frame_size()] each: zeros in place of what a pass before would have given where `outputs`
/// is empty, else [all frames][output_elements()]. required: x has the network's features.
Sequences frames_of_pass(const Network& network, const Sequences& x, std::span<const float> outputs);

/// What the user sees of the last pass: [all frames][output()].
std::vector<float> result_of(const Network& network, const std::vector<int>& lengths, std::span<const float> outputs);

/// The frames of the last pass. `run` gives the outputs of a pass's frames.
Sequences frames_of_last_pass(const Network& network, const Sequences& x,
                              const std::function<std::vector<float>(const Sequences& frames)>& run);

}  // namespace erngen
