// Imported networks against what PyTorch computed (tools/make_import_fixtures.py), and what must be refused.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"
#include "base/relative_difference.hpp"

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

/// The caller compares.
ImportOptions compared(std::vector<std::string> modules = {}, std::vector<std::string> ignore = {}) {
  return {std::move(modules), std::move(ignore), Claim::compared};
}

/// Imports a fixture and returns the largest difference to PyTorch's output over its largest value.
double difference(const std::string& name, const ImportOptions& options = {}) {
  const ImportedNetwork imported = import_pytorch(fixture(name + ".safetensors"), options);
  CHECK(imported.sources.size() == imported.network.nodes.size());
  CHECK(imported.network.max_block() == 1);
  const Array y = FloatModel(imported.network).run(read_npy(fixture(name + ".x.npy")));
  const Array expected = read_npy(fixture(name + ".y.npy"));
  return relative_difference(y, expected);
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
  for (const char* name : {"lstm_bare", "lstm_projected", "lstm_cell", "gru_no_bias", "gru_cell"}) {
    CAPTURE(name);
    CHECK(difference(name) < 1e-5);
  }
  CHECK(difference("lstm_fc", compared({"lstm", "fc"})) < 1e-5);
  CHECK(difference("lstm_fc", compared({"lstm", "dropout", "fc"})) < 1e-5);
  CHECK(difference("lstm_fc", {{"lstm", "fc"}, {}, Claim::vouched}) < 1e-5);
  CHECK(difference("lstm_no_bias", compared({"rnn", "head"})) < 1e-5);
  CHECK(difference("gru_fc", compared({"gru", "fc"})) < 1e-5);
  CHECK(difference("bidirectional") < 1e-5);
  CHECK(difference("bidirectional_fc", compared({"gru", "fc"})) < 1e-5);
  CHECK_ERROR(import_changed("bidirectional", [](TensorFile& t) { erase(t, "weight_hh_l1_reverse"); }),
              ExitCode::bad_input, "weight_hh_l1_reverse is missing");
  CHECK(difference("two_modules", compared({"second", "first", "out"})) < 1e-5);
  CHECK(difference("numbered", compared({"rnn9", "rnn10", "rnn11"})) < 1e-5);
}

TEST_CASE("a layer tells where it came from") {
  CHECK(import_pytorch(fixture("two_modules.safetensors"), compared({"second", "first", "out"})).sources ==
        std::vector<std::string>{"second, layer 0", "first, layer 0", "out"});
}

TEST_CASE("weights that PyTorch computes from several tensors") {
  for (const char* name : {"weight_norm", "old_weight_norm", "spectral_norm", "old_spectral_norm", "pruned"}) {
    CAPTURE(name);
    const auto imported = import_pytorch(fixture(std::string(name) + ".safetensors"), compared({"lstm", "fc"}));
    CHECK(imported.notes.size() == (std::string(name) == "spectral_norm" ? 1 : 2));
    CHECK_MESSAGE(difference(name, compared({"lstm", "fc"})) < 1e-5, name);
  }
  CHECK_ERROR(import_pytorch(fixture("orthogonal.safetensors"), compared({"lstm", "fc"})), ExitCode::unsupported,
              "tensor fc.weight: is parametrised (orthogonal)");
  // The LSTM alone needs nobody's word: these functions are PyTorch's own, and computed as it does.
  const auto no_head = [](TensorFile& t) {
    std::erase_if(t.tensors, [](const auto& i) { return i.first.starts_with("fc."); });
  };
  CHECK_NOTHROW(import_changed("weight_norm", no_head));
  // What is left out need not be computed, and is called by its module's name.
  const ImportedNetwork rest = import_pytorch(fixture("orthogonal.safetensors"), compared({}, {"fc."}));
  CHECK(rest.left_out.front().name == "fc");
  CHECK(rest.left_out.front().kind == "a linear layer");
  CHECK_ERROR(import_pytorch(fixture("orthogonal.safetensors"), compared({"lstm", "fc"}, {"fc.parametrizations"})),
              ExitCode::unsupported, "but not the rest of its module");
  // A function of the user's own: unknown, taken as it is only where the outputs are compared.
  CHECK_ERROR(import_pytorch(fixture("symmetric.safetensors"), {{"lstm", "fc"}, {}, Claim::vouched}),
              ExitCode::unsupported, "remove_parametrizations(model.fc, \"weight\")");
  CHECK(difference("symmetric", compared({"lstm", "fc"})) > 0.01);
  CHECK(difference("plain_parametrized", compared({"lstm", "fc"})) < 1e-5);
  CHECK_ERROR(import_changed(
                  "weight_norm",
                  [](TensorFile& t) {
                    t.add("fc.weight", {3, 6}, std::vector<float>(18));
                  },
                  compared({"lstm", "fc"})),
              ExitCode::bad_input, "both plain and parametrised");
  CHECK_ERROR(import_changed(
                  "old_weight_norm", [](TensorFile& t) { t.add("fc.weight_u", {3}, std::vector<float>(3)); },
                  compared({"lstm", "fc"})),
              ExitCode::unsupported, "fc.weight_u");
}

TEST_CASE("what the network format cannot express is refused by tensor name") {
  const auto refuse = [](const char* base, const char* text, const std::function<void(TensorFile&)>& change) {
    CHECK_ERROR(import_changed(base, change), ExitCode::unsupported, text);
  };
  const auto floats = [](size_t n) { return std::vector<float>(n); };
  refuse("lstm_fc", "bn.running_mean: batch normalisation", [&](TensorFile& t) {
    t.add("bn.weight", {6}, floats(6));
    t.add("bn.running_mean", {6}, floats(6));
  });
  refuse(
      "lstm_fc",
      "norm.weight: shape [6] belongs neither to nn.LSTM, nn.GRU, nn.RNN nor nn.Linear; it looks like a normalisation",
      [&](TensorFile& t) { t.add("norm.weight", {6}, floats(6)); });
  refuse("lstm_fc", "leave it out and compare the rest: --ignore conv. --check X.npy Y.npy", [&](TensorFile& t) {
    t.add("conv.weight", {2, 2, 3}, floats(12));
  });
  refuse("lstm_fc", "it looks like an attention", [&](TensorFile& t) {
    t.add("att.in_proj_weight", {12, 6}, floats(72));
  });
  refuse("lstm_fc", "fc.weight_g: is not a parameter", [&](TensorFile& t) { rename(t, "fc.weight", "fc.weight_g"); });
  refuse("lstm_fc", "fc.scale: is not a parameter", [&](TensorFile& t) { t.add("fc.scale", {1}, floats(1)); });
  refuse("lstm_fc", "lstm.alpha: is not a parameter", [&](TensorFile& t) { t.add("lstm.alpha", {1}, floats(1)); });
  refuse("lstm_fc", "temperature: is not a parameter", [&](TensorFile& t) { t.add("temperature", {}, floats(1)); });
  refuse("lstm_fc", "'format' is 'tf'", [&](TensorFile& t) { t.metadata = {{"format", "tf"}}; });
}

TEST_CASE("learned initial states belong to the one layer that can begin with them") {
  const std::vector<std::string> modules{"lstm", "decoder.gru", "rnn"};
  CHECK(difference("learned_states", compared(modules)) < 1e-5);
  const ImportedNetwork imported = import_pytorch(fixture("learned_states.safetensors"), compared(modules));
  CHECK(imported.notes ==
        std::vector<std::string>{"the network begins lstm with c0", "the network begins lstm with h0",
                                 "the network begins decoder.gru with decoder.init_h",
                                 "the network takes rnn for a plain recurrent layer with tanh, PyTorch's default"});
  // Zeros in their place give other outputs: the comparison above sees them.
  const auto zeroed = [](const std::string& state) {
    TestDirectory directory;
    TensorFile t = read_safetensors(fixture("learned_states.safetensors"));
    for (auto& [name, tensor] : t.tensors)
      if (name == state) tensor.values = std::vector<float>(tensor.size());
    write_safetensors(t, directory / "m.safetensors");
    const auto read = import_pytorch(directory / "m.safetensors", compared({"lstm", "decoder.gru", "rnn"}));
    const Array y = FloatModel(read.network).run(read_npy(fixture("learned_states.x.npy")));
    return relative_difference(y, read_npy(fixture("learned_states.y.npy")));
  };
  for (const char* state : {"h0", "c0", "decoder.init_h"}) CHECK(zeroed(state) > 1e-3);

  const auto refuse = [&](const char* text, const std::function<void(TensorFile&)>& change,
                          const ImportOptions& options) {
    CHECK_ERROR(import_changed("learned_states", change, options), ExitCode::unsupported, text);
  };
  const auto floats = [](size_t n) { return std::vector<float>(n); };
  const auto two_grus = [&](TensorFile& t) {
    const auto tensors = t.tensors;
    for (const auto& [name, tensor] : tensors)
      if (name.starts_with("decoder.gru.")) t.add("other." + name.substr(12), tensor.shape, std::get<0>(tensor.values));
    rename(t, "decoder.init_h", "init_h");
  };
  refuse("tensor init_h: looks like a learned initial state [5], and may be that of decoder.gru, other", two_grus,
         compared(modules));
  refuse(
      "tensor h0: looks like a learned initial state [2, 1, 4], and no recurrent layer has a state of this shape",
      [&](TensorFile& t) {
        erase(t, "h0");
        t.add("h0", {2, 1, 4}, floats(8));
      },
      compared(modules));
  refuse(
      "tensor state: looks like", [](TensorFile& t) { rename(t, "h0", "state"); }, compared(modules));
  refuse(
      "tensor lstm.h0: looks like",
      [&](TensorFile& t) {
        t.add("lstm.h0", {2, 1, 5}, floats(10));
      },
      compared(modules));
  // Nobody compares: the file does not show what the model does with them.
  const auto lstm_alone = [&](TensorFile& t) {
    std::erase_if(t.tensors, [](const auto& i) { return i.first.starts_with("rnn.") || i.first.starts_with("dec"); });
  };
  refuse("the network begins lstm with c0: a state dict does not show", lstm_alone, {});
  CHECK_NOTHROW(import_changed("learned_states", lstm_alone, {{}, {}, Claim::vouched}));
  refuse("the network takes rnn for a plain recurrent layer with tanh",
         [](TensorFile& t) { std::erase_if(t.tensors, [](const auto& i) { return !i.first.starts_with("rnn."); }); },
         {});
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
  refuse("lstm_fc", "lstm, layer 1: what the input weights read has 7 elements, not 5",
         [&](TensorFile& t) {  // layer 1 no longer fits layer 0
           t.tensors.clear();
           for (const char* layer : {"0", "1"}) {
             t.add(std::string("lstm.weight_ih_l") + layer, {28, 5}, floats(140));
             t.add(std::string("lstm.weight_hh_l") + layer, {28, 7}, floats(196));
           }
         });
  refuse("lstm_fc", "erngen network already", [&](TensorFile& t) { t.metadata = {{"format", "erngen-network"}}; });
}

TEST_CASE("an order is never guessed, and what lies between is never passed over") {
  const auto nothing = [](TensorFile&) {};
  CHECK_ERROR(import_changed("numbered", nothing), ExitCode::unsupported,
              "--layers rnn9,rnn10,rnn11 --check X.npy Y.npy");
  CHECK_ERROR(import_changed("two_modules", nothing), ExitCode::unsupported, "--layers second,first,out --check");
  CHECK_ERROR(import_changed("lstm_fc", nothing), ExitCode::unsupported,
              "2 modules: fc (6 -> 3), lstm (5 -> 6). A state dict shows neither");
  // Several modules in order, but nobody says that nothing lies between them.
  CHECK_ERROR(import_changed("lstm_fc", nothing, {{"lstm", "fc"}, {}, Claim::none}), ExitCode::unsupported,
              "--check X.npy Y.npy; or say --unchecked");
  // Three equal modules whose names say nothing: no order is offered.
  const auto ambiguous = [](TensorFile& t) {
    rename(t, "rnn9.", "encoder.");
    rename(t, "rnn10.", "decoder.");
    rename(t, "rnn11.", "extra.");
  };
  CHECK_ERROR(import_changed("numbered", ambiguous), ExitCode::unsupported, "--layers NAME,NAME,..");
  CHECK_NOTHROW(import_changed("numbered", ambiguous, compared({"encoder", "decoder", "extra"})));
  CHECK_ERROR(import_changed("numbered", ambiguous, compared({"encoder", "decoder"})), ExitCode::unsupported,
              "not named in --layers: extra");
  CHECK_NOTHROW(import_changed("numbered", ambiguous, compared({"encoder", "decoder"}, {"extra."})));
  CHECK_ERROR(import_changed("numbered", ambiguous, compared({"encoder", "coder"})), ExitCode::usage,
              "'coder', which is neither a module of the file nor an operation");
  CHECK_ERROR(import_changed("numbered", ambiguous, compared({"encoder", "encoder"})), ExitCode::usage, "twice");

  const auto two_linear = [](TensorFile& t) { t.add("fc2.weight", {2, 3}, std::vector<float>(6)); };
  CHECK_ERROR(import_changed("lstm_fc", two_linear), ExitCode::unsupported, "--layers lstm,fc,fc2 --check");
  CHECK_NOTHROW(import_changed("lstm_fc", two_linear, compared({"lstm", "fc", "fc2"})));
  CHECK_ERROR(import_changed("lstm_fc", two_linear, compared({"lstm", "fc2", "fc"})), ExitCode::bad_input,
              "takes 3 inputs");
  for (const char* between : {"gelu", "GELU", "layer_norm", "LayerNorm", "residual", "softmax", "elu"})
    CHECK_ERROR(import_changed("lstm_fc", two_linear, compared({"lstm", "fc", between, "fc2"})), ExitCode::unsupported,
                (std::string("'") + between + "', an operation that erngen does not have there").c_str());
  CHECK_ERROR(import_changed("lstm_fc", nothing, compared({"relu", "lstm", "fc"})), ExitCode::unsupported,
              "the host can compute what comes first or last");
  CHECK_ERROR(import_changed(
                  "lstm_fc", [](TensorFile& t) { rename(t, "lstm.", "x."); }, compared({}, {"x."})),
              ExitCode::unsupported, "no nn.LSTM, nn.GRU or nn.RNN");
}

TEST_CASE("what is left out is named, with what the host must do") {
  const auto left_out = [](const char* prefix, const std::function<void(TensorFile&)>& change) {
    TestDirectory directory;
    TensorFile tensors = read_safetensors(fixture("lstm_bare.safetensors"));
    rename(tensors, "", "lstm.");
    change(tensors);
    write_safetensors(tensors, directory / "m.safetensors");
    CHECK_ERROR(import_pytorch(directory / "m.safetensors", {{}, {prefix}, Claim::none}), ExitCode::unsupported,
                "leaves out");
    const ImportedNetwork imported = import_pytorch(directory / "m.safetensors", compared({}, {prefix}));
    REQUIRE(imported.left_out.size() == 1);
    return imported.left_out.front();
  };
  const auto floats = [](size_t n) { return std::vector<float>(n); };
  const LeftOut norm = left_out("ln.", [&](TensorFile& t) {
    t.add("ln.weight", {7}, floats(7));
    t.add("ln.bias", {7}, floats(7));
  });
  CHECK(norm.name == "ln");
  CHECK(norm.tensors == std::vector<std::string>{"ln.weight", "ln.bias"});
  CHECK(norm.kind == "a normalisation");
  CHECK(norm.host.find("compute it") == 0);
  CHECK(left_out("conv", [&](TensorFile& t) { t.add("conv.weight", {4, 1, 3}, floats(12)); }).kind == "a convolution");
  CHECK(left_out("bn", [&](TensorFile& t) { t.add("bn.running_mean", {4}, floats(4)); }).kind ==
        "a batch normalisation");
  CHECK(left_out("emb", [&](TensorFile& t) {
          t.add("emb.weight", {9, 4}, floats(36));
        }).kind == "an embedding or a linear layer without bias");
  CHECK(left_out("dec", [&](TensorFile& t) {
          t.add("dec.weight_ih_l0", {16, 4}, floats(64));
        }).kind == "a recurrent layer");
  const LeftOut state = left_out("lstm.h0", [&](TensorFile& t) { t.add("lstm.h0", {1, 1, 7}, floats(7)); });
  CHECK(state.name == "lstm.h0");
  CHECK(state.kind == "a learned initial state");
  CHECK(state.host.find("state registers") != std::string::npos);
  CHECK(left_out("scale", [&](TensorFile& t) { t.add("scale", {1}, floats(1)); }).kind ==
        "a parameter of the model's own");
  const auto nothing = [](TensorFile&) {};
  for (const char* prefix : {"bias", "bias_hh_l0", "weight_ih_l0"})
    CHECK_ERROR(import_changed("lstm_bare", nothing, compared({}, {prefix})), ExitCode::unsupported,
                "but not the rest of its module");
  CHECK_ERROR(import_changed("lstm_fc", nothing, compared({"lstm", "fc"}, {"fc.bias"})), ExitCode::unsupported,
              "leaves out fc.bias");
  CHECK_ERROR(import_changed(
                  "lstm_bare", [](TensorFile&) {}, compared({}, {"x."})),
              ExitCode::usage, "--ignore x.: no tensor's name begins so");
}

TEST_CASE("files of other kinds are named, damaged ones are refused") {
  TestDirectory directory;
  const auto file = directory / "model";
  const auto refuse = [&](const std::string& bytes, ExitCode code, const char* text) {
    write_file_atomically(file, bytes);
    CHECK_ERROR(import_pytorch(file), code, text);
  };
  refuse("PK\x03\x04 and so on", ExitCode::bad_input, "is a damaged or truncated zip archive, not a safetensors file");
  refuse("\x08\x08\x12\x07pytorch:\x06\x12\x04main", ExitCode::unsupported, "is an ONNX model");
  refuse("\x80\x02 and so on", ExitCode::unsupported, "pickle");
  refuse("\x89HDF\r\n\x1a\n", ExitCode::unsupported, "HDF5");
  refuse("", ExitCode::bad_input, "is empty, not a safetensors file");
  refuse("hello, world; this is no model", ExitCode::bad_input, "not a safetensors file");
  CHECK_ERROR(import_pytorch(directory / "none"), ExitCode::bad_input, "No such file");
  const std::string good = read_file(fixture("lstm_bare.safetensors"));
  for (const size_t length : {8ul, 100ul, good.size() - 1})
    refuse(good.substr(0, length), ExitCode::bad_input, "model");
}
