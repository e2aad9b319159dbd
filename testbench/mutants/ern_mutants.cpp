// For Verilator: the number of the chosen mutant, from the environment.
#include <cstdlib>

extern "C" int ern_mutant_number() {
  const char* text = std::getenv("ERN_MUTANT");
  return text ? std::atoi(text) : 0;
}
