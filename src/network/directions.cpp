#include "network/directions.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

/// At step t of T steps: frame t, or frame T - 1 - t.
enum class Order { as_they_come, mirrored };

Order other(Order order) { return order == Order::mirrored ? Order::as_they_come : Order::mirrored; }

/// Whether the layer's function of a sum is the sum of its functions, but for a bias.
bool is_linear(const Layer& layer) {
  const auto* dense = std::get_if<DenseLayer>(&layer);
  const auto* add = std::get_if<AddLayer>(&layer);
  return (dense && dense->activation == Activation()) || (add && add->activation == Activation());
}

/// Several matrices side by side, of columns that begin at borders of blocks.
BlockMatrix side_by_side(const BlockMatrix& all, const std::vector<std::pair<int, int>>& columns,
                         const std::string& name) {
  int width = 0;
  for (const auto& [first, count] : columns) {
    if (first % all.block != 0 || width % all.block != 0)
      throw unsupported(fmt::format("{}: blocks of {} lie across both directions of a layer", name, all.block),
                        "choose cells that are a multiple of the block size");
    width += count;
  }
  BlockMatrix result(all.rows, width, all.block);
  for (int i = 0; i < result.row_blocks(); ++i) {
    float* to = result.at(i, 0);
    for (const auto& [first, count] : columns)
      to = std::copy_n(all.at(i, first / all.block),
                       static_cast<std::ptrdiff_t>((count + all.block - 1) / all.block) * all.block, to);
  }
  return result;
}

class Streaming {
 public:
  Streaming(const Network& whole, const std::vector<Direction>& directions) : whole_(whole), directions_(directions) {
    result_.input_size = whole.input_size;
    result_.last_frame_only = whole.last_frame_only;
    result_.metadata = whole.metadata;
  }

  Network make() {
    for (const int output : whole_.outputs) {
      ResultPart part{whole_.size_of(output), {}};
      for (const auto& [source, order] : summands(output))
        part.sum.push_back({output_at(source), order == Order::mirrored});
      result_.result.push_back(std::move(part));
    }
    drop_trivial_result();
    result_.validate();
    return std::move(result_);
  }

 private:
  /// A value of the network that is made, and the order in which its frames come.
  struct Source {
    int index = Node::network_input;
    Order order = Order::as_they_come;
  };

  const Node& node(int n) const { return whole_.nodes[static_cast<size_t>(n)]; }
  Direction direction(int n) const { return directions_[static_cast<size_t>(n)]; }
  Order own_order(int n) const { return direction(n) == Direction::backward ? Order::mirrored : Order::as_they_come; }

  /// The pass in which a value of `whole` is there in an order for the first time.
  int pass_of(int n, Order order) {
    if (n < 0) return 0;
    if (const auto found = passes_.find({n, order}); found != passes_.end()) return found->second;
    int pass = 0;
    if (direction(n) == Direction::final_state) {
      pass = pass_of(node(n).inputs.front(), Order::mirrored);
    } else if (direction(n) == Direction::flipped) {
      pass = pass_of(node(n).inputs.front(), other(order));
    } else if (is_recurrent(node(n).layer) && own_order(n) != order) {
      pass = pass_of(n, own_order(n)) + 1;
    } else {
      for (const int input : node(n).inputs) pass = std::max(pass, pass_of(input, order));
    }
    return passes_[{n, order}] = pass;
  }

  Order earlier_order(int n) {
    return pass_of(n, Order::mirrored) < pass_of(n, Order::as_they_come) ? Order::mirrored : Order::as_they_come;
  }

  /// The pass in which summands(n) are there.
  int pass_of_summands(int n) {
    if (n < 0) return 0;
    if (direction(n) == Direction::flipped) return pass_of_summands(node(n).inputs.front());
    int pass = pass_of(n, earlier_order(n));
    if (!is_linear(node(n).layer) || direction(n) == Direction::final_state) return pass;
    int apart = 0;
    for (const int input : node(n).inputs) apart = std::max(apart, pass_of_summands(input));
    return std::min(pass, apart);
  }

  /// What the result for a frame is the sum of.
  std::vector<Source> summands(int n) {
    if (n < 0) return {{part_of_input(Order::as_they_come), Order::as_they_come}};
    if (direction(n) == Direction::flipped) {
      std::vector<Source> turned = summands_of(node(n).inputs.front());
      for (Source& summand : turned) summand.order = other(summand.order);
      return turned;
    }
    const Order order = earlier_order(n);
    const bool linear = is_linear(node(n).layer) && direction(n) != Direction::final_state;
    if (!linear || pass_of_summands(n) == pass_of(n, order)) return {{source(n, order), order}};
    std::vector<Source> parts;
    for (const Order half : {Order::as_they_come, Order::mirrored})
      if (const int made = part_of_sum(n, half, parts.empty()); made >= 0) parts.push_back({made, half});
    return parts;
  }

  /// The node that computes what a linear one makes of the summands of its inputs that come in this order; -1 if there
  /// are none. A bias is added once.
  int part_of_sum(int n, Order order, bool with_bias) {
    std::vector<int> inputs;
    std::vector<std::pair<int, int>> columns;
    int at = 0;
    const bool concatenates = std::holds_alternative<DenseLayer>(node(n).layer);
    for (const int input : node(n).inputs) {
      for (const auto& [index, own] : summands_of(input))
        if (own == order) {
          inputs.push_back(index);
          columns.emplace_back(at, whole_.size_of(input));
        }
      if (concatenates) at += whole_.size_of(input);
    }
    if (inputs.empty()) return -1;
    Layer layer = node(n).layer;
    if (auto* dense = std::get_if<DenseLayer>(&layer)) {
      dense->weights = side_by_side(dense->weights, columns, node(n).name);
      if (!with_bias) dense->bias.clear();
    }
    return result_.add(std::move(layer), std::move(inputs), named(node(n).name, order));
  }

  const std::vector<Source>& summands_of(int n) {
    const auto found = summands_.find(n);
    return found != summands_.end() ? found->second : summands_[n] = summands(n);
  }

  /// The value of a node, or of the input, in this order.
  int source(int n, Order order) {
    if (n < 0) return part_of_input(order);
    if (const auto found = made_.find({n, order}); found != made_.end()) return found->second;
    if (direction(n) == Direction::flipped) return source(node(n).inputs.front(), other(order));
    if (direction(n) == Direction::final_state) {
      if (order == Order::mirrored)
        throw unsupported(node(n).name + ": a layer that runs backward reads a final state",
                          "let the host repeat it for all frames, as an input of another network");
      return source(node(n).inputs.front(), Order::mirrored);
    }
    const bool recurrent = is_recurrent(node(n).layer);
    int made = 0;
    if (recurrent && own_order(n) != order) {
      const int first = output_at(source(n, own_order(n)));
      made = part_of_frame({whole_.size_of(n), true, first});
    } else {
      std::vector<int> inputs;
      for (const int input : node(n).inputs) inputs.push_back(source(input, order));
      const bool apart = recurrent || order == Order::mirrored;
      made = result_.add(node(n).layer, std::move(inputs), apart ? named(node(n).name, order) : node(n).name);
    }
    return made_[{n, order}] = made;
  }

  std::string named(const std::string& name, Order order) const {
    return order == Order::mirrored ? name + (name.empty() ? "backward" : " (backward)") : name;
  }

  int part_of_input(Order order) { return part_of_frame({whole_.input_size, order == Order::mirrored}); }

  int part_of_frame(const FramePart& part) {
    const auto found = std::ranges::find(result_.frame, part);
    const auto number = static_cast<int>(found - result_.frame.begin());
    if (found == result_.frame.end()) result_.frame.push_back(part);
    return Node::part(number);
  }

  /// The first element of a value among the outputs, to which it is added if it is none yet.
  int output_at(int source) {
    if (source < 0) source = passed_on(source);
    int at = 0;
    for (const int output : result_.outputs) {
      if (output == source) return at;
      at += result_.size_of(output);
    }
    result_.outputs.push_back(source);
    return at;
  }

  /// A node that gives a part of the frame.
  int passed_on(int part) {
    const auto found = passed_on_.find(part);
    if (found != passed_on_.end()) return found->second;
    return passed_on_[part] = result_.add(AddLayer{result_.size_of(part)}, {part}, "input");
  }

  /// A result that is the outputs themselves need not be said.
  void drop_trivial_result() {
    int at = 0;
    for (const ResultPart& part : result_.result) {
      if (part.sum != std::vector{ResultPart::Summand{at, false}}) return;
      at += part.size;
    }
    if (at == result_.output_elements()) result_.result.clear();
  }

  const Network& whole_;
  const std::vector<Direction>& directions_;
  Network result_;
  std::map<std::pair<int, Order>, int> passes_, made_;
  std::map<int, std::vector<Source>> summands_;
  std::map<int, int> passed_on_;
};

}  // namespace

Network streaming_network(const Network& whole, const std::vector<Direction>& directions) {
  if (std::ranges::all_of(directions, [](Direction d) { return d == Direction::forward; })) return whole;
  return Streaming(whole, directions).make();
}

}  // namespace erngen
