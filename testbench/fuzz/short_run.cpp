// Without a fuzzer: every reader reads its seeds, and what chance makes of them. short_run SEED COUNT READER FOLDER...
//
// The inputs are the files of the folders, cut, joined, with bytes and words changed; the same SEED gives the same
// inputs. Any end but a value or an Error is a failure: the input stays in short_run-READER.bin.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.hpp"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t longest = 65536;

std::vector<std::string> seeds_of(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int n = 4; n < argc; ++n)
    for (const auto& entry : std::filesystem::directory_iterator(argv[n]))
      if (entry.is_regular_file() && entry.file_size() <= longest) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

std::string changed(const std::vector<std::string>& seeds, erngen::Rng& rng) {
  std::string text = seeds[rng.below(seeds.size())];
  for (auto changes = 1 + rng.below(4); changes > 0; --changes) {
    const std::size_t at = rng.below(text.size() + 1);
    switch (rng.below(6)) {
      case 0: text.resize(at); break;
      case 1: text.insert(at, 1 + rng.below(8), static_cast<char>(rng.below(256))); break;
      case 2: text.erase(at, 1 + rng.below(8)); break;
      case 3: {
        const std::string& other = seeds[rng.below(seeds.size())];
        text = text.substr(0, at) + other.substr(rng.below(other.size() + 1));
        break;
      }
      case 4:  // a length or an offset becomes an extreme one
        for (std::size_t n = at; n < std::min(at + 8, text.size()); ++n) text[n] = rng.below(2) ? '\xff' : '\0';
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << rng.below(8)));
    }
  }
  text.resize(std::min(text.size(), longest));
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: short_run SEED COUNT READER FOLDER...\n";
    return 2;
  }
  std::string option = "--reader=" + std::string(argv[3]);
  std::vector<char*> arguments{argv[0], option.data()};
  int count = 2;
  char** pointer = arguments.data();
  LLVMFuzzerInitialize(&count, &pointer);
  const std::vector<std::string> seeds = seeds_of(argc, argv);
  if (seeds.empty()) {
    std::cerr << "no seeds\n";
    return 1;
  }
  erngen::Rng rng(std::strtoull(argv[1], nullptr, 10));
  const std::string kept = "short_run-" + std::string(argv[3]) + ".bin";
  const auto read = [&](const std::string& text) {
    // Written first: it is what is left where the reader ends the program.
    std::filesystem::remove(kept);
    std::ofstream(kept, std::ios::binary) << text;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  };
  for (const std::string& seed : seeds) read(seed);
  const auto inputs = std::strtoull(argv[2], nullptr, 10);
  for (std::uint64_t n = 0; n < inputs; ++n) read(changed(seeds, rng));
  std::cout << argv[3] << ": seed " << argv[1] << ", " << seeds.size() + inputs << " inputs\n";
}
