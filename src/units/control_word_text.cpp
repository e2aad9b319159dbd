#include "units/control_word_text.hpp"

#include <regex>
#include <set>

#include <fmt/format.h>

#include "units/control_words.hpp"

namespace erngen {
namespace {

constexpr const char* begin_mark =
    "  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)\n";
constexpr const char* end_mark = "  // --- end of the fields\n";

std::set<std::string> names_in(const std::string& text) {
  static const std::regex name("[A-Z][A-Z0-9_]*");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), name), none; at != none; ++at) names.insert(at->str());
  return names;
}

/// Adds the localparams of the fields that are used; `low` is the lowest bit of the first one.
class Lines {
 public:
  explicit Lines(const std::string& rest) : used_(names_in(rest)) {}

  void add(const std::string& prefix, std::span<const WordField> fields, int low) {
    for (const WordField& field : fields) {
      add(prefix + "_" + field.name, low, field.width, field.meaning);
      low += field.width;
    }
  }
  void add(const std::string& name, int low, int width, const std::string& meaning) {
    const bool wide = used_.contains(name + "_W");
    if (!wide && !used_.contains(name)) return;
    std::string line;
    if (used_.contains(name)) line = fmt::format("{} = {}", name, low);
    if (wide) line += fmt::format("{}{}_W = {}", line.empty() ? "" : ", ", name, width);
    text_ += fmt::format("  localparam {:<56}   // {}\n", line + ";", meaning);
  }
  const std::string& text() const { return text_; }

 private:
  std::set<std::string> used_;
  std::string text_;
};

std::string with_word_bits(const std::string& verilog) {
  const std::pair<const char*, int> words[] = {{"SEGMENT_WORD", word_bits(segment_word)},
                                               {"SEGMENT_FETCHED", word_bits(segment_word) + word_bits(fetch_word)},
                                               {"PASS_WORD", word_bits(pass_word)},
                                               {"PASS_TAG", pass_tag_bits},
                                               {"TILE_TAG", tile_tag_bits},
                                               {"FRAME_FLAGS", word_bits(frame_word)}};
  std::string text = verilog;
  for (const auto& [name, bits] : words)
    text = std::regex_replace(text, std::regex(fmt::format(R"((param(?:eter)?\s+{}\s*= )\d+)", name)),
                              fmt::format("$01{}", bits));
  return text;
}

}  // namespace

std::string with_control_words(const std::string& verilog) {
  const std::string text = with_word_bits(verilog);
  const size_t begin = text.find(begin_mark), end = text.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos) return text;
  const std::string before = text.substr(0, begin), after = text.substr(end);
  Lines lines(before + after);
  const int fetched = word_bits(segment_word), flags = word_bits(pass_word), tile_flags = word_bits(tile_word);
  lines.add("SEGMENT", segment_word, 0);
  lines.add("SEGMENT", fetch_word, fetched);
  lines.add("SEGMENT_LAST_ROTATION", fetched + word_bits(fetch_word), 0, "K / k - 1");
  lines.add("PASS", pass_word, 0);
  lines.add("PASS", frame_word, flags);
  lines.add("TILE", tile_word, 0);
  lines.add("TILE", frame_word, tile_flags);
  const int first = field_offset(first_host_flag);
  const int last = field_offset(last_host_flag) + field_width(last_host_flag);
  lines.add("TILE_FLAGS", first, last - first, "what the host writes at once: from STATE to SECOND_BLOCK");
  lines.add("FRAME", frame_word, 0);
  return before + begin_mark + lines.text() + after;
}

}  // namespace erngen
