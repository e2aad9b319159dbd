#include "cli/block_options.hpp"

#include <charconv>

#include <fmt/format.h>

#include "base/bits.hpp"
#include "base/error.hpp"

namespace erngen::cli {
namespace {

/// A whole number without sign or space, or -1.
int parse_number(const std::string& text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && text[0] != '-' ? value : -1;
}

}  // namespace

BlockSizes parse_block_sizes(const std::string& text, const std::string& option, std::optional<int> dense) {
  std::vector<int> sizes;
  for (size_t start = 0; start <= text.size();) {
    const size_t comma = std::min(text.find(',', start), text.size());
    const int size = parse_number(text.substr(start, comma - start));
    if (!is_power_of_two(size) || size > 64 || sizes.size() == 4)
      throw Error(ExitCode::usage,
                  fmt::format("{} {}: expected one to four of the block sizes 1, 2, 4, 8, 16, 32, 64", option, text),
                  "give one size for all matrices, or INPUT,RECURRENT,PROJECTION,DENSE");
    sizes.push_back(size);
    start = comma + 1;
  }
  if (sizes.size() < 4 && dense) {
    sizes.resize(3, sizes.back());
    sizes.push_back(*dense);
  }
  sizes.resize(4, sizes.back());
  return {sizes[0], sizes[1], sizes[2], sizes[3]};
}

void BlockOptions::add_to(CLI::App& app, Use use) {
  use_ = use;
  std::string text =
      "Block size K (1, 2, 4, ... 64) of all matrices, or a list for the matrices INPUT,RECURRENT,PROJECTION,DENSE; a "
      "shorter list repeats its last number";
  if (use == Use::training) text += ", but the output layer stays dense unless DENSE is given";
  CLI::Option* block = app.add_option("--block", block_, text)->type_name("K[,K..]");
  if (use == Use::given)
    block->required();
  else
    block->capture_default_str();
  app.add_option("--layer-block", layer_block_, "Block sizes of layer N (from 0) in place of --block; may be repeated")
      ->type_name("N=K[,K..]")
      ->allow_extra_args(false);
}

BlockChoice BlockOptions::choice() const {
  BlockChoice choice;
  choice.all = parse_block_sizes(block_, "--block", use_ == Use::training ? std::optional<int>(1) : std::nullopt);
  for (const std::string& text : layer_block_) {
    const size_t equals = text.find('=');
    const int layer = equals == std::string::npos ? -1 : parse_number(text.substr(0, equals));
    if (layer < 0) throw Error(ExitCode::usage, fmt::format("--layer-block {}: expected N=K[,K..]", text));
    if (!choice.layers.emplace(layer, parse_block_sizes(text.substr(equals + 1), "--layer-block")).second)
      throw Error(ExitCode::usage, fmt::format("--layer-block {}: layer {} is given twice", text, layer));
  }
  return choice;
}

}  // namespace erngen::cli
