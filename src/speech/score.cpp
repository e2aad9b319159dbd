#include "speech/score.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "speech/ctc.hpp"
#include "speech/digits.hpp"

namespace erngen {

SpeechScore& SpeechScore::operator+=(const SpeechScore& o) {
  digits += o.digits;
  phones += o.phones;
  utterances += o.utterances;
  wrong += o.wrong;
  frames += o.frames;
  return *this;
}

SpeechScore score_output(const Array& output, const std::vector<std::string>& labels, const std::vector<int>& spoken) {
  const std::vector<int> classes = ctc_greedy(output);
  SpeechScore score;
  if (label_unit(labels) == LabelUnit::phones) {
    std::vector<std::string_view> phones;
    for (int c : classes) phones.push_back(labels.at(static_cast<size_t>(c)));
    score.digits = edit_distance(spoken, phones_to_digits(phones));
    score.phones = edit_distance(to_phones(spoken), phones);
  } else {
    const std::vector<int> recognised = labels_to_digits(classes, labels);
    score.digits = edit_distance(spoken, recognised);
    score.phones = edit_distance(to_phones(spoken), to_phones(recognised));
  }
  score.utterances = 1;
  score.wrong = score.digits.errors() > 0 ? 1 : 0;
  score.frames = output.shape[0];
  return score;
}

std::vector<SpeechScore> score_utterances(const Recogniser& recogniser, const Frontend& frontend,
                                          const std::vector<std::string>& labels,
                                          const std::vector<Utterance>& utterances,
                                          const std::function<void(int)>& progress) {
  std::vector<SpeechScore> scores;
  for (const Utterance& u : utterances) {
    scores.push_back(score_output(recogniser(frontend.features(u.audio)), labels, u.digits));
    if (progress) progress(static_cast<int>(scores.size()));
  }
  return scores;
}

ErrorCount score_timit(const Recogniser& recogniser, const Frontend& frontend, const std::vector<std::string>& labels,
                       const std::vector<TimitRecording>& recordings, const std::function<void(int)>& progress) {
  if (labels != timit_labels(61) && labels != timit_labels(48) && labels != timit_labels(39))
    throw bad_input("the network's labels are not TIMIT's phones", "train it with --data-kind timit");
  const std::vector<std::string> scored = timit_labels(39);
  const auto class_of = [&](const std::string& phone) {
    return static_cast<int>(std::find(scored.begin(), scored.end(), phone) - scored.begin());
  };
  ErrorCount total;
  int done = 0;
  for (const TimitRecording& r : recordings) {
    std::vector<int> spoken, recognised;
    for (const PhoneSpan& span : r.phones) {
      const std::string phone = fold_phone(span.phone, 39);
      if (!phone.empty()) spoken.push_back(class_of(phone));
    }
    for (int c : ctc_greedy(recogniser(frontend.features(read_audio(r.audio, frontend.config().sample_rate))))) {
      const std::string phone = scored_phone(labels.at(static_cast<size_t>(c)));
      if (!phone.empty()) recognised.push_back(class_of(phone));
    }
    total += edit_distance(spoken, recognised);
    if (progress) progress(++done);
  }
  return total;
}

std::vector<ErrorCount> score_sentences(const Recogniser& recogniser, const Frontend& frontend,
                                        const std::vector<std::string>& labels, const SentenceSet& set, SplitPart part,
                                        const std::function<void(int)>& progress) {
  if (labels != set.labels)
    throw bad_input("the network's labels are not the phones of the lexicon",
                    "train it with --data-kind speech and this lexicon");
  if (set.part(part).empty()) throw bad_input(fmt::format("the {} part of the split is empty", part_name(part)));
  std::vector<ErrorCount> errors;
  for (const Sentence& s : set.part(part)) {
    const Array features = frontend.features(read_audio(s.audio, frontend.config().sample_rate));
    errors.push_back(edit_distance(s.phones, ctc_greedy(recogniser(features))));
    if (progress) progress(static_cast<int>(errors.size()));
  }
  return errors;
}

}  // namespace erngen
