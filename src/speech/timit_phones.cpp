// The foldings of TIMIT's phones (timit.hpp): Lee and Hon, "Speaker-independent phone recognition using hidden Markov
// models", 1989, table I.
#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "speech/timit.hpp"

namespace erngen {
namespace {

struct Fold {
  std::string_view of61, of48, of39;
};

constexpr std::array<Fold, 61> folds{{
    {"aa", "aa", "aa"},    {"ae", "ae", "ae"},    {"ah", "ah", "ah"},   {"ao", "ao", "aa"},    {"aw", "aw", "aw"},
    {"ax", "ax", "ah"},    {"ax-h", "ax", "ah"},  {"axr", "er", "er"},  {"ay", "ay", "ay"},    {"b", "b", "b"},
    {"bcl", "vcl", "sil"}, {"ch", "ch", "ch"},    {"d", "d", "d"},      {"dcl", "vcl", "sil"}, {"dh", "dh", "dh"},
    {"dx", "dx", "dx"},    {"eh", "eh", "eh"},    {"el", "el", "l"},    {"em", "m", "m"},      {"en", "en", "n"},
    {"eng", "ng", "ng"},   {"epi", "epi", "sil"}, {"er", "er", "er"},   {"ey", "ey", "ey"},    {"f", "f", "f"},
    {"g", "g", "g"},       {"gcl", "vcl", "sil"}, {"h#", "sil", "sil"}, {"hh", "hh", "hh"},    {"hv", "hh", "hh"},
    {"ih", "ih", "ih"},    {"ix", "ix", "ih"},    {"iy", "iy", "iy"},   {"jh", "jh", "jh"},    {"k", "k", "k"},
    {"kcl", "cl", "sil"},  {"l", "l", "l"},       {"m", "m", "m"},      {"n", "n", "n"},       {"ng", "ng", "ng"},
    {"nx", "n", "n"},      {"ow", "ow", "ow"},    {"oy", "oy", "oy"},   {"p", "p", "p"},       {"pau", "sil", "sil"},
    {"pcl", "cl", "sil"},  {"q", "", ""},         {"r", "r", "r"},      {"s", "s", "s"},       {"sh", "sh", "sh"},
    {"t", "t", "t"},       {"tcl", "cl", "sil"},  {"th", "th", "th"},   {"uh", "uh", "uh"},    {"uw", "uw", "uw"},
    {"ux", "uw", "uw"},    {"v", "v", "v"},       {"w", "w", "w"},      {"y", "y", "y"},       {"z", "z", "z"},
    {"zh", "zh", "sh"},
}};

}  // namespace

std::vector<std::string> timit_labels(int phones) {
  std::set<std::string> names;
  for (const Fold& f : folds) names.emplace(phones == 61 ? f.of61 : phones == 48 ? f.of48 : f.of39);
  names.erase("");
  std::vector<std::string> labels{"<blank>"};
  labels.insert(labels.end(), names.begin(), names.end());
  return labels;
}

std::string fold_phone(const std::string& phone, int phones) {
  const auto found = std::find_if(folds.begin(), folds.end(), [&](const Fold& f) { return f.of61 == phone; });
  if (found == folds.end()) throw bad_input(fmt::format("\"{}\" is not one of TIMIT's 61 phones", phone));
  return std::string(phones == 61 ? found->of61 : phones == 48 ? found->of48 : found->of39);
}

std::string scored_phone(const std::string& label) {
  for (const Fold& f : folds) {
    if (f.of61 == label || f.of48 == label || f.of39 == label) return std::string(f.of39);
  }
  return "";
}

}  // namespace erngen
