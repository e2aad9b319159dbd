#include "explore/phase2.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "plan/overlap.hpp"

namespace erngen {
namespace {

constexpr double beyond =
    2;  ///< designs are looked at up to so many times the budget's multipliers, to tell what binds

/// What the Pareto front is about: latency, cycles a frame, DSP, LUT, block RAM; small is good.
std::array<double, 5> coordinates(const Phase2Design& d) {
  return {static_cast<double>(d.latency_cycles), d.cycles_per_frame, static_cast<double>(d.resources.dsp),
          static_cast<double>(d.resources.lut), d.resources.bram36};
}

bool dominates(const std::array<double, 5>& a, const std::array<double, 5>& b) {
  bool better = false;
  for (size_t n = 0; n < a.size(); ++n) {
    if (a[n] > b[n]) return false;
    better |= a[n] < b[n];
  }
  return better;
}

/// Marks those of the designs at `members` that no other fitting one dominates; of equals the first.
void mark_front(std::vector<Phase2Design>& designs, const std::vector<size_t>& members) {
  struct Point {
    std::array<double, 5> at;
    size_t design;
    auto operator<=>(const Point&) const = default;
  };
  std::vector<Point> points;
  for (const size_t n : members)
    if (designs[n].fits) points.push_back({coordinates(designs[n]), n});
  std::sort(points.begin(), points.end());
  std::vector<Point> front;  // only earlier ones can dominate
  for (const Point& point : points) {
    const auto over = std::find_if(front.begin(), front.end(),
                                   [&](const Point& p) { return p.at == point.at || dominates(p.at, point.at); });
    if (over != front.end()) {
      std::iter_swap(over, front.begin() + (over - front.begin()) / 2);  // what dominated one often dominates the next
      continue;
    }
    front.push_back(point);
    designs[point.design].front = true;
  }
}

/// Everything of a plan that does not depend on the widths, by what the schedule sees.
struct Scheduled {
  bool early = false;
  double cycles_per_frame = 0;
  int latency_cycles = 0;
  int stream_cycles = 0;
  int busy_cycles = 0;
  int input_ports = 1;
  ProgramSize program;
};

using ScheduleKey = std::array<int, 22 + op_count>;

ScheduleKey schedule_key(const Workload& work, const EngineShape& shape) {
  const EngineLatencies l = engine_latencies(work, shape);
  ScheduleKey key{shape.words,
                  shape.rows,
                  shape.columns,
                  shape.readout,
                  shape.contexts,
                  shape.ports,
                  shape.folding,
                  shape.early,
                  axis_element_bits(work.formats.activation_width),
                  l.column,
                  l.lane,
                  l.readout_mux,
                  l.adder_tree,
                  l.correction + l.recombine,
                  l.inverse,
                  l.forward,
                  l.forward_second,
                  l.forward_input,
                  l.queue,
                  shape.frames,
                  shape.pipeline,
                  static_cast<int>(shape.form)};
  std::copy(std::begin(l.cell), std::end(l.cell), key.end() - op_count);
  return key;
}

/// A shape to look at, for one width.
struct Trial {
  int width = 0;
  EngineShape shape;
  ScheduleKey key;
  size_t schedule = 0;
};

PlanOptions plan_options(const Phase2Request& request, int contexts, LaneForm form) {
  PlanOptions options;
  options.form = form;
  options.contexts = contexts;
  options.clock_mhz = request.clock_mhz;
  options.family = request.device.family;
  options.pipeline = request.pipeline;
  return options;
}

/// Shapes for the budget, and for twice the multipliers; the latter leave more in DSP blocks.
std::vector<Trial> list_candidates(const Phase2Request& request, const Workload& work, int width, int contexts) {
  std::vector<Trial> candidates;
  std::set<EngineShape> known;
  const int frames = contexts > 1 ? 1 : std::min(most_frames(work.graph), most_overlapped);
  for (const int dsp : {request.budget.dsp, static_cast<int>(request.budget.dsp * beyond)})
    for (const LaneForm form : request.forms)
      for (EngineShape shape : choose_shapes(work, plan_options(request, contexts, form), dsp).shapes)
        for (shape.frames = 1; shape.frames <= frames; ++shape.frames)
          for (const bool early : {false, true}) {
            shape.early = early;
            if (known.insert(shape).second) candidates.push_back({width, shape, schedule_key(work, shape)});
          }
  return candidates;
}

/// All shapes of all widths and streams, in this order.
std::vector<Trial> list_candidates(const Phase2Request& request, const std::vector<Workload>& works) {
  const size_t streams = request.streams.size();
  std::vector<std::vector<Trial>> lists(request.widths.size() * streams);
  parallel_for(lists.size(), request.threads, [&](size_t n) {
    const size_t width = n / streams;
    lists[n] = list_candidates(request, works[width], static_cast<int>(width), request.streams[n % streams]);
  });
  std::vector<Trial> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

/// One schedule for all candidates that it is the same for. What cannot be admitted early gets the late schedule, which
/// another candidate has: it is dropped.
std::vector<Scheduled> make_schedules(const Phase2Request& request, const std::vector<Workload>& works,
                                      std::vector<Trial>& candidates) {
  std::map<ScheduleKey, size_t> known;
  std::vector<size_t> first;  // candidate of each schedule
  for (size_t n = 0; n < candidates.size(); ++n) {
    const auto [place, missing] = known.try_emplace(candidates[n].key, first.size());
    if (missing) first.push_back(n);
    candidates[n].schedule = place->second;
  }
  std::vector<Scheduled> schedules(first.size());
  parallel_for(first.size(), request.threads, [&](size_t n) {
    const Trial& candidate = candidates[first[n]];
    const EngineShape& shape = candidate.shape;
    const Plan plan = time_shape(works[candidate.width], shape, plan_options(request, shape.contexts, shape.form));
    schedules[n] = {plan.shape.early,         plan.cycles_per_frame,  plan.latency_cycles, plan.bound_by_stream,
                    plan.program.busy_cycles, plan.shape.input_ports, plan.program};
  });
  std::erase_if(candidates,
                [&](const Trial& candidate) { return candidate.shape.early && !schedules[candidate.schedule].early; });
  return schedules;
}

/// Smaller is better: the goal first, then the others.
std::tuple<double, double, double> score(const Phase2Request& request, const Phase2Design& d) {
  const double share = scarcest_share(d.resources, request.budget), latency = d.latency_cycles,
               rate = d.cycles_per_frame;
  switch (request.goal) {
    case Phase2Goal::latency: return {latency, rate, share};
    case Phase2Goal::rate: return {rate, latency, share};
    case Phase2Goal::area: break;
  }
  return {share, latency, rate};
}

double latency_us(const Phase2Request& request, const Phase2Design& d) { return d.latency_cycles / request.clock_mhz; }
double rate(const Phase2Request& request, const Phase2Design& d) {
  return request.clock_mhz * 1e6 / d.cycles_per_frame;
}

std::string describe(const Phase2Request& request, const Phase2Design& d) {
  const NumberFormats& f = request.widths[d.width].network.formats;
  const std::string form = chooses_form(request) ? fmt::format(", {} lanes and spectra of {} bits",
                                                               name_of(d.shape.form), f.spectrum_width())
                                                 : "";
  return fmt::format(
      "{} x {} lanes of {} words, {} rows read out, {} port{}, {} stream{}{}, {}-bit weights and {}-bit activations{}: "
      "{:.2f} us, "
      "{:.0f} frames "
      "per second",
      d.shape.rows, d.shape.columns, d.shape.words, d.shape.readout, d.shape.ports, d.shape.ports > 1 ? "s" : "",
      d.shape.contexts, d.shape.contexts > 1 ? "s" : "",
      d.shape.frames > 1 ? fmt::format(", {} frames in flight", d.shape.frames) : "", f.weight_width,
      f.activation_width, form, latency_us(request, d), rate(request, d));
}

/// The best design of those for which `allowed` holds.
template <class Allowed>
std::optional<size_t> best(const Phase2Request& request, const std::vector<Phase2Design>& designs,
                           const Allowed& allowed) {
  std::optional<size_t> found;
  for (size_t n = 0; n < designs.size(); ++n)
    if (allowed(designs[n]) && (!found || score(request, designs[n]) < score(request, designs[*found]))) found = n;
  return found;
}

struct ResourceName {
  const char* name;
  double (*need)(const Resources&);
  double (*limit)(const DeviceLimits&);
};

constexpr ResourceName resource_names[] = {
    {"DSP blocks", [](const Resources& r) { return static_cast<double>(r.dsp); },
     [](const DeviceLimits& l) { return static_cast<double>(l.dsp); }},
    {"block RAM", [](const Resources& r) { return r.bram36; }, [](const DeviceLimits& l) { return l.bram36; }},
    {"LUTs", [](const Resources& r) { return static_cast<double>(r.lut); },
     [](const DeviceLimits& l) { return static_cast<double>(l.lut); }},
    {"flip-flops", [](const Resources& r) { return static_cast<double>(r.ff); },
     [](const DeviceLimits& l) { return static_cast<double>(l.ff); }},
    {"logic cells", [](const Resources& r) { return static_cast<double>(r.cells); },
     [](const DeviceLimits& l) { return static_cast<double>(l.lut); }},
};

/// Which resource keeps a better design out: with its limit lifted, and the others kept, a better one would fit.
void explain_limits(const Phase2Request& request, Phase2Result& result) {
  const Phase2Design& chosen = result.designs[*result.chosen];
  for (const ResourceName& lifted : resource_names) {
    const auto better = best(request, result.designs, [&](const Phase2Design& d) {
      if (!d.meets) return false;
      for (const ResourceName& other : resource_names)
        if (&other != &lifted && other.need(d.resources) > other.limit(request.budget)) return false;
      return true;
    });
    if (request.goal == Phase2Goal::area || !better ||
        score(request, result.designs[*better]) >= score(request, chosen))
      continue;
    const Phase2Design& d = result.designs[*better];
    if (d.latency_cycles == chosen.latency_cycles && d.cycles_per_frame == chosen.cycles_per_frame) continue;
    result.reasons.push_back(fmt::format(
        "{} bind: it uses {:g} of {:g}, and without that limit the best design ({} x {} lanes, {:g} cycles a frame, "
        "latency {}) needs {:g}",
        lifted.name, lifted.need(chosen.resources), lifted.limit(request.budget), d.shape.rows, d.shape.columns,
        d.cycles_per_frame, d.latency_cycles, lifted.need(d.resources)));
  }
}

void explain_cycles(Phase2Result& result) {
  const Phase2Design& d = result.designs[*result.chosen];
  const double idle = 1 - static_cast<double>(d.busy_cycles) / std::max(d.run_cycles, d.stream_cycles);
  if (d.stream_cycles >= d.run_cycles)
    result.reasons.push_back(
        fmt::format("the streams' ports bind: {} cycles for the beats of a run, {} for its computation",
                    d.stream_cycles, d.run_cycles));
  result.reasons.push_back(
      fmt::format("the array works in {} of {} cycles; in the other {:.0f} % it waits for {}", d.busy_cycles,
                  std::max(d.run_cycles, d.stream_cycles), 100 * idle,
                  idle > 0.02 ? "results that the next step depends on" : "nothing in particular"));
}

void explain_choice(const Phase2Request& request, Phase2Result& result) {
  const Phase2Design& d = result.designs[*result.chosen];
  const char* goals[] = {"the shortest latency", "the highest rate", "the smallest share of the device"};
  result.reasons.push_back(
      fmt::format("{} of {} designs that fit{}: {}", goals[static_cast<int>(request.goal)], result.fitting,
                  request.max_latency_us || request.min_rate ? " and keep the bounds" : "", describe(request, d)));
  explain_limits(request, result);
  explain_cycles(result);
}

/// What is short for the design that comes nearest to fitting, among those whose width may be chosen.
std::string shortage(const Phase2Request& request, const Phase2Result& result) {
  const Phase2Design* least = nullptr;
  for (const Phase2Design& d : result.designs)
    if (request.widths[d.width].choosable &&
        (!least || scarcest_share(d.resources, request.budget) < scarcest_share(least->resources, request.budget)))
      least = &d;
  if (!least)
    return fmt::format("nothing fits {}: no engine of this block size has so few multipliers", request.device.name);
  std::string text;
  for (const ResourceName& r : resource_names) {
    const double need = r.need(least->resources), limit = r.limit(request.budget);
    if (need > limit) text += fmt::format("{}{:g} {} of {:g}", text.empty() ? "" : ", ", need, r.name, limit);
  }
  return fmt::format("nothing fits {}: even the design that comes nearest needs {}", request.device.name, text);
}

/// Nothing was chosen: what is short, or how far the bounds are.
void explain_failure(const Phase2Request& request, Phase2Result& result) {
  if (std::none_of(request.widths.begin(), request.widths.end(), [](const Phase2Width& w) { return w.choosable; })) {
    result.reasons.push_back("no width keeps the bound of the error");
    return;
  }
  if (result.choosable == 0) {
    result.reasons.push_back(shortage(request, result));
    if (const auto n = best(request, result.designs, [](const Phase2Design& d) { return d.fits; }))
      result.reasons.push_back("with fewer bits than may be chosen it would fit: " +
                               describe(request, result.designs[*n]));
    return;
  }
  const auto allowed = [&](const Phase2Design& d) { return d.fits && request.widths[d.width].choosable; };
  Phase2Request fastest = request;
  fastest.goal = Phase2Goal::latency;
  if (const auto n = best(fastest, result.designs, allowed))
    result.reasons.push_back("the shortest latency that fits: " + describe(request, result.designs[*n]));
  fastest.goal = Phase2Goal::rate;
  if (const auto n = best(fastest, result.designs, allowed))
    result.reasons.push_back("the highest rate that fits: " + describe(request, result.designs[*n]));
}

}  // namespace

bool chooses_form(const Phase2Request& request) { return request.forms != std::vector{LaneForm::plain}; }

double scarcest_share(const Resources& need, const DeviceLimits& budget) {
  double share = 0;
  for (const ResourceName& r : resource_names) {
    const double limit = r.limit(budget), used = r.need(need);
    share = std::max(share, limit > 0 ? used / limit : used > 0 ? 1e9 : 0);
  }
  return share;
}

Phase2Result explore_phase2(const Phase2Request& request) {
  if (request.widths.empty() || request.streams.empty() || request.forms.empty())
    throw bad_input("nothing to explore: no widths, no streams or no forms of lanes");
  Phase2Result result;
  std::vector<Workload> works;
  for (const Phase2Width& width : request.widths) works.emplace_back(width.network);
  std::vector<Trial> candidates = list_candidates(request, works);
  const std::vector<Scheduled> schedules = make_schedules(request, works, candidates);
  const size_t units = request.dsp_activations ? 2 : 1;
  result.designs.resize(candidates.size() * units);
  parallel_for(candidates.size(), request.threads, [&](size_t n) {
    const Trial& candidate = candidates[n];
    const Scheduled& s = schedules[candidate.schedule];
    const Phase2Width& width = request.widths[candidate.width];
    Phase2Design d;
    d.shape = candidate.shape;
    d.shape.early = s.early;
    d.shape.input_ports = s.input_ports;
    d.width = candidate.width;
    d.cycles_per_frame = s.cycles_per_frame;
    d.latency_cycles = s.latency_cycles;
    d.run_cycles = s.program.run_cycles;
    d.busy_cycles = s.busy_cycles;
    d.stream_cycles = s.stream_cycles;
    d.meets = width.choosable && (!request.max_latency_us || latency_us(request, d) <= *request.max_latency_us) &&
              (!request.min_rate || rate(request, d) >= *request.min_rate);
    const Workload& work = works[candidate.width];
    const MemoryMap map = map_memory(work, d.shape);
    const auto memories = mapped_memories(work, d.shape, map, s.program, request.device.family);
    for (size_t unit = 0; unit < units; ++unit) {
      d.shape.dsp_activations = unit == 1;
      d.resources = estimate_resources(work, d.shape, map, s.program, memories, request.device.family);
      d.fits = fits(d.resources, request.budget);
      result.designs[n * units + unit] = d;
    }
  });
  std::vector<std::vector<size_t>> of_width(request.widths.size());
  for (size_t n = 0; n < result.designs.size(); ++n) {
    const Phase2Design& d = result.designs[n];
    result.fitting += d.fits;
    result.choosable += d.fits && request.widths[d.width].choosable;
    of_width[d.width].push_back(n);
  }
  parallel_for(of_width.size(), request.threads, [&](size_t w) { mark_front(result.designs, of_width[w]); });
  result.chosen = best(request, result.designs, [](const Phase2Design& d) { return d.fits && d.meets; });
  if (result.chosen)
    explain_choice(request, result);
  else
    explain_failure(request, result);
  return result;
}

}  // namespace erngen
