#include "erngen/quantised_model.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "cell/quantise_json.hpp"
#include "cell/quantise_report.hpp"
#include "cell/requantise.hpp"
#include "design/plan_arguments.hpp"
#include "erngen/convert.hpp"
#include "erngen/model.hpp"
#include "plan/device_limits.hpp"

namespace erngen {
namespace {

Goal goal_of(PlanningGoal goal) {
  switch (goal) {
    case PlanningGoal::rate: return Goal::rate;
    case PlanningGoal::latency: return Goal::latency;
    case PlanningGoal::knee: return Goal::knee;
    case PlanningGoal::area: break;
  }
  return Goal::area;
}

}  // namespace

QuantisedModel QuantisedModel::read(const std::filesystem::path& file) {
  return {std::make_shared<const QuantNetwork>(read_quant_network(file)), ""};
}

int QuantisedModel::inputs() const { return network_->structure.input(); }
int QuantisedModel::outputs() const { return network_->structure.output(); }
bool QuantisedModel::last_frame_only() const { return network_->structure.last_frame_only; }
std::string QuantisedModel::input_format() const { return network_->input_format().name(); }
std::string QuantisedModel::output_format() const { return network_->output_format().name(); }

Frames QuantisedModel::run(const Frames& x, const FrameProgress& progress) const {
  const FixedRun run = run_fixed(*network_, sequences_of(x), "input", progress);
  return frames_like(x, real_outputs(run, *network_).values, run.result_size);
}

Frames QuantisedModel::finished(const Frames& y) const {
  return erngen::finished(y, OutputForm(network_->structure, network_->metadata));
}

Comparison QuantisedModel::check(const Frames& x, const Frames& y) const { return compare_frames(finished(run(x)), y); }

std::map<std::string, std::vector<float>> QuantisedModel::trace(const Frames& x) const {
  const Sequences sequences = sequences_of(x);
  sequences.require_features(inputs(), "input");
  std::map<std::string, std::vector<float>> signals;
  FixedModel model(*network_);
  model.observe([&](const std::string& name, std::span<const double> values) {
    std::vector<float>& to = signals[name];
    for (const double value : values) to.push_back(static_cast<float>(value));
  });
  const FixedRun run = run_fixed(*network_, sequences);
  std::vector<std::int32_t> y(static_cast<size_t>(run.output_size));
  auto frame = std::span(run.inputs);
  for (const int length : sequences.lengths()) {
    model.reset();
    for (int n = 0; n < length; ++n) {
      model.step(frame.first(static_cast<size_t>(run.input_size)), y);
      frame = frame.subspan(static_cast<size_t>(run.input_size));
    }
  }
  return signals;
}

QuantisedModel QuantisedModel::with_weights(const Model& model) const {
  return {std::make_shared<const QuantNetwork>(requantise(model.network(), *network_)), ""};
}

QuantisedModel QuantisedModel::reported(const Model& model, const Frames& x) const {
  const Sequences sequences = sequences_of(x);
  sequences.require_features(inputs(), "input");
  return {network_, json_text(quantise_json(*network_, quantise_report(model.network(), *network_, sequences)))};
}

struct QuantisedModel::Stream::State {
  std::shared_ptr<const QuantNetwork> network;
  FixedModel model;
  explicit State(std::shared_ptr<const QuantNetwork> shared) : network(std::move(shared)), model(*network) {}
};

QuantisedModel::Stream::Stream(const QuantisedModel& model) : state_(std::make_unique<State>(model.network_)) {
  if (state_->network->structure.needs_whole_sequences())
    throw unsupported(
        "the network has layers that run from a sequence's last frame to the first: it cannot run frame by "
        "frame",
        "give run() whole sequences");
}
QuantisedModel::Stream::~Stream() = default;
QuantisedModel::Stream::Stream(Stream&&) noexcept = default;

void QuantisedModel::Stream::step(std::span<const float> x, std::span<float> y) {
  std::vector<std::int32_t> frame(x.size()), raw(y.size());
  quantise_frame(*state_->network, x, frame);
  state_->model.step(frame, raw);
  for (size_t n = 0; n < y.size(); ++n) y[n] = static_cast<float>(to_double(raw[n], state_->network->output_format()));
}

void QuantisedModel::Stream::reset() { state_->model.reset(); }

Accelerator QuantisedModel::planned(const std::string& device, const PlanningOptions& options) const {
  PlanOptions chosen;
  chosen.clock_mhz = options.clock_mhz;
  chosen.contexts = options.streams;
  chosen.max_dsp = options.max_dsp;
  if (options.goal) chosen.goal = goal_of(*options.goal);
  chosen.min_rate = options.min_rate;
  chosen.max_latency_us = options.max_latency_us;
  if (options.overlap) chosen.frames = *options.overlap ? some_overlap : no_overlap;
  const auto found = std::make_shared<const Device>(find_device(device));
  const auto plan = std::make_shared<const Plan>(make_plan(*network_, *found, chosen));
  return {network_, plan, found, plan_arguments(device, chosen)};
}

void QuantisedModel::write(const std::filesystem::path& file) const { write_quant_network(*network_, file); }

}  // namespace erngen
