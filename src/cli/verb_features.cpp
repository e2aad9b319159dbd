// erngen features: audio to the network's input.
#include <memory>

#include <fmt/format.h>

#include "cli/report.hpp"
#include "cli/speech_model.hpp"
#include "cli/verbs.hpp"

namespace erngen::cli {
namespace {

struct FeaturesArguments {
  std::vector<std::string> audio;
  std::string network, output;
  JsonOption json;
};

void run(const FeaturesArguments& options) {
  const SpeechModel model = open_speech_model(options.network);
  const Frontend& frontend = model.speech.frontend;
  Array all{{0, model.inputs}, {}};
  double seconds = 0;
  for (const std::string& file : options.audio) {
    const Audio audio = read_audio(file, frontend.config().sample_rate);
    const Array x = frontend.features(audio);
    all.shape[0] += x.shape[0];
    all.values.insert(all.values.end(), x.values.begin(), x.values.end());
    seconds += audio.seconds();
  }
  write_npy(options.output, all);
  const Json json{
      {"files", options.audio.size()}, {"seconds", seconds}, {"frames", all.shape[0]}, {"features", all.shape[1]}};
  options.json.report(json, fmt::format("{} file{}, {:.2f} s of audio: {} frames of {} features", options.audio.size(),
                                        options.audio.size() == 1 ? "" : "s", seconds, all.shape[0], all.shape[1]));
}

}  // namespace

void add_features(CLI::App& app) {
  const auto options = std::make_shared<FeaturesArguments>();
  CLI::App* verb = app.add_subcommand("features", "Turn audio into the network's input");
  verb->footer(
      "The front end's parameters are part of the network file. Several recordings are joined in the order given,\n"
      "as calibration data for erngen quantise, for example.");
  verb->add_option("audio", options->audio, "Mono WAV, FLAC or NIST SPHERE files")->type_name("AUDIO")->required();
  verb->add_option("--network", options->network, "Network file")->type_name("NET|QNET")->required();
  verb->add_option("-o,--output", options->output, "Features to write, .npy of float32 [frames, features]")
      ->type_name("X.npy")
      ->required();
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
