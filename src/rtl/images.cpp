#include "rtl/images.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "plan/pass_fields.hpp"
#include "rtl/bit_word.hpp"
#include "spectral/packing.hpp"
#include "units/lane.hpp"

namespace erngen {

namespace {

std::string text_of(const std::vector<BitWord>& words) {
  std::string text;
  for (const BitWord& word : words) text += word.hex() + "\n";
  return text;
}

template <class Field>
std::string line_of(const ControlWord<Field>& fields) {
  BitWord word;
  for (size_t n = 0; n < fields.count; ++n) word.append(fields.values()[n], fields_of<Field>()[n].width);
  return word.hex() + "\n";
}

/// K values of a per-row parameter, from row tile * K on; zero beyond its end.
BitWord tile_word(const std::vector<std::int32_t>& values, int tile, int K, int width) {
  BitWord word;
  for (int n = tile * K; n < (tile + 1) * K; ++n)
    word.append(n < static_cast<int>(values.size()) ? values[n] : 0, width);
  return word;
}

/// Biases of readout row `r`, of first frames or of the others: rows in the order in which the phase's rows leave.
std::vector<BitWord> bias_words(const Workload& work, const Plan& plan, int r, bool first_frame) {
  const int K = plan.shape.words, D = plan.shape.readout, width = work.formats.bias_width();
  std::vector<BitWord> words;
  for (const auto& phase : work.graph.phases) {
    const auto& bias = phase.bias_of(first_frame);
    const int gates = gate_count(phase.op);
    const int tiles = tile_count(phase.size, K), together = plan.shape.tiles_together(gates);
    const int beats = plan.shape.beats_per_tile(gates);
    for (int output = 0; output < queue_outputs(tiles, gates, plan.shape); ++output) {
      const int tile = gates > D ? output / beats : output * together + r / gates;
      const int gate = gates > D ? output % beats * D + r : r % gates;
      const bool present = (gates > D || r < gates * together) && tile < tiles && !bias.empty();
      words.push_back(tile_word(present ? bias[gate] : std::vector<std::int32_t>{}, tile, K, width));
    }
  }
  return words;
}

/// Bias memory of readout row `r`.
std::string bias_image(const Workload& work, const Plan& plan, int r) {
  std::vector<BitWord> words = bias_words(work, plan, r, false);
  if (work.first_bias) {
    const BitWord none = tile_word({}, 0, plan.shape.words, work.formats.bias_width());
    words.resize(static_cast<size_t>(plan.map.first_bias_row), none);
    const std::vector<BitWord> first = bias_words(work, plan, r, true);
    words.insert(words.end(), first.begin(), first.end());
  }
  return text_of(words);
}

/// Rows of constants of the cells: a row for each tile of a layer, those of one bank of `banks`. `values_of` a phase
/// may be empty.
template <class ValuesOf>
std::string constant_image(const Workload& work, const Plan& plan, int width, int bank, int banks,
                           ValuesOf&& values_of) {
  const int K = plan.shape.words;
  std::vector<BitWord> words(static_cast<size_t>(plan.map.constant_rows), tile_word({}, 0, K, width));
  for (size_t p = 0; p < work.graph.phases.size(); ++p)
    if (const auto& phase = work.graph.phases[p]; work.has_constants(phase))
      for (int tile = 0; tile < tile_count(phase.size, K); ++tile)
        words[static_cast<size_t>(plan.map.constant_row[p] + tile)] = tile_word(values_of(phase), tile, K, width);
  std::vector<BitWord> own;
  for (size_t row = static_cast<size_t>(bank); row < words.size(); row += static_cast<size_t>(banks))
    own.push_back(words[row]);
  return text_of(own);
}

std::string peephole_image(const Workload& work, const Plan& plan, int gate) {
  return constant_image(work, plan, work.formats.weight_width, 0, 1, [&](const auto& phase) {
    return phase.peephole.empty() ? std::vector<std::int32_t>{} : phase.peephole[gate];
  });
}

/// What cells keep before a sequence's first frame: an LSTM's c, or a GRU's h.
std::string initial_image(const Workload& work, const Plan& plan, bool cells, int bank, int banks) {
  const int width = cells ? work.formats.cell_width : work.formats.state_width;
  return constant_image(work, plan, width, bank, banks, [&](const auto& phase) {
    return phase.operation().keeps_cell == cells ? phase.initial : std::vector<std::int32_t>{};
  });
}

/// The weight word of one lane for one step: K/k blocks of size k on the (rotated) diagonal of a K x K square.
///
/// Sub-block a of the row square meets sub-block (a + rotation) mod K/k of the column square (ern_column). Zeros
/// outside the matrix.
BitWord weight_word(const SpectralMatrix<std::int32_t>& matrix, int row_square, int column_square, int rotation, int K,
                    int width) {
  const int k = matrix.block, count = K / k;
  std::vector<std::int64_t> words(K, 0);
  for (int a = 0; a < count; ++a) {
    const int i = row_square * count + a, j = column_square * count + (a + rotation) % count;
    if (matrix.words.empty() || j < 0 || i >= matrix.row_blocks() || j >= matrix.col_blocks()) continue;
    std::copy_n(matrix.at(i, j), k, words.begin() + a * k);
  }
  BitWord word;
  word.append(words[0], width);
  word.append(words[1], width);
  for (int pair = 1; pair < K / 2; ++pair) {
    const std::int64_t u = words[2 * pair];
    const std::int64_t v = is_complex_pair(pair, k) ? words[2 * pair + 1] - u : words[2 * pair + 1];
    word.append(u, width);
    word.append(v, width + 1);
  }
  return word;
}

/// Weights of the lane that computes row `row` of each pass (0 .. R - 1) in column lane `column`.
std::string weight_image(const Workload& work, const Plan& plan, int row, int column) {
  const int K = plan.shape.words, width = work.formats.weight_width;
  std::vector<BitWord> words;
  for (const WeightRun& run : plan.program.weights) {
    const auto& phase = work.graph.phases[run.phase];
    const auto& terms = phase.parts[run.part].terms;
    const int gates = gate_count(phase.op);
    const int block = phase.parts[run.part].block;
    const int rotations = K / block;
    const int gate_row = run.group * plan.shape.rows + row;
    const bool used = gate_row < tile_count(phase.size, K) * gates;
    const SpectralMatrix<std::int32_t> empty{0, 0, block, {}};
    const auto matrix = [&](int term) -> const auto& { return used ? terms[term].matrices[gate_row % gates] : empty; };
    for (int step = 0; step < run.steps; ++step) {
      const bool before = run.seam_term >= 0 && step < rotations && column < run.lane;
      const int block_column =
          before ? run.seam_column + column : step / rotations * plan.shape.columns + column - run.lane;
      words.push_back(weight_word(matrix(before ? run.seam_term : run.term), gate_row / gates, block_column,
                                  step % rotations, K, width));
    }
  }
  return text_of(words);
}

}  // namespace

std::string image_name(const std::string& top, const std::string& image) { return fmt::format("{}_{}", top, image); }

std::string image_file(const std::string& top, const std::string& image) {
  return fmt::format("{{IMAGE_DIR, SLASH, \"{}\"}}", image_name(top, image));
}

std::vector<Image> make_images(const Workload& work, const Plan& plan) {
  std::vector<Image> images;
  std::string program, passes;
  for (const Segment& segment : plan.program.segments) program += line_of(segment_fields(segment));
  for (const Pass& pass : plan.program.passes) passes += line_of(pass_fields(work, plan.shape, plan.map, pass));
  images.push_back({"program.hex", program});
  images.push_back({"passes.hex", passes});
  images.push_back({"sigmoid.hex", activation_image(work.network.sigmoid)});
  images.push_back({"tanh.hex", activation_image(work.network.tanh)});
  for (int r = 0; r < std::min(plan.shape.readout, sum_rows(work, plan.shape)); ++r)
    images.push_back({fmt::format("bias_{}.hex", r), bias_image(work, plan, r)});
  if (work.peephole)
    for (int gate = 0; gate < 3; ++gate)
      images.push_back({fmt::format("peephole_{}.hex", "ifo"[gate]), peephole_image(work, plan, gate)});
  if (work.initial_cell) images.push_back({"initial_c.hex", initial_image(work, plan, true, 0, 1)});
  for (int port = 0; work.initial_state && port < plan.shape.ports; ++port)
    images.push_back({fmt::format("initial_{}.hex", port), initial_image(work, plan, false, port, plan.shape.ports)});
  for (int row = 0; row < plan.shape.rows; ++row)
    for (int column = 0; column < plan.shape.columns; ++column)
      images.push_back({fmt::format("weights_{:03}{:03}.hex", row / plan.shape.readout,
                                    row % plan.shape.readout * plan.shape.columns + column),
                        weight_image(work, plan, row, column)});
  return images;
}

}  // namespace erngen
