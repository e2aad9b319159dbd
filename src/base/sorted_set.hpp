// A small ordered set in one piece of memory.
#pragma once

#include <algorithm>
#include <vector>

namespace erngen {

/// Numbers in order. New ones are mostly the largest, so that little moves.
template <class T>
class SortedSet {
 public:
  bool empty() const { return sorted_.empty(); }
  T front() const { return sorted_.front(); }
  T back() const { return sorted_.back(); }
  bool contains(T value) const {
    return !sorted_.empty() && value <= sorted_.back() && std::binary_search(sorted_.begin(), sorted_.end(), value);
  }
  void insert(T value) { sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value); }

 private:
  std::vector<T> sorted_;
};

}  // namespace erngen
