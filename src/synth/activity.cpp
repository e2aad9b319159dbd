#include "synth/activity.hpp"

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <map>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/system_error.hpp"

namespace erngen {
namespace {

constexpr const char* way_out = "make it with erngen simulate --waves FILE.vcd";
constexpr int longest_word = 2 << 20;  ///< in bytes: the value of a signal of 2^20 bits, the widest, has fewer

struct Bit {
  std::int64_t time[3] = {};  ///< at 0, at 1, at x or z
  std::int64_t toggles = 0;
  std::int64_t since = 0;
  char value = 'x';

  void end(std::int64_t now) {
    time[value == '0' ? 0 : value == '1' ? 1 : 2] += now - since;
    since = now;
  }
  void set(char next, std::int64_t now) {
    if (next == value) return;
    end(now);
    toggles += (value == '0' && next == '1') || (value == '1' && next == '0');
    value = next;
  }
};

using Bits = std::vector<Bit>;

struct Scope {
  std::vector<std::pair<std::string, std::shared_ptr<Bits>>> signals;
  std::vector<std::pair<std::string, std::unique_ptr<Scope>>> inner;
};

class Reader {
 public:
  Reader(const std::filesystem::path& file, const std::string& top) : name_(file.string()), top_(top) {
    require_regular_file(file);
    stream_.open(file);
    if (!stream_) throw cannot_read(file, errno);
    std::string start(4096, '\0');
    stream_.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<size_t>(stream_.gcount()));
    const size_t first = start.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || start[first] != '$') throw other_contents(name_, start, "VCD waves", way_out);
    stream_.clear();
    stream_.seekg(0);
  }

  std::string saif() {
    header();
    changes();
    std::string text =
        "(SAIFILE\n(SAIFVERSION \"2.0\")\n(DIRECTION \"backward\")\n(PROGRAM_NAME \"erngen\")\n(DIVIDER / )\n";
    text += fmt::format("(TIMESCALE {})\n(DURATION {})\n", timescale_, now_);
    write(text, top_, *found_);
    return text + ")\n";
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw bad_input(fmt::format("{}: {}", name_, why), way_out); }

  std::string word() {
    std::string text;
    if (!(stream_ >> std::setw(longest_word) >> text)) fail("ends too early, or is not a VCD");
    if (std::ssize(text) >= longest_word - 1) fail("has words of two megabytes: it is not a VCD");
    return text;
  }

  std::string until_end() {
    std::string text;
    for (std::string next = word(); next != "$end"; next = word()) text += (text.empty() ? "" : " ") + next;
    return text;
  }

  void header() {
    std::vector<Scope*> open;
    for (;;) {
      const std::string command = word();
      if (command == "$enddefinitions") {
        until_end();
        break;
      }
      if (command == "$timescale") {
        timescale_ = until_end();
      } else if (command == "$scope") {
        word();
        const std::string name = word();
        until_end();
        if (!open.empty() && open.back()) {
          open.push_back(open.back()->inner.emplace_back(name, std::make_unique<Scope>()).second.get());
        } else if (name == top_ && !found_) {
          found_ = std::make_unique<Scope>();
          open.push_back(found_.get());
        } else {
          open.push_back(nullptr);
        }
      } else if (command == "$upscope") {
        until_end();
        if (open.empty()) fail("$upscope without $scope");
        open.pop_back();
      } else if (command == "$var") {
        word();
        const int width = std::atoi(word().c_str());
        const std::string id = word(), name = word();
        until_end();
        if (width < 1 || width > 1 << 20) fail(fmt::format("signal {} has {} bits", name, width));
        if (open.empty() || !open.back()) continue;
        auto& bits = bits_[id];
        if (!bits) bits = std::make_shared<Bits>(static_cast<size_t>(width));
        open.back()->signals.emplace_back(name, bits);
      } else if (command[0] == '$') {
        until_end();
      } else {
        fail(fmt::format("'{}' among the definitions", command));
      }
    }
    if (!found_) fail(fmt::format("no scope '{}'", top_));
    if (timescale_.empty()) fail("no $timescale");
  }

  void set(const std::string& id, const std::string& values) {
    const auto found = bits_.find(id);
    if (found == bits_.end()) return;
    Bits& bits = *found->second;
    const char fill = values[0] == '1' ? '0' : values[0];  // IEEE 1364: 0 and 1 are extended by 0
    for (size_t n = 0; n < bits.size(); ++n)
      bits[n].set(n < values.size() ? values[values.size() - 1 - n] : fill, now_);
  }

  void changes() {
    std::string token;
    bool timed = false;
    while (stream_ >> std::setw(longest_word) >> token) {
      if (std::ssize(token) >= longest_word - 1) fail("has words of two megabytes: it is not a VCD");
      if (token[0] == '#') {
        const std::int64_t time = std::strtoll(token.c_str() + 1, nullptr, 10);
        if (time < now_) fail(fmt::format("time goes back to {}", time));
        now_ = time;
        timed = true;
      } else if (token[0] == 'b' || token[0] == 'B') {
        set(word(), token.size() > 1 ? token.substr(1) : "x");
      } else if (token[0] == 'r' || token[0] == 'R') {
        word();
      } else if (token[0] != '$') {
        set(token.substr(1), token.substr(0, 1));
      }
    }
    if (!timed || now_ == 0) fail("no time passes in it");
    for (auto& [id, bits] : bits_)
      for (Bit& bit : *bits) bit.end(now_);
  }

  void write(std::string& text, const std::string& name, const Scope& scope) const {
    text += fmt::format("(INSTANCE {}\n", name);
    if (!scope.signals.empty()) text += "(NET\n";
    for (const auto& [signal, bits] : scope.signals)
      for (size_t n = 0; n < bits->size(); ++n) {
        const Bit& b = (*bits)[n];
        text +=
            fmt::format("({}{} (T0 {}) (T1 {}) (TX {}) (TC {}))\n", signal,
                        bits->size() > 1 ? fmt::format("\\[{}\\]", n) : "", b.time[0], b.time[1], b.time[2], b.toggles);
      }
    if (!scope.signals.empty()) text += ")\n";
    for (const auto& [inner, body] : scope.inner) write(text, inner, *body);
    text += ")\n";
  }

  std::string name_;
  std::ifstream stream_;
  std::string top_, timescale_;
  std::unique_ptr<Scope> found_;
  std::map<std::string, std::shared_ptr<Bits>> bits_;
  std::int64_t now_ = 0;
};

}  // namespace

std::string switching_activity(const std::filesystem::path& vcd, const std::string& top) {
  return Reader(vcd, top).saif();
}

}  // namespace erngen
