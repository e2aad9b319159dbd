// The generated part of a design's testbench directory: the parameters that tell the fixed bench sources about the
// design, and a Makefile that needs nothing but Verilator.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "bench/stream_protocol.hpp"

namespace erngen {

/// One AXI4-Stream port. `width` and `fraction` are the format of the elements; an element is sign-extended to
/// a lane of `element_bits` (8, 16 or 32), `beat_elements` lanes make a beat.
struct StreamShape {
  int size = 0;  ///< elements of a frame
  int width = 0;
  int fraction = 0;
  int element_bits = 0;
  int beat_elements = 0;

  int beats() const { return (size + beat_elements - 1) / beat_elements; }
};

/// What a bench must know about a design.
struct BenchShape {
  std::string top;  ///< name of the top module
  int streams = 1;
  StreamShape input;
  StreamShape output;
  StreamProtocol protocol = {};
};

/// The shape from a manifest ("top", "streams", "input", "output", "protocol"). Throws Error(bad_input) naming `what`
/// and the missing or impossible entry.
BenchShape bench_shape(const Json& manifest, const std::string& what);

/// Verilator's arguments for the bench, to be run in the design's directory: all but "-Mdir BUILD" and tracing.
/// BUILD must be a directory DIR/build/NAME. The executable is BUILD/bench; it runs in DIR/images.
std::vector<std::string> verilator_arguments(const BenchShape& shape);

struct GeneratedFile {
  std::string name;
  std::string text;
};

/// ern_testbench_parameters.hpp, ern_testbench_parameters.vh and Makefile, for DIR/testbench.
std::vector<GeneratedFile> bench_files(const BenchShape& shape);

/// Names in testbench/ of the fixed sources that go to DIR/testbench beside them.
const std::vector<std::string>& bench_source_names();

}  // namespace erngen
