// The options of `plan` and `generate` that say what the streams look like.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "plan/plan.hpp"

namespace erngen::cli {

struct StreamArguments {
  int input_beat = 0, output_beat = 0, width = 0;  ///< 0: the planner's choice
  std::string elements = "words", input_tlast, output_tlast, output_frames;
  std::optional<SequenceEnd> sequence_end;
  std::optional<StreamChoice> stream_by;
  bool tkeep = false;
  bool plain_dma = false, dma_tkeep = false;  ///< what is not given is what a plain DMA drives, and wants

  void add_to(CLI::App& app);
  void put_into(PlanOptions& options) const;
};

}  // namespace erngen::cli
