// Independent work on all cores, with results that do not depend on their number.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace erngen {

/// Calls work(n) once for each n below `count`, on `threads` threads (0: as many as the machine has cores), in any
/// order. Work of one n writes nothing that work of another reads. If some throw, the exception of the least n is
/// thrown when all have stopped.
template <class Work>
void parallel_for(size_t count, int threads, const Work& work) {
  constexpr size_t portion = 8;  // taken at once: the counter is shared
  const size_t most = threads > 0 ? static_cast<size_t>(threads) : std::max(1u, std::thread::hardware_concurrency());
  std::atomic<size_t> next{0};
  std::mutex guard;
  std::exception_ptr error;
  size_t error_at = count;
  const auto run = [&] {
    for (size_t first = next.fetch_add(portion); first < count; first = next.fetch_add(portion))
      for (size_t n = first; n < std::min(count, first + portion); ++n) try {
          work(n);
        } catch (...) {  // portions before this one have begun: the least n is found
          next = count;
          const std::lock_guard lock(guard);
          if (n < error_at) error = std::current_exception(), error_at = n;
          return;
        }
  };
  std::vector<std::thread> others;
  for (size_t n = 1; n < std::min(most, (count + portion - 1) / portion); ++n) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace erngen
