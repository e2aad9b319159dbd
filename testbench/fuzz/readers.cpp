// libFuzzer's entry: every reader of files against arbitrary bytes. The answer is a value or an Error; anything else -
// another exception, a defect that erngen reports of itself, a sanitizer's finding, a hang, memory beyond the limit -
// ends the run with the input that brought it about (tools/fuzz.sh).
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/npy.hpp"
#include "base/npz.hpp"
#include "base/test_directory.hpp"
#include "bench/bench_files.hpp"
#include "cell/quant_file.hpp"
#include "cli/phase1_ledger.hpp"
#include "device/device_file.hpp"
#include "import/audio_json.hpp"
#include "import/model_file.hpp"
#include "network/network_file.hpp"
#include "network/sequence_file.hpp"
#include "speech/audio.hpp"
#include "speech/lexicon.hpp"
#include "speech/split_rule.hpp"
#include "synth/mapped_cells.hpp"
#include "synth/nextpnr_report.hpp"
#include "synth/vivado_report.hpp"
#include "train/checkpoint.hpp"

namespace {

using namespace erngen;

void import_weights(const std::string&, const std::string& file) {
  ModelOptions options;
  options.torch.claim = Claim::vouched;
  import_model(file, options);
}

/// A reader of a file, under the name that --reader gives it.
const std::map<std::string, void (*)(const std::string& bytes, const std::string& file)> readers{
    // Models are told by their contents: these differ in the corpora that they begin with.
    {"safetensors", import_weights},
    {"onnx", import_weights},
    {"keras", import_weights},
    {"pickle", import_weights},
    {"audio-model", import_weights},
    {"network", [](const std::string&, const std::string& file) { read_network(file); }},
    {"quantised", [](const std::string&, const std::string& file) { read_quant_network(file); }},
    {"npy", [](const std::string& bytes, const std::string& file) { parse_npy(bytes, file); }},
    {"npz", [](const std::string& bytes, const std::string& file) { parse_npz(bytes, file); }},
    {"sequences", [](const std::string&, const std::string& file) { read_sequences(file); }},
    {"audio", [](const std::string&, const std::string& file) { read_audio(file); }},
    {"json", [](const std::string& bytes, const std::string& file) { parse_json(bytes, file); }},
    {"manifest", [](const std::string& bytes, const std::string& file) { bench_shape(parse_json(bytes, file), file); }},
    {"device", [](const std::string&, const std::string& file) { read_device_file(file); }},
    {"lexicon", [](const std::string&, const std::string& file) { Lexicon{file}; }},
    {"split", [](const std::string&, const std::string& file) { SplitRule{file}; }},
    {"yosys", [](const std::string& bytes, const std::string& file) { parse_yosys_statistics(bytes, file); }},
    {"nextpnr",
     [](const std::string& bytes, const std::string& file) { parse_nextpnr_report(parse_json(bytes, file), file); }},
    {"vivado-utilization",
     [](const std::string& bytes, const std::string& file) { parse_vivado_utilization(bytes, file); }},
    {"vivado-timing", [](const std::string& bytes, const std::string& file) { parse_vivado_timing(bytes, file); }},
    {"vivado-power", [](const std::string& bytes, const std::string& file) { parse_vivado_power(bytes, file); }},
    {"checkpoint", [](const std::string&, const std::string& file) { read_checkpoint(file, "fuzz"); }},
    {"ledger", [](const std::string&, const std::string& file) {
       cli::Ledger(std::filesystem::path(file).parent_path(), cli::Ledger::Use::training);
     }}};

void (*reader)(const std::string&, const std::string&) = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr std::string_view option = "--reader=";
  int kept = 1;
  std::string name;
  for (int n = 1; n < *argc; ++n) {
    const std::string_view word = (*argv)[n];
    if (word.starts_with(option))
      name = word.substr(option.size());
    else
      (*argv)[kept++] = (*argv)[n];
  }
  *argc = kept;
  const auto found = readers.find(name);
  if (found == readers.end()) {
    std::cerr << "--reader=NAME is one of";
    for (const auto& [known, function] : readers) std::cerr << ' ' << known;
    std::cerr << '\n';
    std::exit(2);
  }
  reader = found->second;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TestDirectory directory;
  const std::string file = (directory / "ledger.json").string();  // a name that all of them take
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::filesystem::remove(file);  // ext4 waits for the disk where a file that is there is written anew
  std::ofstream(file, std::ios::binary) << bytes;
  try {
    reader(bytes, file);
  } catch (const Error& error) {
    if (error.kind() == ExitCode::internal) {
      std::cerr << error.what() << '\n';
      std::abort();
    }
  }
  return 0;
}
