// The bench's script: AXI4-Lite accesses and the points at which frames are sent.
//
// A text file, one command a line, numbers in C notation, '#' starts a comment:
//   write ADDRESS DATA [STROBES]     the answer must be OKAY
//   write_error ADDRESS DATA [STROBES]   the answer must be SLVERR
//   read ADDRESS                     the value goes to the report
//   expect ADDRESS DATA [MASK]       (value & MASK) must be DATA
//   read_error ADDRESS               the answer must be SLVERR, with 0
//   poll ADDRESS DATA [MASK]         reads again until (value & MASK) is DATA
//   idle CYCLES
//   start COUNT|all                  sends that many more frames; the next command begins at once
//   finish                           waits until all frames sent have come out
//   frames COUNT|all                 start, then finish
//   measure                          one frame alone, idle time before and after; then all others
//   reset CYCLES                     aresetn is 0 for so many cycles
//   forget                           frames let go are not waited for, and m_axis is neither taken nor watched
//   listen                           it is again
//   sink 0|1                         0: nothing is taken from m_axis
//   interrupt 0|1                    the port must be so
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ern {

enum class Verb {
  write,
  write_error,
  read,
  expect,
  read_error,
  poll,
  idle,
  start,
  finish,
  measure,
  reset,
  forget,
  listen,
  sink,
  interrupt
};

struct Command {
  Verb verb = Verb::finish;
  std::uint32_t address = 0;  ///< or the operand of what is no access
  std::uint32_t data = 0;
  std::uint32_t mask = 0xffffffffu;  ///< or the strobes of a write
  int line = 0;
};

constexpr std::uint32_t all_frames = 0xffffffffu;

/// Throws std::runtime_error naming file and line.
inline std::vector<Command> read_script(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(file + ": cannot be read");
  std::vector<Command> commands;
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    std::istringstream words(text.substr(0, text.find('#')));
    std::string verb;
    if (!(words >> verb)) continue;
    std::vector<std::uint32_t> numbers;
    for (std::string word; words >> word;) {
      size_t used = 0;
      unsigned long number = 0;
      try {
        number = word == "all" ? all_frames : std::stoul(word, &used, 0);
      } catch (const std::exception&) {
      }
      if ((word != "all" && used != word.size()) || number > 0xffffffffu)
        throw std::runtime_error(file + ":" + std::to_string(line) + ": not a 32-bit number: " + word);
      numbers.push_back(static_cast<std::uint32_t>(number));
    }
    const auto add = [&](Verb v, size_t least, size_t most) {
      if (numbers.size() < least || numbers.size() > most)
        throw std::runtime_error(file + ":" + std::to_string(line) + ": wrong count of operands for " + verb);
      Command c;
      c.verb = v;
      c.line = line;
      if (numbers.size() > 0) c.address = numbers[0];
      if (numbers.size() > 1) c.data = numbers[1];
      if (numbers.size() > 2) c.mask = numbers[2];
      commands.push_back(c);
    };
    if (verb == "write")
      add(Verb::write, 2, 3);
    else if (verb == "write_error")
      add(Verb::write_error, 2, 3);
    else if (verb == "read")
      add(Verb::read, 1, 1);
    else if (verb == "expect")
      add(Verb::expect, 2, 3);
    else if (verb == "read_error")
      add(Verb::read_error, 1, 1);
    else if (verb == "poll")
      add(Verb::poll, 2, 3);
    else if (verb == "idle")
      add(Verb::idle, 1, 1);
    else if (verb == "start")
      add(Verb::start, 1, 1);
    else if (verb == "finish")
      add(Verb::finish, 0, 0);
    else if (verb == "measure")
      add(Verb::measure, 0, 0);
    else if (verb == "reset")
      add(Verb::reset, 1, 1);
    else if (verb == "forget")
      add(Verb::forget, 0, 0);
    else if (verb == "listen")
      add(Verb::listen, 0, 0);
    else if (verb == "sink")
      add(Verb::sink, 1, 1);
    else if (verb == "interrupt")
      add(Verb::interrupt, 1, 1);
    else if (verb == "frames") {
      add(Verb::start, 1, 1);
      commands.push_back({Verb::finish, 0, 0, 0, line});
    } else {
      throw std::runtime_error(file + ":" + std::to_string(line) + ": unknown command " + verb);
    }
  }
  return commands;
}

}  // namespace ern
