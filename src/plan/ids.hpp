// Numbers that must not be mixed up: an index into one list each, and lists that take no other index.
#pragma once

#include <compare>
#include <vector>

namespace erngen {

template <class Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(int value) : value_(value) {}
  constexpr int value() const { return value_; }
  constexpr Id& operator++() {
    ++value_;
    return *this;
  }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  int value_ = 0;
};

using ContextId = Id<struct ContextTag>;  ///< a stream's context
using VectorId = Id<struct VectorTag>;    ///< of Graph::vectors
using PhaseId = Id<struct PhaseTag>;      ///< of Graph::phases
using TileId = Id<struct TileTag>;        ///< of a vector's or phase's tiles

/// A list whose entries are found by ids of one kind.
template <class I, class T>
class ById {
 public:
  ById() = default;
  explicit ById(int count, const T& value = T()) : entries_(count, value) {}

  T& operator[](I id) { return entries_[id.value()]; }
  const T& operator[](I id) const { return entries_[id.value()]; }
  T& add(T value) { return entries_.emplace_back(std::move(value)); }
  I end_id() const { return I(static_cast<int>(entries_.size())); }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<T> entries_;
};

}  // namespace erngen
