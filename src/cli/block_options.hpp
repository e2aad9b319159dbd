// The options --block and --layer-block: block sizes by matrix family and by layer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "network/block_sizes.hpp"

namespace erngen::cli {

class BlockOptions {
 public:
  enum class Use {
    shape,    ///< of a random network: 8 unless given
    given,    ///< must be given
    training  ///< 8 unless given, and the output layer is dense unless a fourth number says otherwise
  };

  /// Adds both options to `app`; the object must outlive the parse.
  void add_to(CLI::App& app, Use use);

  /// Throws Error(usage) naming the option, its value and what is allowed.
  BlockChoice choice() const;

 private:
  Use use_ = Use::shape;
  std::string block_ = "8";
  std::vector<std::string> layer_block_;
};

/// "8" or "8,16,8,1": input, recurrent, projection, dense; a shorter list repeats its last number, but for `dense` when
/// that is given. Throws Error(usage) beginning with `option`.
BlockSizes parse_block_sizes(const std::string& text, const std::string& option, std::optional<int> dense = {});

}  // namespace erngen::cli
