// Ports of any width as arrays of 32-bit words.
//
// Verilator gives a port up to 64 bits an integer type and a wider one VlWide<words>; the width of
// tdata depends on the design.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include <verilated.h>

namespace ern {

/// One beat of a stream of `Elements` lanes of `Bits` (16 or 32) bits.
template <int Elements, int Bits>
struct Beat {
  static_assert(Bits == 16 || Bits == 32);
  static constexpr int words = (Elements * Bits + 31) / 32;
  std::array<std::uint32_t, words> data{};

  void set(int element, std::int32_t value) {
    if constexpr (Bits == 32) {
      data[static_cast<size_t>(element)] = static_cast<std::uint32_t>(value);
    } else {
      const int shift = 16 * (element % 2);
      std::uint32_t& word = data[static_cast<size_t>(element / 2)];
      word = (word & ~(0xffffu << shift)) | ((static_cast<std::uint32_t>(value) & 0xffffu) << shift);
    }
  }
  std::int32_t get(int element) const {
    if constexpr (Bits == 32) return static_cast<std::int32_t>(data[static_cast<size_t>(element)]);
    return static_cast<std::int16_t>(data[static_cast<size_t>(element / 2)] >> (16 * (element % 2)));
  }
  friend bool operator==(const Beat& a, const Beat& b) { return a.data == b.data; }
  friend bool operator!=(const Beat& a, const Beat& b) { return !(a == b); }
};

template <class Port, class BeatT>
void put(Port& port, const BeatT& beat) {
  if constexpr (std::is_integral_v<Port>) {
    std::uint64_t value = beat.data[0];
    if constexpr (BeatT::words > 1) value |= std::uint64_t{beat.data[1]} << 32;
    port = static_cast<Port>(value);
  } else {
    for (int w = 0; w < BeatT::words; ++w) port[static_cast<size_t>(w)] = beat.data[static_cast<size_t>(w)];
  }
}

template <class BeatT, class Port>
BeatT fetch(const Port& port) {
  BeatT beat;
  if constexpr (std::is_integral_v<Port>) {
    beat.data[0] = static_cast<std::uint32_t>(port);
    if constexpr (BeatT::words > 1) beat.data[1] = static_cast<std::uint32_t>(static_cast<std::uint64_t>(port) >> 32);
  } else {
    for (int w = 0; w < BeatT::words; ++w) beat.data[static_cast<size_t>(w)] = port[static_cast<size_t>(w)];
  }
  return beat;
}

}  // namespace ern
