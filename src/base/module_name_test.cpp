// Which names a module can have, in every language that they reach.
#include "base/module_name.hpp"

#include "base/check_error.hpp"

using namespace erngen;

TEST_CASE("keywords of every language that a name reaches are refused") {
  // First and last words of the lists, and words of one language only.
  for (const char* word : {"always", "xor", "module", "accept_on", "within", "logic", "uwire"})
    CHECK(module_name_fault(word) == "it is a keyword of Verilog");
  for (const char* word : {"abs", "ABS", "Entity", "xNor", "signal", "SIGNAL", "vunit", "view"})
    CHECK(module_name_fault(word) == "it is a keyword of VHDL");
  for (const char* word : {"after", "zlib", "proc", "puts", "set", "expr"})
    CHECK(module_name_fault(word).find("it is a ") == 0);
  for (const char* name : {"erngen_accelerator", "Module", "top", "a", "_a1", "modules", "sign", "Proc"})
    CHECK(module_name_fault(name) == "");
}

TEST_CASE("names have a form and a length") {
  for (const char* name : {"1a", "a-b", "a b", "a$b", "a\nb", "\\a", "\xc3\xa4", "a;exit", "[exec]"})
    CHECK(module_name_fault(name).find("letters, digits and underscores") == 0);
  CHECK(module_name_fault("") == "it is empty");
  CHECK(module_name_fault(std::string(64, 'a')) == "");
  CHECK(module_name_fault(std::string(65, 'a')) == "it has 65 characters, the limit is 64");
  CHECK(module_name_fault(std::string(10000000, 'a')).find("the limit is 64") != std::string::npos);
}

TEST_CASE("a top module is not named as the templates are") {
  CHECK_ERROR(require_top_name("ern_fft"), ExitCode::usage, "--name ern_fft: not usable");
  CHECK_ERROR(require_top_name("ERN_x"), ExitCode::usage, "begin with ern_");
  CHECK_ERROR(require_top_name("wire"), ExitCode::usage, "a keyword of Verilog");
  CHECK_ERROR(require_top_name("RAMB36E2"), ExitCode::usage, "a cell of AMD's or Lattice's parts");
  for (const char* cell : {"DSP48E2", "ALU54B", "XORCY", "EHXPLLL", "SB_RAM40_4K", "LUT6_2"})
    CHECK(module_name_fault(cell) != "");
  CHECK_NOTHROW(require_top_name("DSP"));
  CHECK_NOTHROW(require_top_name("erngen"));
}
