// The option --object-cache, where it is wanted.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace erngen::cli {

inline void add_object_cache(CLI::App& verb, std::string& directory) {
  verb.add_option("--object-cache", directory, "Keep Verilator's run-time library compiled in DIR between designs")
      ->type_name("DIR")
      ->envname("ERNGEN_OBJECT_CACHE");
}

}  // namespace erngen::cli
