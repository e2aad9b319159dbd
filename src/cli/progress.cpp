#include "cli/progress.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/console.hpp"

namespace erngen::cli {
namespace {

using namespace std::chrono_literals;

bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && kind && std::string_view(kind) != "dumb";
}

}  // namespace

Progress::Progress(std::string what, std::string unit)
    : what_(std::move(what)), unit_(std::move(unit)), terminal_(is_terminal()) {
  next_ = Clock::now() + (terminal_ ? 200ms : 5000ms);  // work that is done at once shows nothing
}

Progress::~Progress() {
  if (drawn_width_ > 0) cli::draw(fmt::format("\r{:{}}\r", "", drawn_width_));
}

void Progress::update(size_t done, size_t total) {
  if (++calls_ % 16 != 0 && done != total) return;  // the clock costs more than a small frame
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? 100ms : 5000ms);
  draw(done, total);
}

void Progress::draw(size_t done, size_t total) {
  const double part = total == 0 ? 1.0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  if (!terminal_) {
    note(fmt::format("{}: {} of {} {} ({:.0f} %)", what_, done, total, unit_, 100 * part));
    return;
  }
  constexpr int cells = 30;
  const int full = static_cast<int>(part * cells);
  std::string bar;
  for (int n = 0; n < cells; ++n) bar += n < full ? "━" : n == full ? "╸" : " ";
  const std::string tail = fmt::format(" {:3.0f} %  {} of {} {}", 100 * part, done, total, unit_);
  cli::draw(fmt::format("\r{} {}{}", what_, bar, tail));
  drawn_width_ = std::max(drawn_width_, what_.size() + 1 + cells + tail.size());
}

}  // namespace erngen::cli
