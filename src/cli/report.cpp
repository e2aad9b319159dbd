#include "cli/report.hpp"

#include <algorithm>
#include <cctype>

#include "base/file.hpp"

namespace erngen::cli {
namespace {

bool is_number(const std::string& cell) {
  const size_t start = !cell.empty() && (cell[0] == '-' || cell[0] == '+') ? 1 : 0;
  return cell.size() > start && std::isdigit(static_cast<unsigned char>(cell[start]));
}

}  // namespace

void JsonOption::add_to(CLI::App& app) {
  app.add_option("--json", target_,
                 "Write the report as JSON to FILE, or with - to standard output in place of the text")
      ->type_name("FILE");
}

void JsonOption::report(const Json& json, const std::string& text) const {
  const std::string bytes = json_text(json, 2) + "\n";
  if (target_ == "-") {
    say_exactly(bytes);
    return;
  }
  if (!target_.empty()) write_file_atomically(target_, bytes);
  say(text);
}

std::string Table::text() const {
  const size_t columns = rows_.front().size();
  std::vector<size_t> width(columns, 0);
  std::vector<bool> right(columns, rows_.size() > 1);
  for (size_t n = 0; n < rows_.size(); ++n)
    for (size_t c = 0; c < columns; ++c) {
      const std::string& cell = rows_[n][c];
      width[c] = std::max(width[c], cell.size());
      if (n > 0 && !cell.empty() && cell != "-" && !is_number(cell)) right[c] = false;
    }
  std::string result;
  for (const auto& row : rows_) {
    std::string line;
    for (size_t c = 0; c < columns; ++c) {
      const std::string padding(width[c] - row[c].size(), ' ');
      line += (c > 0 ? "  " : "") + (right[c] ? padding + row[c] : row[c] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

}  // namespace erngen::cli
