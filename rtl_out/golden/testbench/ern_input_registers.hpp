// The registers that say whose the input's frames are and how many make a sequence, where a design has them.
//
// The bench knows what each frame of the stimulus must be and writes a register only when the frame to be sent would be
// taken for another one. Both take effect with the next beat that moves (docs/reference/registers.md).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ern_stimulus.hpp"
#include "ern_testbench_parameters.hpp"

namespace ern {

struct RegisterWrite {
  std::uint32_t address = 0;
  std::uint32_t data = 0;
};

class InputRegisters {
 public:
  explicit InputRegisters(const Stimulus& stimulus) : stimulus_(stimulus), counts_(parameters::streams, 0) {}

  /// What must be written before frame `n` is sent.
  std::optional<RegisterWrite> wanted(size_t n) const {
    const Frame& frame = stimulus_.frames[n];
    if (parameters::stream_by_register && stream_ != frame.stream)
      return RegisterWrite{stream_address, static_cast<std::uint32_t>(frame.stream)};
    if (!parameters::sequence_by_count) return {};
    const int number = counts_[static_cast<size_t>(frame.stream)] + 1;
    if (length_known_ && (length_ > 0 && number >= length_) == frame.end) return {};
    return RegisterWrite{length_address, static_cast<std::uint32_t>(frames_to_end(n))};
  }
  void written(const RegisterWrite& write) {
    if (write.address == stream_address) {
      stream_ = static_cast<int>(write.data);
      return;
    }
    length_ = static_cast<int>(write.data);
    length_known_ = true;
    counts_.assign(counts_.size(), 0);
  }
  /// Frame `n` has been taken.
  void sent(size_t n) {
    int& count = counts_[static_cast<size_t>(stimulus_.frames[n].stream)];
    ++count;
    if (length_ > 0 && count >= length_) count = 0;
  }
  void written_by_host(std::uint32_t address) {
    if (address == control_address || address == stream_address || address == length_address) forget_all();
  }
  /// After a reset of all, or of all but the registers.
  void forget_all() {
    stream_ = unknown;
    forget_count();
  }
  void forget_count() { length_known_ = false; }

 private:
  static constexpr std::uint32_t control_address = 0x0c, length_address = 0x70, stream_address = 0x74;
  static constexpr int unknown = -1;

  /// Frames of the stream of frame `n`, from that on, to the next that ends a sequence; 0 if there is none.
  int frames_to_end(size_t n) const {
    int count = 0;
    for (size_t m = n; m < stimulus_.frames.size(); ++m) {
      if (stimulus_.frames[m].stream != stimulus_.frames[n].stream) continue;
      ++count;
      if (stimulus_.frames[m].end) return count;
    }
    return 0;
  }

  const Stimulus& stimulus_;
  std::vector<int> counts_;  ///< frames of each stream since its last end
  int stream_ = 0;
  int length_ = 0;
  bool length_known_ = true;
};

}  // namespace ern
