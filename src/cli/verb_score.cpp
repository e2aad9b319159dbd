// erngen score: digit and phone error rates on test utterances.
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "cli/choice.hpp"
#include "cli/number.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/speech_model.hpp"
#include "cli/verbs.hpp"

namespace erngen::cli {
namespace {

struct ScoreArguments {
  std::string network, data, speaker;
  double snr_db = 100;
  std::optional<TimitSet> timit;
  std::string split_file, lexicon;
  std::optional<SplitPart> part;
  UtteranceShape shape;
  int utterances = 400;
  std::uint64_t seed = 2024;
  JsonOption json;
};

std::vector<Clip> clips_of(const ScoreArguments& options, int sample_rate) {
  if (options.part == SplitPart::validation)
    throw Error(ExitCode::usage, "score: digit recordings have the splits test and train");
  const Split split = options.part == SplitPart::training ? Split::train : Split::test;
  std::vector<Recording> chosen;
  for (Recording& r : read_layout(options.data)) {
    if (split_of(r) == split && (options.speaker.empty() || r.speaker == options.speaker))
      chosen.push_back(std::move(r));
  }
  if (chosen.empty()) {
    throw bad_input(
        fmt::format("{}: no recordings of the {} split", options.data, split == Split::test ? "test" : "training"),
        "test recordings have index 0 to 4, training recordings 5 and above");
  }
  return read_clips(chosen, sample_rate);
}

Json json_of(const ErrorCount& c) {
  return {{"rate", c.rate()},         {"errors", c.errors()},       {"substitutions", c.substitutions},
          {"deletions", c.deletions}, {"insertions", c.insertions}, {"reference", c.reference}};
}

std::string line_of(const char* name, const ErrorCount& c) {
  return fmt::format("{} error rate {:.2f} %: {} of {} ({} substituted, {} deleted, {} inserted)\n", name,
                     100 * c.rate(), c.errors(), c.reference, c.substitutions, c.deletions, c.insertions);
}

void run_timit(const ScoreArguments& options, const SpeechModel& model) {
  const auto recordings = read_timit(options.data, *options.timit);
  ErrorCount phones;
  {
    Progress progress("scoring", "recordings");
    phones = score_timit(model.run, model.speech.frontend, model.speech.labels, recordings,
                         [&](int done) { progress.update(static_cast<size_t>(done), recordings.size()); });
  }
  options.json.report(
      {{"arithmetic", model.arithmetic}, {"recordings", recordings.size()}, {"phones", json_of(phones)}},
      fmt::format("{} recordings of TIMIT, {} arithmetic\n{}", recordings.size(), model.arithmetic,
                  line_of("phone", phones)));
}

void run_sentences(const ScoreArguments& options, const SpeechModel& model) {
  const SplitPart part = options.part.value_or(SplitPart::test);
  const SentenceSet set = read_sentences({options.data, options.lexicon, options.split_file});
  const std::vector<Sentence>& sentences = set.part(part);
  std::vector<ErrorCount> errors;
  {
    Progress progress("scoring", "sentences");
    errors = score_sentences(model.run, model.speech.frontend, model.speech.labels, set, part,
                             [&](int done) { progress.update(static_cast<size_t>(done), sentences.size()); });
  }
  ErrorCount total;
  Json each = Json::array();
  for (size_t n = 0; n < sentences.size(); ++n) {
    total += errors[n];
    each.push_back({sentences[n].name, sentences[n].key, errors[n].errors(), errors[n].reference});
  }
  options.json.report(
      {{"arithmetic", model.arithmetic},
       {"part", part_name(part)},
       {"sentences", sentences.size()},
       {"outside_lexicon", set.outside_lexicon},
       {"phones", json_of(total)},
       {"each", {{"columns", {"name", "key", "errors", "reference"}}, {"rows", each}}}},
      fmt::format("{} {} sentences ({} of all parts left out: a word is not in the lexicon), {} "
                  "arithmetic\n{}",
                  sentences.size(), part_name(part), set.outside_lexicon, model.arithmetic, line_of("phone", total)));
}

void run(const ScoreArguments& options) {
  const SpeechModel model = open_speech_model(options.network);
  if (!options.split_file.empty()) return run_sentences(options, model);
  if (options.timit) return run_timit(options, model);
  const Frontend& frontend = model.speech.frontend;
  const auto clips = clips_of(options, frontend.config().sample_rate);
  auto utterances = make_utterances(clips, options.shape, options.utterances, options.seed);
  if (options.snr_db < 90) add_noise(utterances, options.snr_db, options.seed);
  std::vector<SpeechScore> scores;
  {
    Progress progress("scoring", "utterances");
    scores = score_utterances(model.run, frontend, model.speech.labels, utterances,
                              [&](int done) { progress.update(static_cast<size_t>(done), utterances.size()); });
  }
  SpeechScore score;
  Json each = Json::array();
  for (size_t n = 0; n < scores.size(); ++n) {
    score += scores[n];
    each.push_back({fmt::format("{}_{}", n, utterances[n].speaker),
                    fmt::format("{}", fmt::join(utterances[n].digits, "")), scores[n].phones.errors(),
                    scores[n].phones.reference, scores[n].digits.errors()});
  }
  const Json json{{"arithmetic", model.arithmetic},
                  {"utterances", score.utterances},
                  {"wrong_utterances", score.wrong},
                  {"seed", options.seed},
                  {"snr_db", options.snr_db < 90 ? Json(options.snr_db) : Json()},
                  {"frames", score.frames},
                  {"digits", json_of(score.digits)},
                  {"phones", json_of(score.phones)},
                  {"each", {{"columns", {"name", "key", "errors", "reference", "digit_errors"}}, {"rows", each}}}};
  options.json.report(json,
                      fmt::format("{} utterances of {} to {} digits from {} {} recordings, seed {}, {} arithmetic\n",
                                  score.utterances, options.shape.min_digits, options.shape.max_digits, clips.size(),
                                  part_name(options.part.value_or(SplitPart::test)), options.seed, model.arithmetic) +
                          line_of("digit", score.digits) + line_of("phone", score.phones) +
                          fmt::format("{} utterances with an error", score.wrong));
}

}  // namespace

void add_score(CLI::App& app) {
  const auto options = std::make_shared<ScoreArguments>();
  CLI::App* verb = app.add_subcommand("score", "Measure digit and phone error rates on a folder of recordings");
  verb->footer(
      "The folder has the layout of the Free Spoken Digit Dataset, {digit}_{speaker}_{index}.wav; utterances are made "
      "by\n"
      "joining recordings of one speaker with short gaps of low noise. The same seed gives the same utterances.");
  verb->add_option("network", options->network, "Network file; a quantised one is scored in fixed point")
      ->type_name("NET|QNET")
      ->required();
  verb->add_option("--data", options->data, "Folder of recordings")->type_name("DIR")->required();
  verb->add_option(
          "--split", options->part,
          "Of digits test: recordings of index 0 to 4, train: the others; of sentences what the split file says "
          "[test]")
      ->type_name("test|validation|train")
      ->transform(one_of<SplitPart>(
          {{"test", SplitPart::test}, {"validation", SplitPart::validation}, {"train", SplitPart::training}}));
  verb->add_option("--split-file", options->split_file,
                   "DIR is a folder of read sentences, as of erngen train --data-kind speech: score their phones")
      ->type_name("FILE.json");
  verb->add_option("--lexicon", options->lexicon, "Words and their phones [lexicon.txt in the folder]")
      ->type_name("FILE");
  verb->add_option("--utterances", options->utterances, "How many")
      ->type_name("N")
      ->capture_default_str()
      ->transform(within(1, 1000000));
  verb->add_option("--min-digits", options->shape.min_digits, "Digits of the shortest")
      ->type_name("N")
      ->capture_default_str()
      ->transform(within(1, 100));
  verb->add_option("--max-digits", options->shape.max_digits, "Digits of the longest")
      ->type_name("N")
      ->capture_default_str()
      ->transform(within(1, 100));
  verb->add_option("--snr", options->snr_db, "White noise, dB below the speech; 90 and above: none")
      ->transform(within(-100.0, 1000.0))
      ->type_name("DB")
      ->capture_default_str();
  verb->add_option("--speaker", options->speaker, "Only the recordings of this speaker")->type_name("NAME");
  verb->add_option("--seed", options->seed, "Seed of the utterances")
      ->transform(seed())
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--timit", options->timit,
                   "DIR is TIMIT's own directory: score this set of speakers, folded to 39 phones")
      ->type_name("core|development")
      ->transform(one_of<TimitSet>({{"core", TimitSet::core_test}, {"development", TimitSet::development}}));
  options->json.add_to(*verb);
  verb->callback([options] { run(*options); });
}

}  // namespace erngen::cli
