// The ports of a generated top module: AXI4-Stream in and out, AXI4-Lite, clock and reset.
#pragma once

#include <string>
#include <vector>

#include "bench/bench_files.hpp"

namespace erngen {

/// One port besides `aclk` and `aresetn`.
struct Port {
  std::string direction;  ///< "input" or "output"
  int bits = 0;           ///< 0: one wire without a range
  std::string name;       ///< at the top
  std::string inner;      ///< of ern_engine; "" for a port that the engine lacks

  bool present = true;  ///< at the top; the engine's input is 0 where it is not

  int width() const { return bits > 0 ? bits : 1; }
};

/// In the order in which the top module declares them, with those that the protocol leaves out.
std::vector<Port> top_ports(const StreamShape& input, const StreamShape& output, const StreamProtocol& protocol,
                            int streams);

/// Those that a design has.
std::vector<Port> present_ports(const BenchShape& shape);

}  // namespace erngen
