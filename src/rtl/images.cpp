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
/// outside the matrix, whose columns begin with block `first` of column square 0.
std::vector<std::int64_t> square_words(const SpectralMatrix<std::int32_t>& matrix, int row_square, int column_square,
                                       int rotation, int K, int first) {
  const int k = matrix.block, count = K / k;
  std::vector<std::int64_t> words(K, 0);
  for (int a = 0; a < count; ++a) {
    const int i = row_square * count + a, j = column_square * count + (a + rotation) % count - first;
    if (matrix.words.empty() || j < 0 || i >= matrix.row_blocks() || j >= matrix.col_blocks()) continue;
    std::copy_n(matrix.at(i, j), k, words.begin() + a * k);
  }
  return words;
}

/// The words of a square with blocks of size k as ern_lane has them.
BitWord plain_word(const std::vector<std::int64_t>& words, int k, int width) {
  const int K = static_cast<int>(words.size());
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

/// The same as ern_lane_bins has them.
BitWord bins_word(const std::vector<std::int64_t>& words, int k, int width, bool mixed) {
  const int K = static_cast<int>(words.size());
  BitWord word;
  for (const std::int64_t w : words) word.append(w, width);
  for (int pair = 1; mixed && pair < K / 2; ++pair) word.append(is_complex_pair(pair, k), 1);
  return word;
}

/// Calls `take(words, block)` with the square of each step of one run that row `row` of its pass (0 .. R - 1) meets in
/// column lane `column`.
template <class Take>
void for_steps(const Workload& work, const Plan& plan, const WeightRun& run, int row, int column, Take&& take) {
  const int K = plan.shape.words;
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
    const int term = before ? run.seam_term : run.term;
    const int first = work.graph.vectors[terms[term].vector].first % K / block;
    take(square_words(matrix(term), gate_row / gates, block_column, step % rotations, K, first), block);
  }
}

/// Weights of the lane that computes row `row` of each pass in column lane `column`.
std::string weight_image(const Workload& work, const Plan& plan, int row, int column) {
  const int width = work.formats.weight_width;
  const bool mixed = mixed_bins(work, plan.shape);
  std::vector<BitWord> words;
  for (const WeightRun& run : plan.program.weights)
    for_steps(work, plan, run, row, column, [&](const std::vector<std::int64_t>& square, int k) {
      words.push_back(plan.shape.form != LaneForm::bins ? plain_word(square, k, width)
                                                        : bins_word(square, k, width, mixed));
    });
  return text_of(words);
}

/// Adds to `sums` what the constants of ern_correction have of one step, inside bins: wr wi of each pair.
void add_bins(const std::vector<std::int64_t>& w, int k, std::vector<std::int64_t>& sums) {
  for (int pair = 1; pair < static_cast<int>(w.size()) / 2; ++pair)
    if (is_complex_pair(pair, k)) sums[pair - 1] += w[2 * pair] * w[2 * pair + 1];
}

/// The same over the two blocks that a lane multiplies: products w w' of two real bins, u u' - p p' and u u' + v v' of
/// a complex one, with u = wr, v = wi - wr, p = wi + wr.
void add_blocks(const std::vector<std::int64_t>& w, const std::vector<std::int64_t>& other, int k,
                std::vector<std::int64_t>& sums) {
  for (int pair = 0; pair < static_cast<int>(w.size()) / 2; ++pair) {
    const std::int64_t r = w[2 * pair], i = w[2 * pair + 1], r2 = other[2 * pair], i2 = other[2 * pair + 1];
    const bool complex = pair > 0 && is_complex_pair(pair, k);
    sums[2 * pair] += complex ? r * r2 - (i + r) * (i2 + r2) : r * r2;
    sums[2 * pair + 1] += complex ? r * r2 + (i - r) * (i2 - r2) : i * i2;
  }
}

/// ern_correction's constants of readout row `row`, a word for each stage of each pass, of sums over all that the pass
/// multiplies; cut into pieces of as many bits as a lane's weights.
std::vector<std::string> correction_images(const Workload& work, const Plan& plan, int row) {
  const EngineShape& shape = plan.shape;
  const int width = correction_bits(work, shape), piece_bits = weight_bits(work, shape);
  std::vector<std::vector<std::int64_t>> sums(
      static_cast<size_t>(correction_rows(work, shape)),
      std::vector<std::int64_t>(static_cast<size_t>(correction_constants(shape.words, shape.form)), 0));
  using Squares = std::vector<std::vector<std::int64_t>>;
  for (const WeightRun& run : plan.program.weights) {
    const int first = correction_row(work, shape, run.phase, run.part, run.group);
    for (int stage = 0; stage < shape.stages(); ++stage) {
      auto& of = sums[static_cast<size_t>(first + stage)];
      Squares before;  // of the column lane that shares multipliers with the next one
      for (int column = 0; column < shape.columns; ++column) {
        Squares squares;
        int k = 1;
        for_steps(work, plan, run, stage * shape.readout + row, column, [&](const auto& square, int block) {
          squares.push_back(square);
          k = block;
        });
        for (size_t step = 0; step < squares.size(); ++step)
          if (shape.form == LaneForm::bins)
            add_bins(squares[step], k, of);
          else if (column % 2 == 1)
            add_blocks(before[step], squares[step], k, of);
        before = std::move(squares);
      }
    }
  }
  std::vector<std::string> images;
  for (int piece = 0; piece < correction_pieces(shape.words, shape.form, width, piece_bits); ++piece) {
    std::vector<BitWord> words;
    for (const auto& of : sums) {
      BitWord whole;
      for (const std::int64_t v : of) whole.append(v & ((std::int64_t{1} << width) - 1), width);  // modulo 2^ACC
      words.push_back(whole.slice(piece * piece_bits, piece_bits));
    }
    images.push_back(text_of(words));
  }
  return images;
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
  if (plan.shape.form == LaneForm::plain) return images;
  std::vector<BitWord> first_rows;
  for (const Pass& pass : plan.program.passes) {
    BitWord word;
    word.append(correction_row(work, plan.shape, pass.phase, pass.part, pass.group),
                ceil_log2(std::max(2, correction_rows(work, plan.shape))));
    first_rows.push_back(word);
  }
  images.push_back({"correction_rows.hex", text_of(first_rows)});
  for (int row = 0; row < plan.shape.readout; ++row) {
    int piece = 0;
    for (std::string& text : correction_images(work, plan, row))
      images.push_back({fmt::format("correction_{:03}{:03}.hex", row, piece++), std::move(text)});
  }
  return images;
}

}  // namespace erngen
