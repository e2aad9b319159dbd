// The options of `plan` and `generate` that say what the streams look like.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "plan/plan.hpp"

namespace erngen::cli {

struct StreamArguments {
  int input_beat = 0, output_beat = 0, width = 0;  ///< 0: the planner's choice
  std::string elements = "words", input_tlast = "frame", output_tlast = "frame", output_frames;
  SequenceEnd sequence_end = SequenceEnd::tuser;
  StreamChoice stream_by = StreamChoice::tid;
  bool tkeep = false;

  void add_to(CLI::App& app);
  void put_into(PlanOptions& options) const;
};

}  // namespace erngen::cli
