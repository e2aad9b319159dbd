#include "rtl/cocotb.hpp"

#include <fmt/format.h>

#include "rtl/filled_in.hpp"
#include "rtl/register_map.hpp"

namespace erngen {

std::vector<GeneratedFile> cocotb_files(const Json& manifest, const Json& rounds) {
  Json design, addresses;
  for (const char* key : {"top", "streams", "input", "output", "protocol", "configuration"})
    if (manifest.contains(key)) design[key] = manifest.at(key);
  for (const char* key : {"cycles_per_frame", "latency_cycles"}) design[key] = manifest.at("predicted").at(key);
  for (const Register& r : registers()) addresses[r.name] = fmt::format("0x{:03x}", r.address);
  const std::string test = fmt::format("testbench/cocotb/test_{}", manifest.at("top").get<std::string>());
  const Json frames{{"design", design}, {"registers", addresses}, {"rounds", rounds}};
  return {{test + ".json", frames.dump() + "\n"},
          {test + ".py", std::string(system_file("cocotb_test.py"))},
          {"testbench/cocotb/run.py", std::string(system_file("cocotb_run.py"))}};
}

}  // namespace erngen
