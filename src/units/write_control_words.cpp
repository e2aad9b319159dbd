// Renews the fields of control words in the templates: write_control_words TEMPLATE...
#include <fstream>
#include <sstream>

#include "units/control_word_text.hpp"

int main(int count, char** arguments) {
  for (int n = 1; n < count; ++n) {
    std::stringstream text;
    text << std::ifstream(arguments[n]).rdbuf();
    const std::string renewed = erngen::with_control_words(text.str());
    if (renewed != text.str()) std::ofstream(arguments[n]) << renewed;
  }
}
