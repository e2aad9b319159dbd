// A design as parts of systems: what `erngen generate --wrapper` and `--bench` add to its directory.
#pragma once

#include <string>
#include <vector>

#include "bench/bench_files.hpp"
#include "plan/plan.hpp"
#include "rtl/vendor_systems.hpp"

namespace erngen {

/// Names of the wrappers that generate() knows, sorted.
const std::vector<std::string>& wrapper_names();

/// Whether a DMA that has data, tlast and nothing else drives the streams of this wrapper, and whether it wants tkeep.
bool needs_plain_dma(const std::string& wrapper);
bool wants_tkeep(const std::string& wrapper);

/// The stream options that such a DMA can drive, in place of those that are not given.
struct PlainDmaChoice {
  bool tkeep = false;  ///< the DMA wants it
  bool sequence_end_given = false, input_tlast_given = false, stream_by_given = false, output_tlast_given = false;
  bool width_given = false;
};
void choose_for_plain_dma(PlanOptions& options, const PlainDmaChoice& given);

/// Throws Error(usage) if the streams of a design have what such a DMA lacks, or beats narrower than its 32 bits.
void require_plain_dma(const std::string& wrapper, const BenchShape& shape);

/// The files of a wrapper, named relative to the design's directory; `prefix` begins the names of the design's modules.
/// Throws Error(usage) for a name that is not one.
std::vector<GeneratedFile> wrapper_files(const std::string& wrapper, const VendorDesign& design,
                                         const std::string& prefix);

/// What the design's README says of these: rows of its table of files.
std::string wrapper_rows(const std::string& wrapper, const std::string& top);

}  // namespace erngen
