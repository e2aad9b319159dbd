// ONNX files of PyTorch's exporters against what PyTorch computed (tools/make_onnx_fixtures.py), and what is refused.
#include "base/check_error.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/file.hpp"
#include "base/npy.hpp"
#include "base/test_directory.hpp"
#include "circulant/float_model.hpp"
#include "import/onnx.hpp"
#include "network/output_cut.hpp"
#include "network/sequence_file.hpp"

using namespace erngen;

namespace {

std::string fixture(const std::string& name) { return FIXTURES "/onnx/" + name; }

/// The network's outputs in float, with what was cut at the end applied as `erngen run` leaves it to the host.
Array outputs(const ImportedNetwork& imported, const std::string& input) {
  const Sequences x = read_sequences(input);
  Array y = FloatModel(imported.network).run(x, input);
  const size_t size = imported.network.output(), frames = y.shape[y.shape.size() - 2];
  if (imported.network.last_frame_only && y.shape.size() == 3) {
    std::vector<float> last;
    for (size_t s = 0; s < static_cast<size_t>(y.shape[0]); ++s) {
      const auto end = y.values.begin() + static_cast<std::ptrdiff_t>((s + 1) * frames * size);
      last.insert(last.end(), end - static_cast<std::ptrdiff_t>(size), end);
    }
    y = {{y.shape[0], y.shape[2]}, std::move(last)};
  }
  const OutputCut cut = output_cut(imported.network.metadata);
  y.values = apply_cut(cut, y.values, static_cast<int>(size));
  if (cut == OutputCut::argmax) y.shape.pop_back();
  return y;
}

/// The largest difference to PyTorch's output.
double difference(const std::string& name, const std::string& exporter, const OnnxOptions& options = {}) {
  const Array result =
      outputs(import_onnx(fixture(name + "." + exporter + ".onnx"), options), fixture(name + ".x.npy"));
  const Array expected = read_npy(fixture(name + ".y.npy"));
  REQUIRE(result.shape == expected.shape);
  double worst = 0;
  for (size_t n = 0; n < result.size(); ++n)
    worst = std::max(worst, std::fabs(double{result.values[n]} - expected.values[n]));
  return worst;
}

constexpr const char* exporters[] = {"torchscript", "dynamo"};

const Activation& activation(const Network& network, size_t node) {
  return std::get<DenseLayer>(network.nodes.at(node).layer).activation;
}

}  // namespace

TEST_CASE("models of both exporters compute what PyTorch computes") {
  for (const char* exporter : exporters)
    for (const char* name : {"lstm", "lstm_linear", "lstm_no_bias", "gru_linear", "gru_keywords", "lstm_final_state",
                             "jets", "mask", "time_first", "normalised", "denoiser", "effect", "learned", "residual",
                             "streaming", "one_feature", "channels_first", "bidirectional"}) {
      CAPTURE(name);
      CAPTURE(exporter);
      CHECK(difference(name, exporter) < 1e-5);
    }
  CHECK(difference("rnn_tanh", "torchscript") < 1e-5);
  CHECK(difference("rnn_relu", "torchscript") < 1e-5);
}

TEST_CASE("layers in both directions compute what PyTorch and Keras compute, in as many passes as they need") {
  const auto passes = [](const std::string& name) { return import_onnx(fixture(name + ".onnx")).network.passes(); };
  for (const auto& [name, count] : std::vector<std::pair<const char*, int>>{{"bidirectional_stack", 2},
                                                                            {"bidirectional_relu", 2},
                                                                            {"bidirectional_final", 1},
                                                                            {"bidirectional_last", 1},
                                                                            {"bidirectional_ends", 1}}) {
    CAPTURE(name);
    CHECK(difference(name, "torchscript") < 1e-5);
    CHECK(passes(name + std::string(".torchscript")) == count);
  }
  CHECK(passes("bidirectional.torchscript") == 1);
  CHECK(passes("bidirectional.dynamo") == 1);
}

TEST_CASE("what is not a layer is folded, and what costs one is noted") {
  for (const char* exporter : exporters) {
    const auto import = [&](const std::string& name) { return import_onnx(fixture(name + "." + exporter + ".onnx")); };
    const Network normalised = import("normalised").network;
    REQUIRE(normalised.nodes.size() == 3);
    CHECK(activation(normalised, 1) == Activation(Nonlinearity::leaky_relu, 0.1f));
    const Network keywords = import("gru_keywords").network;
    CHECK(keywords.nodes.size() == 3);
    CHECK(keywords.last_frame_only);
    CHECK(keywords.metadata["output"]["cut"] == "softmax");
    const Network denoiser = import("denoiser").network;
    CHECK(denoiser.nodes.size() == 6);
    CHECK(denoiser.outputs.size() == 2);
    CHECK(denoiser.nodes[3].inputs.size() == 3);
    const ImportedNetwork residual = import("residual");
    CHECK(residual.network.nodes.size() == 5);  // the ReLU behind the sum is a layer of its own
    CHECK(residual.notes.front().find("a dense layer of its own") != std::string::npos);
    const Network learned = import("learned").network;
    CHECK(std::get<LstmLayer>(learned.nodes[1].layer).initial_cell.size() == 5);
    CHECK(import("lstm").whole_function);
    const auto notes = import("jets").notes;
    CHECK(std::ranges::count(notes, "only the last frame of a sequence has an output") == 1);
  }
}

TEST_CASE("values in the middle of the graph can be outputs") {
  OnnxOptions options;
  options.outputs = {"/head/head.0/Gemm_output_0"};
  const Network network = import_onnx(fixture("gru_keywords.torchscript.onnx"), options).network;
  CHECK(network.nodes.size() == 2);
  CHECK(network.output() == 5);
  options.outputs = {"nothing"};
  CHECK_ERROR(import_onnx(fixture("gru_keywords.torchscript.onnx"), options), ExitCode::usage, "nothing");
}

TEST_CASE("what a network cannot express is refused by name") {
  const auto refused = [](const std::string& name, const char* text, const OnnxOptions& options = {}) {
    CAPTURE(name);
    CHECK_ERROR(import_onnx(fixture(name), options), ExitCode::unsupported, text);
  };
  refused("layer_norm.torchscript.onnx", "ReduceMean");
  refused("layer_norm.dynamo.onnx", "LayerNormalization");
  // The dynamo exporter unrolls nn.RNN over the frames of the example.
  refused("rnn_tanh.dynamo.onnx", "dynamo=False");
}

TEST_CASE("options that the file leaves no room for are usage errors") {
  OnnxOptions options;
  options.gru_reset_after = true;
  CHECK_ERROR(import_onnx(fixture("gru_linear.torchscript.onnx"), options), ExitCode::usage, "--gru-reset");
  options = {};
  options.reverse_input = true;
  CHECK_ERROR(import_onnx(fixture("lstm.torchscript.onnx"), options), ExitCode::usage, "--reverse-input");
  options = {};
  options.constants["W"] = "w.npy";
  CHECK_ERROR(import_onnx(fixture("lstm.torchscript.onnx"), options), ExitCode::usage, "'W'");
}

TEST_CASE("external data must be a file of its own beside the model") {
  TestDirectory directory;
  const std::string model = "lstm_linear.dynamo.onnx", data = model + ".data";
  const auto copy = [&] {
    for (const std::string& name : {model, data})
      std::filesystem::copy_file(fixture(name), directory / name, std::filesystem::copy_options::overwrite_existing);
  };
  const auto refused = [&](const char* text) {
    CHECK_ERROR(import_onnx(directory / model), ExitCode::bad_input, text);
  };
  copy();
  CHECK(import_onnx(directory / model).network.nodes.size() == 3);
  std::filesystem::resize_file(directory / data, 100);
  refused("which has 100");
  std::filesystem::remove(directory / data);
  refused(data.c_str());
  std::filesystem::create_symlink(fixture(data), directory / data);
  refused("symbolic link");
  std::filesystem::remove(directory / data);
  copy();
  // The location is as long as the name it replaces: no length in the file changes.
  const auto relocated = [&](std::string location) {
    std::string bytes = read_file(fixture(model));
    for (size_t at = 0; (at = bytes.find(data, at)) != std::string::npos;) bytes.replace(at, data.size(), location);
    write_file_atomically(directory / model, bytes);
  };
  relocated("../" + std::string(data.size() - 3, 'x'));
  refused("leaves the model's folder");
  relocated("/" + std::string(data.size() - 1, 'x'));
  refused("no path relative");
}

TEST_CASE("damaged files are bad input") {
  TestDirectory directory;
  const std::string bytes = read_file(fixture("lstm.torchscript.onnx"));
  for (const size_t length : {size_t{0}, size_t{1}, bytes.size() / 2, bytes.size() - 1}) {
    CAPTURE(length);
    write_file_atomically(directory / "m.onnx", bytes.substr(0, length));
    CHECK_ERROR(import_onnx(directory / "m.onnx"), ExitCode::bad_input, "m.onnx");
  }
}
