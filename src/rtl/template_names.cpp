#include "rtl/template_names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/module_name.hpp"
#include "rtl/embedded.hpp"

namespace erngen {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Whether `name` is that of a template, whose files are sorted.
bool is_template(std::string_view name) {
  const auto files = embedded_templates();
  const auto less = [](const EmbeddedFile& file, std::string_view wanted) {
    return file.name.substr(0, file.name.size() - 2) < wanted;
  };
  const auto found = std::lower_bound(files.begin(), files.end(), name, less);
  return found != files.end() && found->name.substr(0, found->name.size() - 2) == name;
}

}  // namespace

std::string default_prefix(std::string_view top) { return fmt::format("{}_", top); }

void require_prefix(std::string_view prefix, std::string_view top) {
  std::string fault = module_name_fault(fmt::format("{}x", prefix));
  if (prefix.empty()) fault = "it is empty";
  if (fault.empty() && top.starts_with(prefix) &&
      is_template(fmt::format("{}{}", template_prefix, top.substr(prefix.size()))))
    fault = fmt::format("a module below the top would be called {}, as the top is", top);
  if (!fault.empty())
    throw wrong_option(fmt::format("--prefix {}: not usable: {}", prefix, fault),
                       fmt::format("leave it out, for {}, or give another one", default_prefix(top)));
}

std::string with_prefix(std::string_view text, std::string_view prefix) {
  if (prefix == template_prefix) return std::string(text);
  std::string result;
  result.reserve(text.size() + text.size() / 8);
  size_t done = 0;
  for (size_t at = text.find(template_prefix); at != std::string_view::npos; at = text.find(template_prefix, at + 1)) {
    if (at > 0 && is_word(text[at - 1])) continue;
    size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    if (!is_template(text.substr(at, end - at))) continue;
    result += text.substr(done, at - done);
    result += prefix;
    done = at + template_prefix.size();
  }
  result += text.substr(done);
  return result;
}

}  // namespace erngen
