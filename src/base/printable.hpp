// Text from outside - names, contents of files, output of tools - in a form that is safe to show.
#pragma once

#include <string>
#include <string_view>

namespace erngen {

/// `text` with control characters (but newline and tab), bytes that are not UTF-8, and characters that hide or reorder
/// their neighbours (U+0080 to U+009F, U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF) as \xNN, byte by
/// byte.
std::string printable(std::string_view text);

/// As printable(), for messages: lines of more than 1,000 bytes and words of more than 200 lose their middle, and every
/// line but the first is indented, so that text from outside cannot pass for a message of its own.
std::string printable_message(std::string_view text);

/// `text` as one word of a POSIX shell: as it is where it holds only letters, digits and _ - . / : = , + @ %, else in
/// single quotes, or in $'...' where printable() would change it or it holds a newline. The result is one line.
std::string shell_word(std::string_view text);

}  // namespace erngen
