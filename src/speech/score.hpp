// Digit and phone error rates of anything that maps features to network outputs.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "speech/edit_distance.hpp"
#include "speech/frontend.hpp"
#include "speech/sentences.hpp"
#include "speech/timit.hpp"
#include "speech/utterance.hpp"

namespace erngen {

/// Features [frames, features] to outputs [frames, classes] from a cleared state: the float model, the fixed model, a
/// simulation.
using Recogniser = std::function<Array(const Array&)>;

struct SpeechScore {
  ErrorCount digits;
  ErrorCount
      phones;  ///< the recognised phones, or the phones of the recognised digits, against those of the spoken digits
  int utterances = 0;
  int wrong = 0;  ///< utterances with at least one error
  long frames = 0;
  SpeechScore& operator+=(const SpeechScore& o);
};

/// Decodes one network output and compares it with what was said. The labels are digits, or phones, which
/// phones_to_digits() reads. Throws Error(bad_input) for other labels.
SpeechScore score_output(const Array& output, const std::vector<std::string>& labels, const std::vector<int>& spoken);

/// The score of each utterance. `progress(done)` is called after each when given.
std::vector<SpeechScore> score_utterances(const Recogniser& recogniser, const Frontend& frontend,
                                          const std::vector<std::string>& labels,
                                          const std::vector<Utterance>& utterances,
                                          const std::function<void(int)>& progress = {});

/// The phone errors on TIMIT recordings, reference and answer folded to the 39 phones that are scored. `labels` are
/// timit_labels() of any size. Throws Error(bad_input) for other labels.
ErrorCount score_timit(const Recogniser& recogniser, const Frontend& frontend, const std::vector<std::string>& labels,
                       const std::vector<TimitRecording>& recordings, const std::function<void(int)>& progress = {});

/// The phone errors of each sentence. `labels` are the network's and must be those of the sentences' lexicon. Throws
/// Error(bad_input) for others.
std::vector<ErrorCount> score_sentences(const Recogniser& recogniser, const Frontend& frontend,
                                        const std::vector<std::string>& labels, const SentenceSet& set, SplitPart part,
                                        const std::function<void(int)>& progress = {});

}  // namespace erngen
