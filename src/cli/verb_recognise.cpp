// erngen recognise: what was said.
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cli/report.hpp"
#include "cli/speech_model.hpp"
#include "cli/verbs.hpp"
#include "speech/ctc.hpp"
#include "speech/digits.hpp"

namespace erngen::cli {
namespace {

struct RecogniseArguments {
  std::string network, audio, outputs;
  JsonOption json;
};

/// The outputs [frames, classes] of one recording.
Array outputs_of(const RecogniseArguments& options, const SpeechModel& model) {
  if (options.outputs.empty()) {
    const Frontend& frontend = model.speech.frontend;
    return model.run(frontend.features(read_audio(options.audio, frontend.config().sample_rate)));
  }
  Array y = read_npy(options.outputs);
  // One stream of several is what erngen run and erngen simulate write for an input of that shape.
  if (y.shape.size() == 3 && y.shape[0] == 1) y.shape.erase(y.shape.begin());
  if (y.shape.size() != 2 || y.shape[1] != model.outputs) {
    throw bad_input(fmt::format("{}: has the shape [{}], [frames, {}] is expected", options.outputs,
                                fmt::join(y.shape, ", "), model.outputs),
                    "give the outputs of this network for one recording");
  }
  return y;
}

/// A network of phones says which it heard.
void run_phones(const RecogniseArguments& options, const SpeechModel& model, const Array& y) {
  std::vector<std::string> phones;
  for (const int c : ctc_greedy(y)) phones.push_back(model.speech.labels.at(static_cast<size_t>(c)));
  options.json.report({{"phones", phones}, {"frames", y.shape[0]}},
                      phones.empty() ? "(nothing)" : fmt::format("{}", fmt::join(phones, " ")));
}

void run(const RecogniseArguments& options) {
  const SpeechModel model = open_speech_model(options.network);
  const Array y = outputs_of(options, model);
  if (label_unit(model.speech.labels) != LabelUnit::digits) return run_phones(options, model, y);
  const std::vector<int> digits = labels_to_digits(ctc_greedy(y), model.speech.labels);
  std::vector<std::string_view> words;
  for (int d : digits) words.push_back(digit_word(d));
  const Json json{{"digits", digits}, {"words", words}, {"phones", to_phones(digits)}, {"frames", y.shape[0]}};
  options.json.report(json, digits.empty() ? "(nothing)" : to_text(digits));
}

}  // namespace

void add_recognise(CLI::App& app) {
  const auto options = std::make_shared<RecogniseArguments>();
  CLI::App* verb =
      app.add_subcommand("recognise", "Recognise the digits or phones of a recording, or decode network outputs");
  verb->alias("recognize");
  verb->footer(
      "Recognised is the best class of each frame, repetitions merged and blanks removed.\n"
      "Example: decode what the simulated hardware answered\n"
      "  erngen recognise examples/digits-lstm.safetensors --outputs y.npy");
  verb->add_option("network", options->network, "Network file; a quantised one answers in fixed point")
      ->type_name("NET|QNET")
      ->required();
  CLI::Option_group* source = verb->add_option_group("source");
  source->add_option("--audio", options->audio, "Recording: runs the front end and the reference model")
      ->type_name("WAV");
  source->add_option("--outputs", options->outputs, "Outputs of the network, of erngen run or erngen simulate")
      ->type_name("Y.npy");
  source->require_option(1);
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
