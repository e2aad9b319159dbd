// Phase II of E-RNN: the design for a device, from all of them.
#include <array>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/random.hpp"
#include "base/staged_directory.hpp"
#include "cell/quant_file.hpp"
#include "cell/quantiser.hpp"
#include "circulant/projection.hpp"
#include "cli/choice.hpp"
#include "cli/explore_phase.hpp"
#include "cli/number.hpp"
#include "cli/plan_options.hpp"
#include "explore/phase2.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"
#include "plan/form_spectra.hpp"

namespace erngen::cli {
namespace {

constexpr int noise_frames = 64;  ///< of calibration where none is given

/// Seeded normal noise: formats, and so sizes, of a network whose data are not at hand.
Array noise(int features) {
  Rng random(1);
  Array x{{noise_frames, features}, {}};
  for (int n = 0; n < noise_frames * features; ++n) x.values.push_back(static_cast<float>(random.normal()));
  return x;
}

double output_sqnr(const QuantNetwork& network, const QuantiseReport& report) {
  const std::string& output = network.graph.vectors[network.graph.output_vector()].name;
  for (const SignalReport& signal : report.signals)
    if (signal.name == output) return std::isfinite(signal.sqnr_db) ? signal.sqnr_db : 200;
  return 0;
}

class Phase2 : public ExplorePhase {
 public:
  void add_to(CLI::App& app) override {
    const char* group = "Phase 2";
    app.add_option("network", network_, "Phase 2: the network, or a quantised one")
        ->type_name("NET|QNET")
        ->group(group);
    app.add_option("--calibration", calibration_,
                   "Phase 2: typical input for the formats of a network; default: seeded noise")
        ->type_name("X.npy")
        ->group(group);
    app.add_option("--widths", widths_,
                   "Phase 2: widths of weights and activations to try for a "
                   "network")
        ->delimiter(',')
        ->transform(within(4, 18))
        ->capture_default_str()
        ->group(group);
    app.add_option("--min-sqnr", min_sqnr_,
                   "Phase 2: widths, of spectra too, whose outputs have a lower SQNR on the calibration data are not "
                   "chosen, in "
                   "decibels; default: at least 12 bits")
        ->type_name("DB")
        ->transform(within(0.0, 1000.0))
        ->group(group);
    app.add_option("--lane-forms", forms_,
                   "Phase 2: how lanes multiply: plain, bins, blocks (docs/concepts/engine.md). A network is quantised "
                   "at each width with the widest spectra that each of them permits [plain]")
        ->type_name("FORM,...")
        ->delimiter(',')
        ->transform(one_of(lane_forms))
        ->group(group);
    app.add_option("--streams", streams_, "Phase 2: numbers of streams to try")
        ->delimiter(',')
        ->transform(within(1, 64))
        ->capture_default_str()
        ->group(group);
    app.add_option("--goal", goal_, "Phase 2: what to make small [latency]")
        ->type_name("latency|rate|area")
        ->transform(one_of<Phase2Goal>(
            {{"latency", Phase2Goal::latency}, {"rate", Phase2Goal::rate}, {"area", Phase2Goal::area}}))
        ->group(group);
    app.add_option("--max-latency", max_latency_, "Phase 2: longest latency, us")
        ->transform(within(1e-9, 1e18))
        ->group(group);
    app.add_option("--min-rate", min_rate_,
                   "Phase 2: least rate, frames per second of all streams "
                   "together")
        ->transform(within(1e-9, 1e18))
        ->group(group);
    app.add_option("--max-dsp", max_dsp_, "Phase 2: most DSP blocks; default: all of the device")
        ->transform(within(1, 1000000))
        ->group(group);
    app.add_option("--max-bram", max_bram_, "Phase 2: most block RAM, in blocks of 36 kbit")
        ->transform(within(1e-9, 1e18))
        ->group(group);
    app.add_option("--max-lut", max_lut_, "Phase 2: most LUTs")->transform(within(1, 1000000000))->group(group);
    add_pipeline_option(app, pipeline_, "Phase 2: registers")->group(group);
  }

  void run(const ExploreCommon& common) override {
    if (network_.empty())
      throw Error(ExitCode::usage, "explore --phase 2 needs a network", "name a network file or a quantised one");
    const Phase2Request request = make_request(common);
    const Phase2Result result = explore_phase2(request);
    if (!result.chosen) throw failure(request, result);
    Json json = result_json(request, result);
    json["command"] = command(request, result);
    if (chooses_form(request) && real_) json["quantise"] = quantise_command(request, result);
    if (!common.output.empty()) {
      StagedDirectory stage(common.output);
      stage.write("manifest.json", Json{{"generator", "erngen"}, {"explore", "phase 2"}}.dump(2) + "\n");
      stage.write("phase2.json", json_text(json, 2) + "\n");
      stage.write("designs.csv", result_csv(request, result));
      stage.write("index.html", result_html(request, result,
                                            fmt::format("{} on {}", std::filesystem::path(network_).filename().string(),
                                                        request.device.name)));
      stage.commit();
    }
    common.json.report(json, text(request, result, common));
  }

 private:
  Phase2Request make_request(const ExploreCommon& common) {
    Phase2Request request;
    device_ = common.device;
    request.device = find_device(device_);
    request.budget = limits_of(request.device);
    if (max_dsp_ > 0) request.budget.dsp = std::min(request.budget.dsp, max_dsp_);
    if (max_bram_ > 0) request.budget.bram36 = std::min(request.budget.bram36, max_bram_);
    if (max_lut_ > 0) request.budget.lut = std::min(request.budget.lut, max_lut_);
    request.clock_mhz = common.clock;
    request.streams = streams_;
    request.pipeline = pipeline_;
    request.forms = forms_;
    request.goal = goal_;
    if (max_latency_ > 0) request.max_latency_us = max_latency_;
    if (min_rate_ > 0) request.min_rate = min_rate_;
    if (file_kind(network_) == FileKind::quantised) {
      request.widths.push_back({read_quant_network(network_), 0, true});
    } else {
      real_ = read_network(network_);
      const Sequences x = calibration_.empty() ? noise(real_->input()) : read_sequences(calibration_);
      for (const int width : widths_) add_width(request, x, width);
    }
    return request;
  }

  /// The network at `width`, with the widest spectra that each form permits.
  void add_width(Phase2Request& request, const Sequences& x, int width) const {
    int seen = NumberFormats::max_spectrum_width + 1;
    for (const int spectra : form_spectra(forms_, request.device.family)) {
      if (seen <= spectra) continue;  // it has no wider ones
      request.widths.push_back(quantised(*real_, x, width, spectra));
      seen = request.widths.back().network.formats.spectrum_width();
    }
  }

  Phase2Width quantised(const Network& network, const Sequences& x, int width, int spectra) const {
    QuantiseOptions options;
    options.spectrum_width = spectra;
    options.weight_width = options.activation_width = width;
    options.exact_widths = true;
    QuantiseReport report;
    Phase2Width result{quantise(network, x, options, &report), 0, true};
    result.sqnr_db = output_sqnr(result.network, report);
    result.choosable = min_sqnr_ > 0 ? result.sqnr_db >= min_sqnr_ : width >= 12;
    return result;
  }

  /// What a smaller demand would be: larger blocks, fewer bits, fewer cells. Each is tried.
  std::string way_out(const Phase2Request& request) const {
    std::string text;
    const auto try_one = [&](const std::string& name, const QuantNetwork& network) {
      Phase2Request smaller = request;
      smaller.widths = {{network, 0, true}};
      smaller.streams = {1};
      const Phase2Result result = explore_phase2(smaller);
      if (!result.chosen) return;
      const Phase2Design& d = result.designs[*result.chosen];
      text +=
          fmt::format("{}{} ({:.2f} us, {} DSP, {:g} BRAM36, {} LUT)", text.empty() ? "what would fit: " : "; ", name,
                      d.latency_cycles / request.clock_mhz, d.resources.dsp, d.resources.bram36, d.resources.lut);
    };
    if (!real_)
      return "give the network itself in place of the quantised one to be told which smaller one fits; else take a "
             "larger device";
    const Array x = noise(real_->input());
    QuantiseOptions eight;
    eight.weight_width = eight.activation_width = 8;
    QuantiseOptions usual;
    eight.spectrum_width = usual.spectrum_width = form_spectra(forms_, request.device.family).front();
    try_one("weights and activations of 8 bits", quantise(*real_, x, eight, nullptr));
    for (const int block : {real_->max_block() * 2, real_->max_block() * 4})
      if (block <= 64) {
        BlockChoice choice;
        choice.all = {block, block, block, 1};
        try_one(fmt::format("block size {}", block), quantise(compress(*real_, choice).network, x, usual, nullptr));
      }
    for (const int part : {2, 4, 8})
      try_one(fmt::format("a layer of {} cells", cells() / part), quantise(smaller(part), x, usual, nullptr));
    return text.empty() ? "no smaller block, width or layer that was tried fits either: take a larger device" : text;
  }

  int cells() const {
    return std::visit(
        [](const auto& layer) {
          if constexpr (requires { layer.hidden; })
            return layer.hidden;
          else
            return layer.output();
        },
        real_->nodes.front().layer);
  }

  /// The first layer alone with fewer cells: the same structure, all weights zero (sizes are what is asked about).
  Network smaller(int part) const {
    Network network;
    const auto shrink = [part](const BlockMatrix& m, bool rows, bool columns) {
      return BlockMatrix(rows ? std::max(1, m.rows / part) : m.rows, columns ? std::max(1, m.cols / part) : m.cols,
                         m.block);
    };
    std::visit(
        [&](const auto& layer) {
          auto copy = layer;
          if constexpr (requires { layer.hidden; }) {
            copy.hidden = std::max(1, layer.hidden / part);
            for (auto& m : copy.input_weights) m = shrink(m, true, false);
            for (auto& m : copy.recurrent_weights) m = shrink(m, true, true);
            for (auto& b : copy.bias)
              if (!b.empty()) b.assign(static_cast<size_t>(copy.hidden), 0.0f);
            if constexpr (requires { layer.projection; }) {
              if (copy.projection) copy.projection = shrink(*copy.projection, true, true);
              for (auto& p : copy.peephole)
                if (!p.empty()) p.assign(static_cast<size_t>(copy.hidden), 0.0f);
            }
            if constexpr (requires { layer.bias_hn; })
              if (!copy.bias_hn.empty()) copy.bias_hn.assign(static_cast<size_t>(copy.hidden), 0.0f);
          }
          network.append(copy);
        },
        real_->nodes.front().layer);
    return network;
  }

  Error failure(const Phase2Request& request, const Phase2Result& result) const {
    std::string reasons;
    for (const std::string& reason : result.reasons) reasons += (reasons.empty() ? "" : "\n  ") + reason;
    if (result.choosable == 0) return {ExitCode::capacity, reasons, way_out(request)};
    return {ExitCode::capacity,
            fmt::format("no design keeps the bounds on {} at {:g} MHz:\n  {}", request.device.name, request.clock_mhz,
                        reasons),
            "relax the bound, raise the clock, or take a larger device"};
  }

  std::string command(const Phase2Request& request, const Phase2Result& result) const {
    const Phase2Design& d = result.designs[*result.chosen];
    return fmt::format(
        "erngen generate QNET --device {} --clock {:g} --streams {} --words {} --rows {} --columns {} --readout {} "
        "--ports {} "
        "--folding {} --products {} --rotations {} --admission {} --overlap {}{}{}{}{} -o DIR",
        shell_word(device_), request.clock_mhz, d.shape.contexts, d.shape.words, d.shape.rows, d.shape.columns,
        d.shape.readout, d.shape.ports, d.shape.folding, d.shape.cell_luts ? "lut" : "dsp",
        d.shape.adders ? "lut" : "dsp", d.shape.early ? "early" : "late",
        d.shape.frames > 1 ? fmt::to_string(d.shape.frames) : "off",
        d.shape.form != LaneForm::plain ? fmt::format(" --lane-form {}", name_of(d.shape.form)) : "",
        d.shape.dsp_activations ? " --dsp-activations" : "",
        d.shape.pipeline ? fmt::format(" --pipeline {}", d.shape.pipeline) : "",
        request.goal == Phase2Goal::latency ? " --goal latency" : "");
  }

  /// Makes the QNET of command().
  std::string quantise_command(const Phase2Request& request, const Phase2Result& result) const {
    const NumberFormats& f = request.widths[result.designs[*result.chosen].width].network.formats;
    return fmt::format(
        "erngen quantise {} --calibration {} --weights {} --activations {} --exact-widths --spectra {} -o QNET",
        shell_word(network_), calibration_.empty() ? "X.npy" : shell_word(calibration_), f.weight_width,
        f.activation_width, std::max(QuantiseOptions::least_spectrum_width, f.spectrum_width()));
  }

  std::string text(const Phase2Request& request, const Phase2Result& result, const ExploreCommon& common) const {
    const Phase2Design& d = result.designs[*result.chosen];
    Table table({"", "chosen", "limit"});
    const Resources& r = d.resources;
    table.add({"DSP", fmt::to_string(r.dsp), fmt::to_string(request.budget.dsp)});
    table.add({"BRAM36", fmt::format("{:g}", r.bram36), fmt::format("{:g}", request.budget.bram36)});
    table.add({"LUT (estimate)", fmt::to_string(r.lut), fmt::to_string(request.budget.lut)});
    table.add({"FF (estimate)", fmt::to_string(r.ff), fmt::to_string(request.budget.ff)});
    std::string result_text;
    for (const std::string& reason : result.reasons) result_text += "- " + reason + "\n";
    result_text += "\n" + table.text() + "\n";
    if (chooses_form(request) && real_) result_text += quantise_command(request, result) + "\n";
    result_text += command(request, result) + "\n";
    if (!common.output.empty())
      result_text += fmt::format("\n{0}: index.html, designs.csv, phase2.json\n", common.output);
    return result_text;
  }

  std::string network_, calibration_, device_;
  std::vector<int> widths_{8, 10, 12, 14, 16}, streams_{1, 2, 3};
  std::vector<LaneForm> forms_{LaneForm::plain};
  Phase2Goal goal_ = Phase2Goal::latency;
  double min_sqnr_ = 0, max_latency_ = 0, min_rate_ = 0, max_bram_ = 0;
  int max_dsp_ = 0, max_lut_ = 0, pipeline_ = 0;
  std::optional<Network> real_;
};

}  // namespace

std::unique_ptr<ExplorePhase> explore_phase2() { return std::make_unique<Phase2>(); }

}  // namespace erngen::cli
