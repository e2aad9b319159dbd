// Imported networks against what PyTorch computed (tools/make_import_fixtures.py), and what must be refused.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <cmath>
#include <functional>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "base/test_directory.hpp"
#include "circulant/float_model.hpp"
#include "import/pytorch.hpp"
#include "network/safetensors.hpp"

using namespace erngen;

namespace {

std::string fixture(const std::string& name) { return std::string(FIXTURES "/") + name; }

/// Imports a fixture and returns the largest difference to PyTorch's output over its largest value.
double difference(const std::string& name, const ImportOptions& options = {}) {
  const ImportedNetwork imported = import_pytorch(fixture(name + ".safetensors"), options);
  CHECK(imported.sources.size() == imported.network.layers.size());
  CHECK(imported.network.max_block() == 1);
  const Array y = FloatModel(imported.network).run(read_npy(fixture(name + ".x.npy")));
  const Array expected = read_npy(fixture(name + ".y.npy"));
  REQUIRE(y.shape == expected.shape);
  double worst = 0, largest = 0;
  for (size_t n = 0; n < y.size(); ++n) {
    worst = std::max(worst, std::fabs(static_cast<double>(y.values[n]) - expected.values[n]));
    largest = std::max(largest, std::fabs(static_cast<double>(expected.values[n])));
  }
  return worst / largest;
}

/// Reads a fixture, lets `change` edit it, imports the result.
void import_changed(const std::string& name, const std::function<void(TensorFile&)>& change,
                    const ImportOptions& options = {}) {
  TestDirectory directory;
  TensorFile tensors = read_safetensors(fixture(name + ".safetensors"));
  change(tensors);
  write_safetensors(tensors, directory / "m.safetensors");
  import_pytorch(directory / "m.safetensors", options);
}

void rename(TensorFile& tensors, const std::string& from, const std::string& to) {
  for (auto& [name, tensor] : tensors.tensors)
    if (name.starts_with(from)) name = to + name.substr(from.size());
}

void erase(TensorFile& tensors, const std::string& name) {
  std::erase_if(tensors.tensors, [&](const auto& t) { return t.first == name; });
}

}  // namespace

TEST_CASE("imported networks compute what PyTorch computes") {
  for (const char* name : {"lstm_fc", "lstm_bare", "lstm_no_bias", "lstm_projected", "lstm_cell", "gru_fc",
                           "gru_no_bias", "gru_cell", "two_modules", "numbered"}) {
    CAPTURE(name);
    CHECK(difference(name) < 1e-5);
  }
  CHECK(difference("lstm_fc", {{"lstm", "fc"}, {}}) < 1e-5);
}

TEST_CASE("a layer tells where it came from") {
  const ImportedNetwork imported = import_pytorch(fixture("two_modules.safetensors"));
  CHECK(imported.sources == std::vector<std::string>{"second, layer 0", "first, layer 0", "out"});
  CHECK(import_pytorch(fixture("numbered.safetensors")).sources ==
        std::vector<std::string>{"rnn9, layer 0", "rnn10, layer 0", "rnn11, layer 0"});
}

TEST_CASE("what the network format cannot express is refused by tensor name") {
  const auto refuse = [](const char* base, const char* text, const std::function<void(TensorFile&)>& change) {
    CHECK_ERROR(import_changed(base, change), ExitCode::unsupported, text);
  };
  const auto floats = [](size_t n) { return std::vector<float>(n); };
  refuse("lstm_fc", "lstm.weight_ih_l0_reverse: a bidirectional layer", [&](TensorFile& t) {
    t.add("lstm.weight_ih_l0_reverse", {24, 5}, floats(120));
  });
  refuse("lstm_fc", "bn.running_mean: batch normalisation", [&](TensorFile& t) {
    t.add("bn.weight", {6}, floats(6));
    t.add("bn.running_mean", {6}, floats(6));
  });
  refuse("lstm_fc", "norm.weight: shape [6] belongs neither",
         [&](TensorFile& t) { t.add("norm.weight", {6}, floats(6)); });
  refuse("lstm_fc", "conv.weight: shape [2, 2, 3]", [&](TensorFile& t) {
    t.add("conv.weight", {2, 2, 3}, floats(12));
  });
  refuse("lstm_fc", "fc.weight_g: weight and spectral", [&](TensorFile& t) { rename(t, "fc.weight", "fc.weight_g"); });
  refuse("lstm_fc", "fc.scale: is not a parameter", [&](TensorFile& t) { t.add("fc.scale", {1}, floats(1)); });
  refuse("lstm_fc", "lstm.alpha: is not a parameter", [&](TensorFile& t) { t.add("lstm.alpha", {1}, floats(1)); });
  refuse("lstm_fc", "temperature: is not a parameter", [&](TensorFile& t) { t.add("temperature", {}, floats(1)); });
  refuse("lstm_fc", "a plain nn.RNN", [&](TensorFile& t) {
    t.tensors.clear();
    t.add("rnn.weight_ih_l0", {6, 5}, floats(30));
    t.add("rnn.weight_hh_l0", {6, 6}, floats(36));
  });
  refuse("lstm_fc", "'format' is 'tf'", [&](TensorFile& t) { t.metadata = {{"format", "tf"}}; });
}

TEST_CASE("shapes that do not fit are bad input") {
  const auto refuse = [](const char* base, const char* text, const std::function<void(TensorFile&)>& change) {
    CHECK_ERROR(import_changed(base, change), ExitCode::bad_input, text);
  };
  const auto floats = [](size_t n) { return std::vector<float>(n); };
  refuse("lstm_fc", "lstm.weight_hh_l1 is missing", [&](TensorFile& t) { erase(t, "lstm.weight_hh_l1"); });
  refuse("lstm_fc", "lstm.bias_hh_l0 is missing", [&](TensorFile& t) { erase(t, "lstm.bias_hh_l0"); });
  refuse("lstm_fc", "fc.weight is missing", [&](TensorFile& t) { erase(t, "fc.weight"); });
  refuse("lstm_fc", "not complete", [&](TensorFile& t) { erase(t, "lstm.weight_ih_l1"); });
  refuse("lstm_fc", "neither the 4 gates", [&](TensorFile& t) {
    erase(t, "lstm.weight_hh_l0");
    t.add("lstm.weight_hh_l0", {25, 6}, floats(150));
  });
  refuse("lstm_fc", "lstm.bias_ih_l0 is floats of [23], expected floats of [24]", [&](TensorFile& t) {
    erase(t, "lstm.bias_ih_l0");
    t.add("lstm.bias_ih_l0", {23}, floats(23));
  });
  refuse("lstm_fc", "integers of [24, 5]", [&](TensorFile& t) {
    erase(t, "lstm.weight_ih_l0");
    t.add("lstm.weight_ih_l0", {24, 5}, std::vector<std::int32_t>(120));
  });
  refuse("lstm_projected", "expected a matrix", [&](TensorFile& t) {
    erase(t, "lstm.weight_hr_l0");
    t.add("lstm.weight_hr_l0", {0, 8}, floats(0));
  });
  refuse("lstm_fc", "no tensors", [&](TensorFile& t) { t.tensors.clear(); });
  refuse("lstm_fc", "takes 5 inputs, but layers.0 has 7 outputs",
         [&](TensorFile& t) {  // layer 1 no longer fits layer 0
           t.tensors.clear();
           for (const char* layer : {"0", "1"}) {
             t.add(std::string("lstm.weight_ih_l") + layer, {28, 5}, floats(140));
             t.add(std::string("lstm.weight_hh_l") + layer, {28, 7}, floats(196));
           }
         });
  refuse("lstm_fc", "erngen network already", [&](TensorFile& t) { t.metadata = {{"format", "erngen-network"}}; });
}

TEST_CASE("an order that is not clear is never guessed") {
  // Two equal modules whose names say nothing.
  const auto ambiguous = [](TensorFile& t) {
    rename(t, "rnn9.", "encoder.");
    rename(t, "rnn10.", "decoder.");
    rename(t, "rnn11.", "extra.");
  };
  CHECK_ERROR(import_changed("numbered", ambiguous), ExitCode::unsupported, "more than one order fits");
  CHECK_NOTHROW(import_changed("numbered", ambiguous, {{"encoder", "decoder", "extra"}, {}}));
  CHECK_ERROR(import_changed("numbered", ambiguous, {{"encoder", "decoder"}, {}}), ExitCode::unsupported,
              "not named in --layers: extra");
  CHECK_NOTHROW(import_changed("numbered", ambiguous, {{"encoder", "decoder"}, {"extra."}}));
  CHECK_ERROR(import_changed("numbered", ambiguous, {{"encoder", "coder"}, {}}), ExitCode::usage, "no module 'coder'");
  CHECK_ERROR(import_changed("numbered", ambiguous, {{"encoder", "encoder"}, {}}), ExitCode::usage, "named twice");

  // Two linear layers: there may be an activation between them.
  const auto two_linear = [](TensorFile& t) { t.add("fc2.weight", {2, 3}, std::vector<float>(6)); };
  CHECK_ERROR(import_changed("lstm_fc", two_linear), ExitCode::unsupported, "more than one linear layer");
  CHECK_NOTHROW(import_changed("lstm_fc", two_linear, {{"lstm", "fc", "fc2"}, {}}));
  CHECK_ERROR(import_changed("lstm_fc", two_linear, {{"lstm", "fc2", "fc"}, {}}), ExitCode::bad_input,
              "takes 3 inputs");

  CHECK_ERROR(import_changed("lstm_fc", [](TensorFile& t) { rename(t, "lstm.", "x."); }, {{}, {"x."}}),
              ExitCode::unsupported, "no nn.LSTM or nn.GRU");
  CHECK_ERROR(import_changed("two_modules",
                             [](TensorFile& t) {
                               t.add("a.weight", {7, 7}, std::vector<float>(49));
                             },
                             {{}, {"out."}}),
              ExitCode::unsupported, "do not chain");
}

TEST_CASE("files of other kinds are named, damaged ones are refused") {
  TestDirectory directory;
  const auto file = directory / "model";
  const auto refuse = [&](const std::string& bytes, ExitCode code, const char* text) {
    write_file_atomically(file, bytes);
    CHECK_ERROR(import_pytorch(file), code, text);
  };
  refuse("PK\x03\x04 and so on", ExitCode::unsupported, "zip archive");
  refuse("\x80\x02 and so on", ExitCode::unsupported, "pickle");
  refuse("\x89HDF\r\n\x1a\n", ExitCode::unsupported, "HDF5");
  refuse("", ExitCode::bad_input, "too few");
  refuse("hello, world; this is no model", ExitCode::bad_input, "not a safetensors file");
  CHECK_ERROR(import_pytorch(directory / "none"), ExitCode::bad_input, "No such file");
  const std::string good = read_file(fixture("lstm_bare.safetensors"));
  for (const size_t length : {8ul, 100ul, good.size() - 1})
    refuse(good.substr(0, length), ExitCode::bad_input, "model");
}
