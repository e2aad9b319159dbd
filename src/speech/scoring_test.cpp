// Tests of decoding, edit distance and error rates.
#include <cmath>
#include <functional>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "speech/ctc.hpp"
#include "speech/digits.hpp"
#include "speech/score.hpp"
#include "speech/utterance.hpp"

using namespace erngen;

namespace {

Array frames_of(const std::vector<int>& best, int classes = 11) {
  Array a{{static_cast<int>(best.size()), classes},
          std::vector<float>(best.size() * static_cast<size_t>(classes), -1.0f)};
  for (size_t t = 0; t < best.size(); ++t)
    a.values[t * static_cast<size_t>(classes) + static_cast<size_t>(best[t])] = 2.0f;
  return a;
}

/// The definition of the edit distance, without memory of partial results.
int slow_distance(const std::vector<int>& a, size_t i, const std::vector<int>& b, size_t j) {
  if (i == 0) return static_cast<int>(j);
  if (j == 0) return static_cast<int>(i);
  return std::min({slow_distance(a, i - 1, b, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1),
                   slow_distance(a, i - 1, b, j) + 1, slow_distance(a, i, b, j - 1) + 1});
}

}  // namespace

TEST_CASE("greedy decoding merges repetitions and drops blanks") {
  CHECK(ctc_greedy(frames_of({0, 0, 4, 4, 0, 4, 2, 2, 0})) == std::vector<int>{4, 4, 2});
  CHECK(ctc_greedy(frames_of({0, 0, 0})).empty());
  CHECK(ctc_greedy(frames_of({7})) == std::vector<int>{7});
  CHECK(ctc_greedy(Array{{0, 11}, {}}).empty());
  CHECK(ctc_greedy(Array{{1, 3}, {0.5f, 0.5f, 0.5f}}).empty());  // the lowest of equal classes: the blank
  CHECK_THROWS_AS(ctc_greedy(Array{{2, 2, 11}, std::vector<float>(44)}), Error);
}

TEST_CASE("known edit distances") {
  const ErrorCount c = edit_distance(std::vector<int>{1, 2, 3, 4}, std::vector<int>{1, 3, 3, 4, 5});
  CHECK(c.substitutions == 1);
  CHECK(c.insertions == 1);
  CHECK(c.deletions == 0);
  CHECK(c.reference == 4);
  CHECK(c.rate() == doctest::Approx(0.5));
  CHECK(edit_distance(std::vector<int>{1, 2}, {}).deletions == 2);
  CHECK(edit_distance(std::vector<int>{}, {1, 2, 3}).insertions == 3);
  // kitten -> sitting, the textbook's 3
  CHECK(edit_distance(std::vector<int>{'k', 'i', 't', 't', 'e', 'n'}, {'s', 'i', 't', 't', 'i', 'n', 'g'}).errors() ==
        3);
}

TEST_CASE("edit distance follows its recursive definition") {
  Rng rng(11);
  for (int n = 0; n < 200; ++n) {
    std::vector<int> a(rng.below(7));
    std::vector<int> b(rng.below(7));
    for (int& x : a) x = static_cast<int>(rng.below(3));
    for (int& x : b) x = static_cast<int>(rng.below(3));
    const ErrorCount c = edit_distance(a, b);
    CHECK(c.errors() == slow_distance(a, a.size(), b, b.size()));
    CHECK(c.insertions - c.deletions == static_cast<long>(b.size()) - static_cast<long>(a.size()));
  }
}

TEST_CASE("digits have words and phones") {
  CHECK(digit_word(7) == "seven");
  CHECK(to_phones({2, 8}) == std::vector<std::string_view>{"T", "UW", "EY", "T"});
  CHECK(to_text({3, 1, 4}) == "3 1 4");
  size_t phones = 0;
  for (int d = 0; d < 10; ++d) phones += digit_phones(d).size();
  CHECK(phones == 32);
  CHECK_THROWS_AS(digit_phones(10), Error);
  CHECK(labels_to_digits({4, 1}, digit_labels()) == std::vector<int>{3, 0});
  CHECK_THROWS_AS(labels_to_digits({11}, digit_labels()), Error);
  CHECK_THROWS_AS(labels_to_digits({1}, {"<blank>", "sil"}), Error);
}

TEST_CASE("scores add up over utterances") {
  // Said 5 9; heard 5 5 (one substitution) and 9 (one deletion). nine -> five: N AY N -> F AY V is 2 phone errors.
  const auto labels = digit_labels();
  SpeechScore s = score_output(frames_of({6, 0, 6}), labels, {5, 9});
  CHECK(s.digits.substitutions == 1);
  CHECK(s.phones.errors() == 2);
  CHECK(s.phones.reference == 6);
  s += score_output(frames_of({10, 10}), labels, {5, 9});
  CHECK(s.digits.errors() == 2);
  CHECK(s.digits.rate() == doctest::Approx(0.5));
  CHECK(s.phones.errors() == 5);
  CHECK(s.wrong == 2);
  s += score_output(frames_of({6, 10}), labels, {5, 9});
  CHECK(s.utterances == 3);
  CHECK(s.wrong == 2);
  CHECK(s.frames == 7);
}

TEST_CASE("a recogniser is asked once an utterance") {
  std::vector<Utterance> us;
  for (int i = 0; i < 3; ++i) us.push_back({{1, 2}, "a", {8000, std::vector<float>(4000, 0.1f)}});
  int asked = 0;
  std::vector<int> progress;
  const std::vector<SpeechScore> scores = score_utterances(
      [&](const Array& x) {
        ++asked;
        CHECK(x.shape[1] == 39);
        return frames_of({2, 3});
      },
      Frontend{FrontendConfig{}}, digit_labels(), us, [&](int n) { progress.push_back(n); });
  CHECK(asked == 3);
  REQUIRE(scores.size() == 3);
  for (const SpeechScore& s : scores) CHECK(s.digits.errors() == 0);
  CHECK(progress == std::vector<int>{1, 2, 3});
}

namespace {

/// The smallest edit distance of phones to any sequence of up to `most` digits, by trying all.
int slow_word_distance(const std::vector<std::string_view>& phones, int most) {
  int best = static_cast<int>(edit_distance(to_phones({}), phones).errors());
  std::vector<std::vector<int>> sequences{{}};
  for (int length = 1; length <= most; ++length) {
    std::vector<std::vector<int>> longer;
    for (const auto& s : sequences) {
      for (int d = 0; d < 10; ++d) {
        longer.push_back(s);
        longer.back().push_back(d);
        best = std::min(best, static_cast<int>(edit_distance(to_phones(longer.back()), phones).errors()));
      }
    }
    sequences = longer;
  }
  return best;
}

}  // namespace

TEST_CASE("phones are read as the nearest digits") {
  CHECK(phones_to_digits({}).empty());
  for (int a = 0; a < 10; ++a) {
    for (int b = 0; b < 10; ++b) CHECK(phones_to_digits(to_phones({a, b, 7})) == std::vector<int>{a, b, 7});
  }
  CHECK(phones_to_digits({"S", "IH", "K"}) == std::vector<int>{6});
  CHECK(phones_to_digits({"F", "AY", "V", "V", "N", "AY", "N"}) == std::vector<int>{5, 9});
  Rng rng(7);
  const std::vector<std::string> labels = phone_labels();
  for (int n = 0; n < 60; ++n) {
    std::vector<std::string_view> phones;
    const auto length = rng.below(8);
    for (std::uint64_t i = 0; i < length; ++i) phones.push_back(labels[1 + rng.below(labels.size() - 1)]);
    if (phones.empty()) continue;
    const auto digits = phones_to_digits(phones);
    REQUIRE(!digits.empty());
    // The search never leaves all phones unexplained, the slow one may: it counts sequences of no digits too.
    CHECK(edit_distance(to_phones(digits), phones).errors() >= slow_word_distance(phones, 3));
    if (edit_distance(to_phones(digits), phones).errors() > slow_word_distance(phones, 3))
      CHECK(slow_word_distance(phones, 0) == slow_word_distance(phones, 3));
  }
}

TEST_CASE("a phone recogniser is scored in phones and in digits") {
  const std::vector<std::string> labels = phone_labels();
  CHECK(labels.size() == 20);  // 19 phones and the blank
  CHECK(label_unit(labels) == LabelUnit::phones);
  CHECK(label_unit(digit_labels()) == LabelUnit::digits);
  CHECK(label_unit({"<blank>", "a"}) == LabelUnit::other);
  std::vector<int> frames;
  for (int c : to_phone_classes({3, 8})) frames.insert(frames.end(), {c, 0});
  SpeechScore s = score_output(frames_of(frames, 20), labels, {3, 8});
  CHECK(s.phones.errors() == 0);
  CHECK(s.phones.reference == 5);
  CHECK(s.digits.errors() == 0);
  frames[0] = to_phone_classes({4})[0];  // "F R IY": one phone wrong, still nearest to "three"
  s = score_output(frames_of(frames, 20), labels, {3, 8});
  CHECK(s.phones.substitutions == 1);
  CHECK(s.phones.errors() == 1);
  CHECK(s.digits.errors() == 0);
  CHECK(s.wrong == 0);
}

TEST_CASE("noise has the stated distance from the speech, and depends on the seed and the place alone") {
  Utterance u;
  u.audio = {8000, {}};
  for (int n = 0; n < 8000; ++n) u.audio.samples.push_back(0.1f * static_cast<float>(std::sin(0.3 * n)));
  std::vector<Utterance> a{u, u}, b{u, u, u};
  add_noise(a, 10, 5);
  add_noise(b, 10, 5);
  CHECK(a[1].audio.samples == b[1].audio.samples);
  CHECK(a[0].audio.samples != a[1].audio.samples);
  double signal = 0, noise = 0;
  for (size_t n = 0; n < u.audio.samples.size(); ++n) {
    signal += u.audio.samples[n] * u.audio.samples[n];
    noise += std::pow(a[0].audio.samples[n] - u.audio.samples[n], 2);
  }
  CHECK(10 * std::log10(signal / noise) == doctest::Approx(10).epsilon(0.03));
}
