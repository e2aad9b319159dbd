// Tests of decoding, edit distance and error rates.
#include <cmath>
#include <functional>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "speech/ctc.hpp"
#include "speech/digits.hpp"
#include "speech/score.hpp"

using namespace erngen;

namespace {

Array frames_of(const std::vector<int>& best, int classes = 11) {
  Array a{{static_cast<int>(best.size()), classes}, std::vector<float>(best.size() * static_cast<size_t>(classes), -1.0f)};
  for (size_t t = 0; t < best.size(); ++t) a.values[t * static_cast<size_t>(classes) + static_cast<size_t>(best[t])] = 2.0f;
  return a;
}

/// The definition of the edit distance, without memory of partial results.
int slow_distance(const std::vector<int>& a, size_t i, const std::vector<int>& b, size_t j) {
  if (i == 0) return static_cast<int>(j);
  if (j == 0) return static_cast<int>(i);
  return std::min({slow_distance(a, i - 1, b, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1), slow_distance(a, i - 1, b, j) + 1,
                   slow_distance(a, i, b, j - 1) + 1});
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
  CHECK(edit_distance(std::vector<int>{'k', 'i', 't', 't', 'e', 'n'}, {'s', 'i', 't', 't', 'i', 'n', 'g'}).errors() == 3);
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
  const SpeechScore s = score_utterances(
      [&](const Array& x) {
        ++asked;
        CHECK(x.shape[1] == 39);
        return frames_of({2, 3});
      },
      Frontend{FrontendConfig{}}, digit_labels(), us, [&](int n) { progress.push_back(n); });
  CHECK(asked == 3);
  CHECK(s.digits.errors() == 0);
  CHECK(progress == std::vector<int>{1, 2, 3});
}
