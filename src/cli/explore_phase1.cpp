// Phase I of E-RNN: cell type and block sizes under an accuracy requirement, by as few trainings as possible.
#include "base/error.hpp"
#include "cli/explore_phase.hpp"

namespace erngen::cli {
namespace {

class Phase1 : public ExplorePhase {
 public:
  void add_to(CLI::App&) override {}
  void run(const ExploreCommon&) override { throw unsupported("explore: phase 1 is not there yet"); }
};

}  // namespace

std::unique_ptr<ExplorePhase> explore_phase1() { return std::make_unique<Phase1>(); }

}  // namespace erngen::cli
