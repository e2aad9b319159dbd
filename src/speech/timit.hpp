// TIMIT's own directory: NIST SPHERE audio, .PHN labels, the standard sets of speakers, the standard foldings of the
// phones.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace erngen {

/// A labelled stretch of a recording: samples [begin, end).
struct PhoneSpan {
  size_t begin = 0;
  size_t end = 0;
  std::string phone;  ///< one of the 61
};

struct TimitRecording {
  std::string speaker;   ///< "fcjf0", in lower case
  std::string sentence;  ///< "sx37"
  std::filesystem::path audio;
  std::vector<PhoneSpan> phones;
};

/// Training: the 462 speakers of TRAIN. Core test: the 24 speakers of the manual (two men and one woman of each dialect
/// region). Development: 50 other speakers of TEST, the list of Halberstadt (1998) that recipes have used since. The
/// two sentences that everybody reads (SA1, SA2) are left out of all three.
enum class TimitSet { train, development, core_test };

/// The recordings of a set under `root`, which holds TRAIN and TEST (any case) with DR1 .. DR8 / speaker / sentence.WAV
/// and .PHN; sorted by speaker and sentence. Throws Error(bad_input) naming the directory or file: no such directory, a
/// recording without labels, or labels that are not "BEGIN END PHONE", not one of the 61 phones, empty, backwards, or
/// overlapping.
std::vector<TimitRecording> read_timit(const std::filesystem::path& root, TimitSet set);

/// One .PHN file.
std::vector<PhoneSpan> read_phn(const std::filesystem::path& file);

/// The classes of training on 61, 48 or 39 phones: "<blank>", then the phones in alphabetical order. Lee and Hon (1989)
/// fold 61 to 48 classes for training and to 39 for scoring. The glottal stop q is in the 61 only.
std::vector<std::string> timit_labels(int phones);

/// One of the 61 as a label of timit_labels(phones), or "" for q in 48 and 39.
std::string fold_phone(const std::string& phone, int phones);

/// A label of timit_labels(61 or 48) as one of the 39 that are scored, or "".
std::string scored_phone(const std::string& label);

}  // namespace erngen
