// Phase II: what it chooses, the front, its reasons, against a look at every design.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <algorithm>

#include "cell/quantiser.hpp"
#include "cell/test_networks.hpp"
#include "explore/phase2.hpp"

using namespace erngen;

namespace {

QuantNetwork network_of(int hidden, int width, int layers = 1, int spectra = 18) {
  NetworkShape shape;
  shape.layers = layers;
  shape.input = 20;
  shape.hidden = hidden;
  shape.block.all = {4, 4, 4, 1};
  const Network network = random_network(shape);
  QuantiseOptions options;
  options.weight_width = options.activation_width = width;
  options.spectrum_width = spectra;
  return quantise(network, random_frames({20, 20}, 3), options, nullptr);
}

Phase2Request request_for(const char* device_name, std::vector<int> widths, int hidden = 32) {
  Phase2Request request;
  for (const int width : widths) request.widths.push_back({network_of(hidden, width), 40, true});
  request.device = find_device(device_name);
  const Device& d = request.device;
  request.budget = {d.name, d.family, d.dsp, d.bram36(), d.lut, d.ff};
  request.streams = {1, 2};
  return request;
}

bool worse_or_equal(const Phase2Design& a, const Phase2Design& b) {
  return a.latency_cycles >= b.latency_cycles && a.cycles_per_frame >= b.cycles_per_frame &&
         a.resources.dsp >= b.resources.dsp && a.resources.lut >= b.resources.lut &&
         a.resources.bram36 >= b.resources.bram36;
}

}  // namespace

TEST_CASE("the chosen design is the best that fits, for every goal") {
  Phase2Request request = request_for("xc7a35t", {8, 12});
  for (const Phase2Goal goal : {Phase2Goal::latency, Phase2Goal::rate, Phase2Goal::area}) {
    request.goal = goal;
    const Phase2Result result = explore_phase2(request);
    REQUIRE(result.chosen);
    const Phase2Design& chosen = result.designs[*result.chosen];
    CHECK(chosen.fits);
    CHECK(chosen.resources.dsp <= 90);
    for (const Phase2Design& d : result.designs) {
      if (!d.fits) continue;
      if (goal == Phase2Goal::latency) CHECK(d.latency_cycles >= chosen.latency_cycles);
      if (goal == Phase2Goal::rate) CHECK(d.cycles_per_frame >= chosen.cycles_per_frame);
      if (goal == Phase2Goal::area)
        CHECK(scarcest_share(d.resources, request.budget) >= scarcest_share(chosen.resources, request.budget));
    }
    CHECK(result.reasons.size() >= 2);
  }
}

TEST_CASE("designs are looked at with early and with late admission, each once") {
  const Phase2Result result = explore_phase2(request_for("xc7a35t", {12}));
  int early = 0, faster = 0;
  for (size_t n = 0; n < result.designs.size(); ++n) {
    const Phase2Design& d = result.designs[n];
    early += d.shape.early;
    for (size_t m = 0; m < result.designs.size() && d.shape.early; ++m) {
      EngineShape late = d.shape;
      late.early = false;
      if (result.designs[m].shape == late && result.designs[m].latency_cycles > d.latency_cycles) ++faster;
    }
  }
  CHECK(early > 0);
  CHECK(faster > 0);
}

TEST_CASE("designs are looked at with all frames in flight: more of them a second, and each later") {
  Phase2Request request = request_for("xc7a35t", {12});
  request.widths = {{network_of(16, 12, 2), 40, true}};
  const Phase2Result result = explore_phase2(request);
  int better = 0;
  for (const Phase2Design& d : result.designs) {
    if (d.shape.frames == 1) continue;
    CHECK(d.shape.contexts == 1);
    for (const Phase2Design& other : result.designs) {
      EngineShape same = other.shape;
      same.frames = d.shape.frames;
      if (other.shape.frames > 1 || same != d.shape || other.width != d.width) continue;
      CHECK(other.latency_cycles <= d.latency_cycles);
      better += d.cycles_per_frame < other.cycles_per_frame;
    }
  }
  CHECK(better > 0);
}

TEST_CASE("each width is looked at in the forms that its spectra permit, plain lanes as without the others") {
  Phase2Request request = request_for("xc7a35t", {});
  for (const int spectra : {18, 16}) {
    request.widths.push_back({network_of(32, 14, 1, spectra), 40, true});
    REQUIRE(request.widths.back().network.formats.spectrum_width() == spectra);
  }
  CHECK(result_csv(request, explore_phase2(request)).find("lane_form") == std::string::npos);
  const Phase2Result plain = explore_phase2(request);
  request.forms = {LaneForm::plain, LaneForm::bins, LaneForm::blocks};
  const Phase2Result all = explore_phase2(request);
  size_t of_form[3] = {}, compared = 0;
  for (size_t n = 0; n < all.designs.size(); ++n) {
    const Phase2Design& d = all.designs[n];
    ++of_form[static_cast<int>(d.shape.form)];
    if (d.shape.form == LaneForm::plain) continue;
    CHECK(request.widths[d.width].network.formats.spectrum_width() == 16);
    if (n % 97 != 0) continue;
    PlanOptions options;
    options.contexts = d.shape.contexts;
    const Plan plan = plan_shape(Workload(request.widths[d.width].network), d.shape, options);
    CHECK(plan.cycles_per_frame == d.cycles_per_frame);
    CHECK(plan.latency_cycles == d.latency_cycles);
    CHECK(plan.resources.dsp == d.resources.dsp);
    ++compared;
  }
  CHECK(of_form[0] == plain.designs.size());
  CHECK(of_form[1] > 100);
  CHECK(of_form[2] > 100);
  CHECK(compared > 3);
  CHECK(result_csv(request, all).find(",blocks,16,") != std::string::npos);

  // The chosen one is faster where narrow spectra may be chosen, and says how it multiplies.
  REQUIRE(all.chosen);
  const Phase2Design& chosen = all.designs[*all.chosen];
  CHECK(chosen.shape.form != LaneForm::plain);
  CHECK(chosen.latency_cycles < plain.designs[*plain.chosen].latency_cycles);
  CHECK(all.reasons.at(0).find("lanes and spectra of 16 bits") != std::string::npos);
  request.widths[1].choosable = false;
  const Phase2Result accurate = explore_phase2(request);
  REQUIRE(accurate.chosen);
  CHECK(accurate.designs[*accurate.chosen].width == 0);
  CHECK(accurate.designs[*accurate.chosen].shape.form == LaneForm::plain);
}

TEST_CASE("the result does not depend on the number of threads") {
  Phase2Request request = request_for("xc7a35t", {8, 12});
  request.threads = 1;
  const std::string one = result_csv(request, explore_phase2(request));
  request.threads = 3;
  CHECK(result_csv(request, explore_phase2(request)) == one);
}

TEST_CASE("a design is what the planner makes of its shape") {
  const Phase2Request request = request_for("xc7a35t", {12});
  const Phase2Result result = explore_phase2(request);
  const Workload work(request.widths[0].network);
  int compared = 0;
  for (size_t n = 0; n < result.designs.size(); n += 37, ++compared) {
    const Phase2Design& d = result.designs[n];
    PlanOptions options;
    options.contexts = d.shape.contexts;
    const Plan plan = plan_shape(work, d.shape, options);
    CHECK(plan.cycles_per_frame == d.cycles_per_frame);
    CHECK(plan.latency_cycles == d.latency_cycles);
    CHECK(plan.resources.dsp == d.resources.dsp);
    CHECK(plan.resources.lut == d.resources.lut);
  }
  CHECK(compared > 3);
}

TEST_CASE("the front has every design that no other of its width is at least as good as") {
  const Phase2Result result = explore_phase2(request_for("xc7a35t", {12}));
  for (size_t a = 0; a < result.designs.size(); ++a) {
    const Phase2Design& d = result.designs[a];
    if (!d.fits) {
      CHECK(!d.front);
      continue;
    }
    const bool beaten = std::any_of(result.designs.begin(), result.designs.end(), [&](const Phase2Design& other) {
      return other.fits && &other != &d && worse_or_equal(d, other) && (!worse_or_equal(other, d) || other.front);
    });
    CHECK(d.front == !beaten);
  }
}

TEST_CASE("bounds exclude, and impossible ones are explained") {
  Phase2Request request = request_for("xc7a35t", {12});
  const Phase2Result free = explore_phase2(request);
  request.goal = Phase2Goal::area;
  request.max_latency_us = 1.5 * free.designs[*free.chosen].latency_cycles / request.clock_mhz;
  const Phase2Result bounded = explore_phase2(request);
  REQUIRE(bounded.chosen);
  CHECK(bounded.designs[*bounded.chosen].latency_cycles / request.clock_mhz <= *request.max_latency_us);
  request.max_latency_us = 0.001;
  const Phase2Result none = explore_phase2(request);
  CHECK(!none.chosen);
  CHECK(none.fitting > 0);
  CHECK(none.reasons.at(0).find("the shortest latency that fits") != std::string::npos);
  request.max_latency_us.reset();
  request.widths[0].choosable = false;
  CHECK(explore_phase2(request).reasons.at(0) == "no width keeps the bound of the error");
}

TEST_CASE("a device that is too small is said to be, with what is short") {
  const Phase2Result result = explore_phase2(request_for("up5k", {12}));
  CHECK(!result.chosen);
  CHECK(result.fitting == 0);
  CHECK(result.reasons.at(0).find("nothing fits up5k") != std::string::npos);
  CHECK_ERROR(explore_phase2(Phase2Request{}), ExitCode::bad_input, "nothing to explore");
}

TEST_CASE("a keyword-sized network fits the iCE40 UP5K, and its logic cells bind") {  // placed and routed:
                                                                                      // docs/how-to/synthesis.md
  NetworkShape shape;
  shape.cell = CellKind::gru;
  shape.reset = Reset::before;
  shape.input = 13;
  shape.hidden = 32;
  shape.dense = 10;
  shape.block.all = {2, 2, 2, 2};
  QuantiseOptions options;
  options.weight_width = options.activation_width = 6;
  options.spectrum_width = 12;
  options.activation_ulp = 2;
  Phase2Request request = request_for("up5k", {});
  request.widths.push_back({quantise(random_network(shape), random_frames({20, 13}, 3), options, nullptr), 40, true});
  const Phase2Result result = explore_phase2(request);
  REQUIRE(result.chosen);
  const Resources& r = result.designs[*result.chosen].resources;
  CHECK(r.dsp == 8);
  CHECK(r.cells > r.ff);
  CHECK(r.cells <= 5280);
  CHECK(result.reasons.at(1).find("logic cells bind") != std::string::npos);
}

TEST_CASE("what binds is named") {
  Phase2Request request = request_for("xc7a35t", {12});
  request.budget.dsp = 40;
  const Phase2Result result = explore_phase2(request);
  REQUIRE(result.chosen);
  CHECK(result.reasons.at(1).find("DSP blocks bind") != std::string::npos);
}

TEST_CASE("reports: CSV has a row a design, the page needs no other file") {
  const Phase2Request request = request_for("xc7a35t", {12});
  const Phase2Result result = explore_phase2(request);
  const std::string csv = result_csv(request, result);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == static_cast<long>(result.designs.size()) + 1);
  const std::string page = result_html(request, result, "a </script> name");
  CHECK(page.find("http://www.w3.org/2000/svg") != std::string::npos);  // a namespace, not an address that is fetched
  for (const char* outside : {"src=", "href=", "@import", "url(", "fetch("})
    CHECK(page.find(outside) == std::string::npos);
  CHECK(page.find("a </script> name") == std::string::npos);
  CHECK(result_json(request, result).at("chosen").at("fits") == true);
}
