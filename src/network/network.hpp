// The network as a value: what a model file means, in real numbers.
//
// A dense network is a network whose block sizes are 1; a block-circulant one has larger blocks.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "network/activation.hpp"

namespace erngen {

/// A block-circulant matrix of `rows` x `cols`, zero-padded to whole blocks of `block` x `block`.
/// Block (i, j) is defined by its first column: C[r][c] = w[(r - c) mod block].
struct BlockMatrix {
  int rows = 0;
  int cols = 0;
  int block = 1;               ///< a power of two, 1..64
  std::vector<float> columns;  ///< [row_blocks()][col_blocks()][block]

  BlockMatrix() = default;
  BlockMatrix(int rows_, int cols_, int block_);  ///< all zero; throws as parameter_count()

  /// The number of parameters of such a matrix. Throws Error(bad_input) for sizes outside 1..65536, a block size
  /// that is not a power of two up to 64, and more than 2^28 parameters.
  static size_t parameter_count(int rows, int cols, int block);

  int row_blocks() const { return (rows + block - 1) / block; }
  int col_blocks() const { return (cols + block - 1) / block; }
  const float* at(int i, int j) const { return columns.data() + (static_cast<size_t>(i) * col_blocks() + j) * block; }
  float* at(int i, int j) { return columns.data() + (static_cast<size_t>(i) * col_blocks() + j) * block; }
  /// The element of the represented matrix, 0 <= r < rows, 0 <= c < cols.
  float element(int r, int c) const;
  size_t parameters() const { return columns.size(); }
};

enum class Reset { before, after };

/// LSTM, gates in the order i, f, g (candidate), o. With a projection the recurrent vector is
/// y = W_ym m (`output()` values), otherwise h = m. m = o cell_activation(c).
struct LstmLayer {
  enum Gate { i, f, g, o };
  static constexpr std::array<const char*, 4> gate_names{"i", "f", "g", "o"};
  int input = 0;
  int hidden = 0;
  Activation gate_activation = Nonlinearity::sigmoid;  ///< of i, f and o
  Activation candidate = Nonlinearity::tanh;
  Activation cell_activation = Nonlinearity::tanh;
  std::array<BlockMatrix, 4> input_weights;      ///< [hidden x input], one block size
  std::array<BlockMatrix, 4> recurrent_weights;  ///< [hidden x output()], one block size
  std::array<std::vector<float>, 4> bias;        ///< [hidden] each, or all empty
  std::array<std::vector<float>, 3> peephole;    ///< W_ic, W_fc, W_oc, [hidden] each, or all empty
  std::optional<BlockMatrix> projection;         ///< [projection x hidden]
  std::vector<float> initial_hidden;             ///< [output()] at the beginning of a sequence, or empty: zero
  std::vector<float> initial_cell;               ///< [hidden], or empty: zero

  int output() const { return projection ? projection->rows : hidden; }
  bool has_bias() const { return !bias[0].empty(); }
  bool has_peephole() const { return !peephole[0].empty(); }
};

/// GRU, gates in the order r (reset), z (update), n (candidate):
/// h = (1 - z) n + z h(t-1). Reset::before: n = candidate(W_n x + U_n (r h) + b_n);
/// Reset::after: n = candidate(W_n x + b_n + r (U_n h + b_hn)).
struct GruLayer {
  enum Gate { r, z, n };
  static constexpr std::array<const char*, 3> gate_names{"r", "z", "n"};
  int input = 0;
  int hidden = 0;
  Reset reset = Reset::after;
  Activation gate_activation = Nonlinearity::sigmoid;  ///< of r and z
  Activation candidate = Nonlinearity::tanh;
  std::array<BlockMatrix, 3> input_weights;      ///< [hidden x input]
  std::array<BlockMatrix, 3> recurrent_weights;  ///< [hidden x hidden]
  std::array<std::vector<float>, 3> bias;        ///< [hidden] each, or all empty
  std::vector<float> bias_hn;                    ///< [hidden] when reset is after and biases exist, else empty
  std::vector<float> initial_hidden;             ///< [hidden] at the beginning of a sequence, or empty: zero

  int output() const { return hidden; }
  bool has_bias() const { return !bias[0].empty(); }
};

/// Plain recurrent layer: h = activation(W x + U h(t-1) + b).
struct RnnLayer {
  static constexpr std::array<const char*, 1> gate_names{"h"};
  int input = 0;
  int hidden = 0;
  Activation activation = Nonlinearity::tanh;
  std::array<BlockMatrix, 1> input_weights;      ///< [hidden x input]
  std::array<BlockMatrix, 1> recurrent_weights;  ///< [hidden x hidden]
  std::array<std::vector<float>, 1> bias;        ///< [hidden] or empty
  std::vector<float> initial_hidden;             ///< [hidden] at the beginning of a sequence, or empty: zero

  int output() const { return hidden; }
  bool has_bias() const { return !bias[0].empty(); }
};

/// y = activation(W x + b).
struct DenseLayer {
  BlockMatrix weights;      ///< [output x input]
  std::vector<float> bias;  ///< [output] or empty
  Activation activation{};
  int output() const { return weights.rows; }
};

/// y = activation(the sum of its inputs), element by element.
struct AddLayer {
  int size = 0;
  Activation activation{};
  int output() const { return size; }
};

using Layer = std::variant<LstmLayer, GruLayer, DenseLayer, RnnLayer, AddLayer>;

int input_size(const Layer& layer);  ///< of what its inputs are together; of one input of an AddLayer
int output_size(const Layer& layer);
const char* kind_name(const Layer& layer);  ///< "lstm", "gru", "dense", "rnn", "add"
bool is_recurrent(const Layer& layer);      ///< whether it reads its own output of the frame before

/// A layer and what it reads: several inputs are concatenated in their order (an AddLayer adds them).
struct Node {
  static constexpr int network_input = -1;
  Layer layer;
  std::vector<int> inputs;  ///< indices of earlier nodes, or network_input, or Node::part() of the frame
  std::string name;         ///< of the layer in the user's file, for messages; may be empty

  /// What a node reads that is a part of the frame; part(0) is network_input. And back.
  static constexpr int part(int number) { return network_input - number; }
  static constexpr int part_number(int input) { return network_input - input; }
};

/// Elements of the frame that a network runs over at step t of a sequence of T steps: those of the user's frame t or,
/// mirrored, of frame T - 1 - t; or elements that the network gave at that step in the pass before (Network::passes).
struct FramePart {
  int size = 0;
  bool mirrored = false;
  int output = of_input;  ///< the first of these elements among the network's outputs, or of_input

  static constexpr int of_input = -1;
  friend bool operator==(const FramePart&, const FramePart&) = default;
};

/// Elements of the user's result for frame t: a sum of as many outputs of step t or, mirrored, of step T - 1 - t.
struct ResultPart {
  struct Summand {
    int output = 0;  ///< the first of these elements
    bool mirrored = false;
    friend bool operator==(const Summand&, const Summand&) = default;
  };
  int size = 0;
  std::vector<Summand> sum;
  friend bool operator==(const ResultPart&, const ResultPart&) = default;
};

struct Network {
  int input_size = 0;  ///< elements of the user's frame
  std::vector<Node> nodes;
  std::vector<int> outputs;        ///< nodes whose outputs, concatenated in this order, are the network's
  bool last_frame_only = false;    ///< only the last frame of a sequence has a result
  std::vector<FramePart> frame;    ///< what the network runs over; empty: the user's frames as they come
  std::vector<ResultPart> result;  ///< what the user sees; empty: the outputs
  /// Opaque to this layer: {"frontend": {...}, "labels": [...], "recipe": {...}}, kept through every stage.
  nlohmann::ordered_json metadata = nlohmann::ordered_json::object();

  /// Adds a layer that reads the last one, or the input, and is now the only output.
  void append(Layer layer, std::string name = {});
  /// Adds a layer that reads `inputs`; outputs stay. Returns its index.
  int add(Layer layer, std::vector<int> inputs, std::string name = {});

  int input() const { return input_size; }  ///< elements of the user's frame
  int output() const;                       ///< elements of the user's result
  /// Elements of the frame that the network runs over, and of its outputs.
  int frame_size() const;
  int output_elements() const;
  /// The parts of the frame, at least one, and the first element of each: a multiple of max_block(). Elements between
  /// two parts are zero.
  std::vector<FramePart> frame_parts() const;
  std::vector<int> frame_offsets() const;
  /// How often each sequence goes through the network until its result is right: once, and once more for each time
  /// that a layer reads what comes out of an earlier layer in the other order.
  int passes() const;
  /// Whether a frame needs others of its sequence than those before it, so that the whole sequence must be there before
  /// it begins.
  bool needs_whole_sequences() const { return !frame.empty(); }
  /// Whether all that the user sees comes out at the last step of a sequence, and no pass needs more.
  bool last_step_suffices() const;
  /// Elements of what `index` gives: a node, or a part of the frame.
  int size_of(int index) const;
  /// Elements of what the node reads, together.
  int input_of(const Node& node) const;
  size_t parameters() const;
  int max_block() const;
  /// Whether every layer reads the one before it, and the last one is the output.
  bool is_chain() const;

  /// Throws Error unless sizes fit together, every node is used, shapes agree, blocks are equal within a matrix family,
  /// and all values are finite.
  void validate() const;
  /// What validate() checks of nodes, inputs and outputs, whatever the layers hold.
  void validate_links() const;

 private:
  void validate_orders() const;
};

/// The network without its numbers: matrices have no values, biases, peepholes and initial states are zero.
Network structure_of(const Network& network);

/// Calls f(name, matrix) for every matrix of the network, e.g. "layers.0.recurrent.f", in file order.
/// Defined for Network& and const Network&.
template <class NetworkT, class F>
void for_each_matrix(NetworkT& network, F&& f);

}  // namespace erngen

#include "network/network_inl.hpp"
