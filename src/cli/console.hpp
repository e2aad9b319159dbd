// The standard streams: closed, full or without a reader, they do not end the program.
#pragma once

#include <string>
#include <string_view>

namespace erngen::cli {

/// To be called first. A standard stream that is closed is opened so that using it fails: else the first file that is
/// opened would take its number, and messages would go into it. A write to a pipe without a reader, or beyond the
/// largest size of a file, fails instead of ending the program.
void open_console();

/// Prints printable(text) to standard output, with a newline at the end where it is missing.
void say(const std::string& text);

/// As say(), for JSON and other text that a program reads: byte by byte.
void say_exactly(const std::string& text);

/// Prints printable_message(text) and a newline to standard error. What cannot be shown there is lost.
void note(const std::string& text);

/// Writes to standard error as it is: for what moves the cursor.
void draw(std::string_view text);

/// Why standard output has not got everything, or "". A reader that has seen enough (head) is no failure.
std::string console_failure();

}  // namespace erngen::cli
