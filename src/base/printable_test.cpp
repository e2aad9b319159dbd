// Text from outside must not control a terminal, flood it, or end a comment.
#include "base/printable.hpp"

#include <doctest/doctest.h>

using namespace erngen;

TEST_CASE("control characters, broken UTF-8 and invisible characters are shown as bytes") {
  CHECK(printable("plain\ttext\nüñ€😀") == "plain\ttext\nüñ€😀");
  CHECK(printable("\x1b[31mred\x07\r\x7f") == R"(\x1b[31mred\x07\x0d\x7f)");
  CHECK(printable(std::string_view("\0a", 2)) == R"(\x00a)");
  CHECK(printable("\xff\xfe \xc3") == R"(\xff\xfe \xc3)");
  CHECK(printable("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe0\x80\xaf") ==
        R"(\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe0\x80\xaf)");
  CHECK(printable("\xc2\x9b"
                  "31m") == R"(\xc2\x9b31m)");  // the one-character form of ESC [
  CHECK(printable("a\xe2\x80\xae"
                  "b") == R"(a\xe2\x80\xaeb)");  // right-to-left override
  for (int byte = 0; byte < 256; ++byte) {
    const std::string shown = printable(std::string(1, static_cast<char>(byte)));
    for (const char c : shown) CHECK(((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t'));
  }
}

TEST_CASE("messages keep the ends of what is long") {
  const std::string name(20000, 'x');
  const std::string message = printable_message(name + ": cannot read: No such file or directory");
  CHECK(message.size() < 400);
  CHECK(message.find("[... ") != std::string::npos);
  CHECK(message.ends_with("cannot read: No such file or directory"));
  std::string words;
  for (int n = 0; n < 9999; ++n) words += "ab ";
  CHECK(printable_message(words).size() < 1100);
  std::string euros;
  for (int n = 0; n < 999; ++n) euros += "€";
  CHECK(printable(printable_message(euros)) == printable_message(euros));  // cut between characters
  CHECK(printable_message("short") == "short");
}

TEST_CASE("what follows a newline is indented") {
  CHECK(printable_message("a\nerngen: error: b\n  way out: c\n") == "a\n  erngen: error: b\n  way out: c\n");
}

TEST_CASE("shell words") {
  CHECK(shell_word("net-1.q_x") == "net-1.q_x");
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b$c") == "'a b$c'");
  CHECK(shell_word("it's") == R"('it'\''s')");
  CHECK(shell_word("ü*/") == "'ü*/'");
  CHECK(shell_word("a\n`define x\xff"
                   "1") == R"($'a\012`define x\3771')");
  CHECK(shell_word("\x1b'\\") == R"($'\033\'\\')");
}
