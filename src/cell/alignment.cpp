#include "cell/alignment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include "cell/quant_check.hpp"

namespace erngen {
namespace {

constexpr int max_guard = 7;       ///< what the hardware's field holds
constexpr int lowest_scale = -12;  ///< of a spectrum, guard - drop
/// How much less noise is worth a bit of transforms and spectra.
constexpr double worth_a_bit = 0.99;

double power_of_four(int exponent) { return std::ldexp(1.0, 2 * exponent); }

/// A vector's spectrum as it enters one group of sums.
struct Multiplicand {
  int spectrum = 0;                                               ///< index into Alignment::spectra_
  int weight = 0;                                                 ///< largest fraction at which all its weights fit
  double weight_noise = 0, spectrum_noise = 0, vector_noise = 0;  ///< of an lsb of 1 each
};

/// Sums that share a product fraction.
struct Group {
  std::vector<Multiplicand> operands;
  std::vector<Part<double>*> parts;
  double floor = 1;  ///< noise with the best fraction of each operand by itself
};

struct SpectrumChoice {
  Spectrum* spectrum = nullptr;
  int fraction = 0;  ///< of the vector
  bool rotates = false;
  int scale = 0;  ///< guard - drop
};

/// Packed words of a spectrum: the mean square of the samples. Complex bins stand for two.
double mean_square_of_samples(const SpectralMatrix<double>& matrix) {
  const int k = matrix.block;
  double sum = 0;
  for (size_t at = 0; at < matrix.words.size(); ++at)
    sum += (static_cast<int>(at % static_cast<size_t>(k)) < 2 ? 1 : 2) * matrix.words[at] * matrix.words[at];
  return matrix.words.empty() ? 0 : sum / static_cast<double>(k) / static_cast<double>(matrix.words.size());
}

class Alignment {
 public:
  Alignment(Graph<double>& graph, NumberFormats& formats, const Ranges& ranges, int max_spectrum_width, int extra_drop)
      : graph_(graph), formats_(formats), ranges_(ranges) {
    const int log_block = log2_exact(formats.max_block);
    highest_ = std::min(max_guard, max_spectrum_width - formats.activation_width - log_block);
    most_drop_ = std::max(0, -highest_) + extra_drop;
    if (formats.max_block >= 8) free_guard_ = std::max(0, 24 - formats.activation_width - log_block);
    list_spectra();
    list_groups();
    for (Group& group : groups_) group.floor = noise_floor(group);
  }

  void run() {
    const int start = std::min(1, highest_);
    for (SpectrumChoice& s : spectra_) s.scale = start;
    double best = cost();
    for (bool better = true; better;) {
      better = false;
      for (const std::vector<int>& move : moves()) {
        const std::vector<SpectrumChoice> before = spectra_;
        for (size_t s = 0; s < move.size(); ++s) spectra_[s].scale += move[s];
        for (size_t s = 1; s < input_spectra_; ++s) spectra_[s].scale = spectra_[0].scale;
        const double value = legal() ? cost() : std::numeric_limits<double>::infinity();
        if (value < best * (1 - 1e-9)) {
          best = value;
          better = true;
        } else {
          spectra_ = before;
        }
      }
    }
    store();
  }

 private:
  void list_spectra() {
    for (Vector& vector : graph_.vectors)
      for (Spectrum& spectrum : vector.spectra) {
        index_[&spectrum] = static_cast<int>(spectra_.size());
        spectra_.push_back({&spectrum, vector.fraction, spectrum.block >= 8, 0});
      }
    for (int part = 0; part < graph_.inputs; ++part) input_spectra_ += graph_.vectors[part].spectra.size();
  }

  /// All parts of equal block size of a GRU with reset after the product are one group, lest each of its phases needs a
  /// rounding shift of its own; every other part is a group by itself.
  void list_groups() {
    std::map<std::pair<int, int>, size_t> shared;  ///< (layer, block) of a GRU with reset after -> group
    for (auto& phase : graph_.phases)
      for (auto& part : phase.parts) {
        size_t at = groups_.size();
        if (phase.operation().takes_sums || phase.operation().leaves_sums)
          at = shared.try_emplace({phase.layer, part.block}, at).first->second;
        if (at == groups_.size()) groups_.emplace_back();
        groups_[at].parts.push_back(&part);
        for (const auto& term : part.terms) add_operand(groups_[at], term);
      }
  }

  void add_operand(Group& group, const Term<double>& term) {
    Vector& vector = graph_.vectors[term.vector];
    const int spectrum = index_.at(&vector.spectra[term.spectrum]), k = vector.spectra[term.spectrum].block;
    Range weights;
    double weight_power = 0;
    for (const auto& matrix : term.matrices) {
      weights.add(matrix.words);
      weight_power += mean_square_of_samples(matrix) / static_cast<double>(term.matrices.size());
    }
    const double blocks = static_cast<double>(ceil_div(vector.size, k));
    const double power = range_of(ranges_, vector.name).mean_square();
    Multiplicand operand;
    operand.spectrum = spectrum;
    operand.weight = fraction_for(weights, formats_.weight_width, 48 - 18);
    operand.weight_noise = blocks * power / 12;
    operand.spectrum_noise = blocks * weight_power / 12;
    operand.vector_noise = blocks * k * weight_power / 12;
    const auto known = std::find_if(group.operands.begin(), group.operands.end(),
                                    [&](const Multiplicand& o) { return o.spectrum == spectrum; });
    if (known == group.operands.end()) {
      group.operands.push_back(operand);
      return;
    }
    known->weight = std::min(known->weight, operand.weight);
    known->weight_noise += operand.weight_noise;
    known->spectrum_noise += operand.spectrum_noise;
    known->vector_noise += operand.vector_noise;
  }

  int drop() const {
    int lowest = 0;
    for (const SpectrumChoice& s : spectra_) lowest = std::min(lowest, s.scale);
    return -lowest;
  }

  bool legal() const {
    const int d = drop();
    return d <= most_drop_ && std::all_of(spectra_.begin(), spectra_.end(), [&](const SpectrumChoice& s) {
             return s.scale <= highest_ && s.scale >= lowest_scale && s.scale + d <= max_guard;
           });
  }

  static int common_fraction(const Group& group, const std::vector<SpectrumChoice>& spectra) {
    int common = std::numeric_limits<int>::max();
    for (const Multiplicand& o : group.operands) {
      const SpectrumChoice& s = spectra[static_cast<size_t>(o.spectrum)];
      common = std::min(common, o.weight + s.fraction + s.scale);
    }
    return common;
  }

  /// Noise of the sums; the words of a spectrum are rounded where bits are dropped, and in the rotations.
  double noise(const Group& group) const {
    const int common = common_fraction(group, spectra_), d = drop();
    double sum = 0;
    for (const Multiplicand& o : group.operands) {
      const SpectrumChoice& s = spectra_[static_cast<size_t>(o.spectrum)];
      const int fraction = s.fraction + s.scale;
      sum += power_of_four(-(common - fraction)) * o.weight_noise + power_of_four(-s.fraction) * o.vector_noise;
      if (d > 0) sum += power_of_four(-fraction) * o.spectrum_noise;
      if (s.rotates) sum += power_of_four(-fraction - d) * o.spectrum_noise;
    }
    return sum;
  }

  double noise_floor(const Group& group) const {
    double sum = 0;
    for (const Multiplicand& o : group.operands)
      sum += power_of_four(-o.weight) * o.weight_noise +
             power_of_four(-spectra_[static_cast<size_t>(o.spectrum)].fraction) * o.vector_noise;
    return sum > 0 ? sum : 1;
  }

  /// The noise of all groups, each by its floor, and what the bits of spectra and transforms cost.
  double cost() const {
    double sum = 0;
    for (const Group& group : groups_) sum += noise(group) / group.floor;
    int widest = lowest_scale;
    for (const SpectrumChoice& s : spectra_) widest = std::max(widest, s.scale);
    const int guard = widest + drop();
    return sum * std::pow(worth_a_bit, -(guard + std::max(0, widest) + 2 * std::max(0, guard - free_guard_)));
  }

  /// Changes of the scales that are tried: of one spectrum, and of those in a group that hold the others back.
  std::vector<std::vector<int>> moves() const {
    std::vector<std::vector<int>> all;
    const auto none = std::vector<int>(spectra_.size(), 0);
    for (size_t s = 0; s < spectra_.size(); ++s)
      for (const int step : {-4, -3, -2, -1, 1, 2, 3, 4}) {
        all.push_back(none);
        all.back()[s] = step;
      }
    for (const int step : {-4, -3, -2, -1, 1, 2, 3, 4}) {
      all.emplace_back(spectra_.size(), step);
      for (size_t s = 0; s < spectra_.size(); ++s) {  // one wide vector in the way of all others
        all.emplace_back(spectra_.size(), step);
        all.back()[s] = 0;
      }
    }
    for (const Group& group : groups_) {
      const int common = common_fraction(group, spectra_);
      for (int slack = 0; slack < 4; ++slack) {
        auto laggards = none, leaders = none;
        for (const Multiplicand& o : group.operands) {
          const SpectrumChoice& s = spectra_[static_cast<size_t>(o.spectrum)];
          const bool lags = o.weight + s.fraction + s.scale <= common + slack;
          (lags ? laggards : leaders)[static_cast<size_t>(o.spectrum)] = lags ? 1 : -1;
        }
        all.push_back(laggards);
        all.push_back(leaders);
      }
    }
    return all;
  }

  void store() {
    formats_.spectrum_drop = drop();
    for (SpectrumChoice& s : spectra_) s.spectrum->guard = s.scale + formats_.spectrum_drop;
    for (const Group& group : groups_) {
      const int common = common_fraction(group, spectra_);
      for (Part<double>* part : group.parts) {
        part->accumulator_fraction = common;
        for (auto& term : part->terms) {
          const Vector& vector = graph_.vectors[term.vector];
          term.weight_fraction = common - spectrum_fraction(formats_, vector, term.spectrum);
        }
      }
    }
  }

  Graph<double>& graph_;
  NumberFormats& formats_;
  const Ranges& ranges_;
  int highest_ = 0;
  int most_drop_ = 0;
  int free_guard_ = max_guard;  ///< beyond, rotations have more than 25 bits and take two multipliers
  std::vector<SpectrumChoice> spectra_;
  size_t input_spectra_ = 0;  ///< the first ones, of the parts of the input: one transform makes them all
  std::map<const Spectrum*, int> index_;
  std::vector<Group> groups_;
};

}  // namespace

void align_products(Graph<double>& graph, NumberFormats& formats, const Ranges& ranges, int max_spectrum_width,
                    int extra_drop) {
  Alignment(graph, formats, ranges, max_spectrum_width, extra_drop).run();
  derive_formats(formats, graph);
}

}  // namespace erngen
