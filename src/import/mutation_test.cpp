// Seeded mutations of every kind of file that is read: the answer is a value or an Error that names the file, never a
// crash. ERNGEN_FUZZ_ROUNDS and ERNGEN_FUZZ_SEED in the environment make it longer or another one; build with
// -Db_sanitize=address,undefined to make it strict.
#include "base/check_error.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

#include "base/file.hpp"
#include "base/npz.hpp"
#include "base/random.hpp"
#include "base/test_directory.hpp"
#include "base/zip.hpp"
#include "circulant/float_model.hpp"
#include "import/audio_json.hpp"
#include "import/keras.hpp"
#include "import/model_file.hpp"
#include "network/network_file.hpp"
#include "network/random_network.hpp"
#include "network/sequence_file.hpp"

using namespace erngen;

namespace {

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// What a header is made of: replacing one by another gives files that are nearly right.
constexpr const char* words[] = {"0",
                                 "1",
                                 "-1",
                                 "4",
                                 "8",
                                 "65536",
                                 "65537",
                                 "2147483648",
                                 "18446744073709551615",
                                 "1e99",
                                 "null",
                                 "true",
                                 "false",
                                 "[]",
                                 "{}",
                                 "\"F32\"",
                                 "\"F64\"",
                                 "\"I32\"",
                                 "\"BF16\"",
                                 "\"lstm\"",
                                 "\"gru\"",
                                 "\"dense\"",
                                 "\"before\"",
                                 "\"shape\"",
                                 "\"data_offsets\"",
                                 "layers.0.",
                                 "_l0",
                                 "_reverse",
                                 "weight_",
                                 "<f4",
                                 "<f8",
                                 "<i8",
                                 "True",
                                 "(",
                                 ")",
                                 ",",
                                 ":",
                                 "\\",
                                 "\"",
                                 "\xff",
                                 "\n",
                                 "[[[[[[[["};

/// One change. Half of them hit the first bytes, where lengths, shapes and names stand.
void mutate(std::string& bytes, Rng& rng) {
  if (bytes.empty()) bytes = "x";
  const size_t range = rng.below(2) ? bytes.size() : std::min<size_t>(bytes.size(), 1024);
  const size_t at = rng.below(range);
  const size_t length = std::min<size_t>(bytes.size() - at, 1 + rng.below(16));
  switch (rng.below(9)) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << rng.below(8))); break;
    case 1: bytes[at] = static_cast<char>(rng.next()); break;
    case 2: bytes.resize(at); break;
    case 3: bytes.erase(at, length); break;
    case 4: bytes.insert(at, bytes.substr(at, length)); break;
    case 5: bytes.append(1 + rng.below(64), static_cast<char>(rng.next())); break;
    case 6: bytes.replace(at, length, words[rng.below(std::size(words))]); break;
    case 7: bytes.insert(at, words[rng.below(std::size(words))]); break;
    case 8: {  // another number
      const size_t digit = bytes.find_first_of("0123456789", at);
      if (digit == std::string::npos) break;
      size_t end = digit;
      while (end < bytes.size() && bytes[end] >= '0' && bytes[end] <= '9') ++end;
      bytes.replace(digit, end - digit, words[rng.below(10)]);
    }
  }
}

/// Mutates `original` many times and lets `read` try each result. Returns how many were refused.
int attack(const std::string& original, std::uint64_t seed,
           const std::function<void(const std::filesystem::path&)>& read, std::uint64_t usual_rounds = 400) {
  const auto rounds = environment("ERNGEN_FUZZ_ROUNDS", usual_rounds);
  Rng rng(environment("ERNGEN_FUZZ_SEED", 1) * 1000 + seed);
  TestDirectory directory;
  const auto file = directory / "mutant";
  int refused = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::string bytes = original;
    for (auto changes = 1 + rng.below(3); changes > 0; --changes) mutate(bytes, rng);
    write_file_atomically(file, bytes);
    try {
      read(file);
    } catch (const Error& error) {
      ++refused;
      INFO("round ", round, ": ", error.what());
      const bool documented = error.kind() == ExitCode::bad_input || error.kind() == ExitCode::unsupported;
      CHECK(documented);
      CHECK(std::string(error.what()).starts_with(file.string()));
    } catch (const std::exception& error) {
      FAIL_CHECK("round ", round, " threw something else: ", error.what());
    }
  }
  return refused;
}

std::string fixture(const std::string& name) { return read_file(std::string(FIXTURES "/") + name); }

/// A reader of an archive whose entry `name` is what the file holds.
auto within(const std::string& archive_bytes, const std::string& name) {
  const ZipReader archive(archive_bytes, "archive");
  std::vector<std::pair<std::string, std::string>> entries;
  for (const std::string& entry : archive.names()) entries.emplace_back(entry, archive.read(entry));
  return [entries, name](const std::filesystem::path& file) mutable {
    for (auto& [entry, contents] : entries)
      if (entry == name) contents = read_file(file);
    write_file_atomically(file, zip_bytes(entries));
    import_keras(file);
  };
}

}  // namespace

TEST_CASE("mutated network files") {
  for (const CellKind cell : {CellKind::lstm, CellKind::gru}) {
    NetworkShape shape;
    shape.cell = cell;
    shape.input = 3;
    shape.hidden = 4;
    shape.dense = 2;
    shape.block.all = {2, 4, 2, 1};
    if (cell == CellKind::lstm) {
      shape.peephole = true;
      shape.projection = 3;
    }
    const int refused = attack(network_bytes(random_network(shape)), 1 + static_cast<int>(cell), [](const auto& file) {
      FloatModel model(read_network(file));  // what is accepted must also run
      const Array x{{2, model.input()}, std::vector<float>(2 * model.input(), 0.5f)};
      CHECK(model.run(x, file.string()).shape.back() == model.output());
    });
    CHECK(refused > 100);  // most mutations do damage; some only change a weight
  }
}

TEST_CASE("mutated state dicts") {
  const std::vector<std::pair<const char*, std::vector<std::string>>> fixtures{
      {"lstm_fc", {"lstm", "fc"}}, {"lstm_projected", {}},          {"gru_fc", {"gru", "fc"}},
      {"lstm_cell", {}},           {"weight_norm", {"lstm", "fc"}}, {"old_spectral_norm", {"lstm", "fc"}}};
  std::uint64_t seed = 10;
  for (const auto& [name, modules] : fixtures) {
    const ImportOptions options{modules, {}, Claim::compared};
    const auto read = [&](const auto& file) {
      try {
        import_pytorch(file, options);
      } catch (const Error& error) {  // names in --layers that the mutated file no longer has
        if (error.kind() != ExitCode::usage) throw;
        throw bad_input(error.what());
      }
    };
    CHECK(attack(fixture(std::string(name) + ".safetensors"), seed++, read) > 100);
  }
}

TEST_CASE("mutated files of torch.save()") {
  const ImportOptions options{{"lstm", "fc"}, {}, Claim::compared, ""};
  const auto read = [&](const auto& file) {
    try {
      import_pytorch(file, options);
    } catch (const Error& error) {  // names in --layers that the mutated file no longer has
      if (error.kind() != ExitCode::usage) throw;
      throw bad_input(error.what());
    }
  };
  std::uint64_t seed = 40;
  for (const char* name : {"torch/t113_state_dict.pt", "torch/t215_checkpoint.ckpt", "torch/t113_older.pth"})
    CHECK(attack(fixture(name), seed++, read) > 100);
  // The checksums of an archive stop most of it: mutate the pickle inside.
  for (const std::string name : {"torch/t113_state_dict.pt", "torch/t215_checkpoint.ckpt"}) {
    const std::string bytes = fixture(name);
    const ZipReader archive(bytes, name);
    std::vector<std::pair<std::string, std::string>> entries;
    std::string* pickle = nullptr;
    for (const std::string& entry : archive.names()) entries.emplace_back(entry, archive.read(entry));
    for (auto& [entry, contents] : entries)
      if (entry.ends_with("data.pkl")) pickle = &contents;
    REQUIRE(pickle);
    const auto read_inside = [&](const std::filesystem::path& file) {
      *pickle = read_file(file);
      write_file_atomically(file, zip_bytes(entries));
      read(file);
    };
    CHECK(attack(std::string(*pickle), seed++, read_inside) > 100);
  }
}

TEST_CASE("mutated Keras models") {
  constexpr int few = 50;  // each round starts a process, and libhdf5 may take its whole time
  std::uint64_t seed = 60;
  for (const char* model : {"keras/k315_residual.keras", "keras/k215_gru.keras"}) {
    const std::string bytes = fixture(model);
    const ZipReader archive(bytes, model);
    CHECK(attack(archive.read("config.json"), seed++, within(bytes, "config.json"), few) > few / 4);
    attack(archive.read("model.weights.h5"), seed++, within(bytes, "model.weights.h5"), few);
  }
  for (const char* model : {"keras/k315_gru.h5", "keras/k215_folded.h5"})
    attack(
        fixture(model), seed++, [](const auto& file) { import_keras(file); }, few);
}

TEST_CASE("mutated audio models") {
  std::uint64_t seed = 70;
  for (const char* model : {"audio/aidax.json", "audio/guitarml_gru.json", "audio/nam.json"})
    CHECK(attack(fixture(model), seed++, [](const auto& file) { import_audio_model(file); }) > 100);
}

TEST_CASE("mutated archives of sequences") {
  const std::string features = npy_bytes(Array{{2, 3, 1}, {1, 2, 3, 4, 5, 6}});
  const std::string bytes =
      npz_bytes({{"features", features}, {"lengths", npy_bytes(std::vector<std::int64_t>{2, 3})}});
  CHECK(attack(bytes, 30, [](const auto& file) { read_sequences(file); }) > 100);
}

TEST_CASE("mutated arrays") {
  CHECK(attack(fixture("lstm_fc.x.npy"), 20, [](const auto& file) { read_npy(file); }) > 100);
}

TEST_CASE("mutated ONNX models") {
  std::uint64_t seed = 50;
  for (const char* name : {"gru_keywords", "denoiser", "learned", "normalised", "streaming"}) {
    CAPTURE(name);
    // What does not look like an ONNX model any more goes to the reader of everything else.
    CHECK(attack(fixture(std::string("onnx/") + name + ".torchscript.onnx"), seed++,
                 [](const auto& file) { import_model(file); }) > 100);
  }
}
