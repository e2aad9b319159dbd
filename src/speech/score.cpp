#include "speech/score.hpp"

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
  const std::vector<int> recognised = labels_to_digits(ctc_greedy(output), labels);
  SpeechScore score;
  score.digits = edit_distance(spoken, recognised);
  score.phones = edit_distance(to_phones(spoken), to_phones(recognised));
  score.utterances = 1;
  score.wrong = score.digits.errors() > 0 ? 1 : 0;
  score.frames = output.shape[0];
  return score;
}

SpeechScore score_utterances(const Recogniser& recogniser, const Frontend& frontend, const std::vector<std::string>& labels,
                             const std::vector<Utterance>& utterances, const std::function<void(int)>& progress) {
  SpeechScore total;
  for (const Utterance& u : utterances) {
    total += score_output(recogniser(frontend.features(u.audio)), labels, u.digits);
    if (progress) progress(total.utterances);
  }
  return total;
}

}  // namespace erngen
