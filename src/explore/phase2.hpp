// Phase II of E-RNN (HPCA 2019, section VI): the parallelism, the streams, the widths, the form of the lanes and the
// activation units of a network's design on a given device, by looking at all of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "device/device.hpp"
#include "plan/plan.hpp"

namespace erngen {

/// One quantisation of the network.
struct Phase2Width {
  QuantNetwork network;
  double sqnr_db = 0;     ///< of the outputs on the calibration data; 0: not known
  bool choosable = true;  ///< false: shown, not chosen (its error is beyond the bound)
};

/// What is to be made small, among the designs that keep the bounds.
enum class Phase2Goal { latency, rate, area };

struct Phase2Request {
  std::vector<Phase2Width> widths;  ///< at least one; all of one network
  Device device;
  DeviceLimits budget;  ///< of it or less
  double clock_mhz = 200;
  std::vector<int> streams{1, 2, 3};
  int pipeline = 0;  ///< level, see PlanOptions
  /// Of the lanes; each width is looked at in those that its spectra and weights permit.
  std::vector<LaneForm> forms{LaneForm::plain};
  bool dsp_activations = true;  ///< also try activation units with DSP blocks
  Phase2Goal goal = Phase2Goal::latency;
  std::optional<double> max_latency_us;
  std::optional<double> min_rate;  ///< frames a second, all streams together
  int threads = 0;                 ///< 0: one a core; the result does not depend on it
};

/// One design that was looked at.
struct Phase2Design {
  EngineShape shape;
  int width = 0;  ///< index into the request's widths
  double cycles_per_frame = 0;
  int latency_cycles = 0;
  int run_cycles = 0;     ///< of all streams
  int busy_cycles = 0;    ///< of them with work for the array
  int stream_cycles = 0;  ///< of them that the streams' ports alone need
  Resources resources;
  bool fits = false;   ///< the budget
  bool meets = false;  ///< the bounds, and its width may be chosen
  bool front = false;  ///< fits, and no other that fits is at least as good in everything and better in something
};

struct Phase2Result {
  std::vector<Phase2Design> designs;  ///< those that fit, and those that need up to twice the multipliers
  std::optional<size_t> chosen;
  std::vector<std::string> reasons;  ///< why it, and what binds; one sentence each
  size_t fitting = 0;
  size_t choosable = 0;  ///< of them those whose width may be chosen
};

/// Looks at every shape that the planner would, at every number of streams, width, form and activation unit, and
/// chooses. Without a design that fits or meets the bounds nothing is chosen, and the reasons say what is short and
/// what was reachable. Throws Error(bad_input) for a request without widths or streams, or what make_plan throws for
/// the network.
Phase2Result explore_phase2(const Phase2Request& request);

/// Whether forms other than plain lanes are looked at: reports name form and spectra then.
bool chooses_form(const Phase2Request& request);

/// Utilisation of the scarcest resource, 0..1 and above.
double scarcest_share(const Resources& need, const DeviceLimits& budget);

/// One row a design; numbers as the plan's JSON names them.
Json design_json(const Phase2Request& request, const Phase2Design& design);
Json result_json(const Phase2Request& request, const Phase2Result& result);
std::string result_csv(const Phase2Request& request, const Phase2Result& result);
/// A page for a browser, complete in itself: the front as charts and table.
std::string result_html(const Phase2Request& request, const Phase2Result& result, const std::string& title);

}  // namespace erngen
