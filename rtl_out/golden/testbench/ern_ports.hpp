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

/// One beat of a stream of `Elements` lanes of `Bits` (8, 16 or 32) bits.
template <int Elements, int Bits>
struct Beat {
  static_assert(Bits == 8 || Bits == 16 || Bits == 32);
  static constexpr int lanes_per_word = 32 / Bits;
  static constexpr std::uint32_t mask = Bits == 32 ? 0xffffffffu : (1u << (Bits % 32)) - 1;
  static constexpr int words = (Elements * Bits + 31) / 32;
  std::array<std::uint32_t, words> data{};

  void set(int element, std::int32_t value) {
    const int shift = Bits * (element % lanes_per_word);
    std::uint32_t& word = data[static_cast<size_t>(element / lanes_per_word)];
    word = (word & ~(mask << shift)) | ((static_cast<std::uint32_t>(value) & mask) << shift);
  }
  std::int32_t get(int element) const {
    const std::uint32_t word = data[static_cast<size_t>(element / lanes_per_word)];
    return static_cast<std::int32_t>(word << (32 - Bits - Bits * (element % lanes_per_word))) >> (32 - Bits);
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

// Ports that a design may lack (docs/reference/interfaces.md, options of the streams): what is put into one that is not
// there goes nowhere, and an output that is not there reads as 0.
template <class Top>
auto put_tlast(Top& top, bool value, int) -> decltype(void(top.s_axis_tlast)) {
  top.s_axis_tlast = value;
}
template <class Top>
void put_tlast(Top&, bool, long) {}
template <class Top>
auto put_tuser(Top& top, bool value, int) -> decltype(void(top.s_axis_tuser)) {
  top.s_axis_tuser = value;
}
template <class Top>
void put_tuser(Top&, bool, long) {}
template <class Top>
auto put_tid(Top& top, int value, int) -> decltype(void(top.s_axis_tid)) {
  top.s_axis_tid = static_cast<std::uint8_t>(value);
}
template <class Top>
void put_tid(Top&, int, long) {}
template <class Top>
auto fetch_tkeep(const Top& top, int) -> decltype(std::uint64_t(top.m_axis_tkeep)) {
  return top.m_axis_tkeep;
}
template <class Top>
std::uint64_t fetch_tkeep(const Top&, long) {
  return 0;
}

}  // namespace ern
