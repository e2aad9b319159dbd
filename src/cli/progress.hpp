// Progress of long work on standard error: a thin bar on a terminal, now and then a plain line elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace erngen::cli {

class Progress {
 public:
  /// `what` is a short phrase: "running"; `unit` names what is counted: "frames".
  Progress(std::string what, std::string unit);
  /// Removes the bar, so that what is printed next begins on an empty line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap: draws at most ten times a second on a terminal; elsewhere prints a line every five seconds.
  void update(size_t done, size_t total);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(size_t done, size_t total);

  std::string what_, unit_;
  bool terminal_;
  Clock::time_point next_;
  size_t calls_ = 0;
  size_t drawn_width_ = 0;
};

}  // namespace erngen::cli
