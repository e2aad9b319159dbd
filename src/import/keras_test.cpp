// Keras models against what two versions of Keras computed (tools/make_keras_fixtures.py), and what is refused.
#include "base/check_error.hpp"
#include "base/relative_difference.hpp"

#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/npy.hpp"
#include "base/test_directory.hpp"
#include "base/zip.hpp"

#include "circulant/float_model.hpp"
#include "import/keras.hpp"

using namespace erngen;

namespace {

std::string fixture(const std::string& name) { return FIXTURES "/keras/" + name; }

/// exp(y) / sum, row by row: what the host does in place of the softmax that was cut off.
void softmax(Array& y) {
  const size_t size = static_cast<size_t>(y.shape.back());
  for (size_t row = 0; row < y.size(); row += size) {
    double sum = 0;
    for (size_t n = row; n < row + size; ++n) sum += std::exp(static_cast<double>(y.values[n]));
    for (size_t n = row; n < row + size; ++n)
      y.values[n] = static_cast<float>(std::exp(static_cast<double>(y.values[n])) / sum);
  }
}

/// [sequences, outputs] of [sequences, frames, outputs].
Array last_frames(const Array& y) {
  const size_t sequences = static_cast<size_t>(y.shape[0]), frames = static_cast<size_t>(y.shape[1]),
               size = static_cast<size_t>(y.shape[2]);
  Array last{{y.shape[0], y.shape[2]}, {}};
  for (size_t s = 0; s < sequences; ++s)
    for (size_t n = 0; n < size; ++n) last.values.push_back(y.values[(s * frames + frames - 1) * size + n]);
  return last;
}

/// The largest difference to Keras's output over its largest value.
double difference(const std::string& model, const std::string& data) {
  const ImportedNetwork imported = import_keras(fixture(model));
  CHECK(imported.whole_function);
  CHECK(imported.sources.size() == imported.network.nodes.size());
  Array y = FloatModel(imported.network).run(read_npy(fixture(data + ".x.npy")));
  const Array expected = read_npy(fixture(data + ".y.npy"));
  if (imported.network.last_frame_only && y.shape.size() == 3) y = last_frames(y);
  if (imported.network.metadata.contains("output")) softmax(y);
  return relative_difference(y, expected);
}

using Entries = std::vector<std::pair<std::string, std::string>>;

/// Imports an archive after `change` of its configuration.
ImportedNetwork import_changed(const std::string& name, const std::function<void(Json&)>& change) {
  TestDirectory directory;
  const std::string bytes = read_file(fixture(name));
  const ZipReader archive(bytes, name);
  Entries entries;
  for (const std::string& entry : archive.names()) entries.emplace_back(entry, archive.read(entry));
  for (auto& [entry, contents] : entries)
    if (entry == "config.json") {
      Json json = parse_json(contents, entry);
      change(json);
      contents = json_text(json);
    }
  write_file_atomically(directory / "m.keras", zip_bytes(entries));
  return import_keras(directory / "m.keras");
}

Json& layer(Json& model, size_t n) { return model["config"]["layers"][n]; }

}  // namespace

TEST_CASE("imported networks compute what Keras computes") {
  for (const std::string version : {"k315_", "k215_"}) {
    for (const std::string name : {"lstm", "gru", "folded", "residual", "rnn", "last", "activations"}) {
      CAPTURE(version + name);
      CHECK(difference(version + name + ".keras", version + name) < 1e-5);
    }
    for (const std::string name : {"gru", "folded", "residual"}) {
      CAPTURE(version + name);
      CHECK(difference(version + name + ".h5", version + name) < 1e-5);
    }
  }
  CHECK(difference("k315_arithmetic.keras", "k315_arithmetic") < 1e-5);
  CHECK(difference("k315_bidirectional.keras", "k315_bidirectional") < 1e-5);
  CHECK(difference("k315_bidirectional.h5", "k315_bidirectional") < 1e-5);
  CHECK(difference("k315_bidirectional_last.keras", "k315_bidirectional_last") < 1e-5);
  CHECK(difference("k315_backwards.keras", "k315_backwards") < 1e-5);
}

TEST_CASE("what is folded needs no layer of its own") {
  for (const char* model : {"k315_folded.keras", "k215_folded.h5"}) {
    const Network network = import_keras(fixture(model)).network;
    CHECK(network.nodes.size() == 4);  // LSTM and three dense layers
  }
  CHECK(fmt::format("{}", fmt::join(import_keras(fixture("k315_residual.keras")).sources, " ")) ==
        "encoder add b_first dense_6 a_head z_head");
}

TEST_CASE("a model of the last frame, and its softmax") {
  const ImportedNetwork imported = import_keras(fixture("k315_last.keras"));
  CHECK(imported.network.last_frame_only);
  CHECK(imported.network.metadata["output"]["cut"] == "softmax");
  CHECK(imported.notes.back() == "the softmax at the end is cut off: the host computes it");
  CHECK_FALSE(import_keras(fixture("k315_lstm.keras")).network.last_frame_only);
}

TEST_CASE("the hard sigmoid changed with Keras 3") {
  const auto slope = [](const char* model) {
    return std::get<LstmLayer>(import_keras(fixture(model)).network.nodes[0].layer).gate_activation;
  };
  CHECK(slope("k215_activations.keras") == Activation{Nonlinearity::hard_sigmoid, 0.2f, 0.5f});
  CHECK(slope("k315_activations.keras") == Activation{Nonlinearity::hard_sigmoid, 1.0f / 6, 0.5f});
}

TEST_CASE("what the network cannot express is refused by the layer's name") {
  const auto refuse = [](const std::function<void(Json&)>& change, const char* text) {
    CHECK_ERROR(import_changed("k315_lstm.keras", change), ExitCode::unsupported, text);
  };
  const auto set = [](const char* key, const Json& value) {
    return [=](Json& model) { layer(model, 1)["config"][key] = value; };
  };
  CHECK_NOTHROW(import_changed("k315_lstm.keras", [](Json&) {}));
  refuse(set("activation", "elu"), "LSTM 'lstm': the activation elu is not one that erngen has");
  refuse(set("recurrent_activation", "softmax"), "the activation softmax");
  refuse(set("activation", {{"module", "builtins"}, {"class_name", "function"}, {"config", "mine"}}),
         "mine, a function in Python");
  refuse(set("quantization_config", Json::object()), "LSTM 'lstm': is quantised");
  for (const auto& [name, text] :
       std::vector<std::pair<const char*, const char*>>{{"Masking", "Masking 'lstm' skips frames"},
                                                        {"Conv1D", "Conv1D 'lstm' is a convolution"},
                                                        {"LayerNormalization", "LayerNormalization 'lstm' normalises"},
                                                        {"Lambda", "Lambda 'lstm' is Python code"},
                                                        {"Functional", "is a model inside the model"},
                                                        {"MyLayer", "the layer MyLayer 'lstm' is not supported"}})
    refuse([&](Json& model) { layer(model, 1)["class_name"] = name; }, text);
  refuse([](Json& model) { model["class_name"] = "MyModel"; }, "is a model of the class MyModel");
  refuse([](Json& model) { layer(model, 0)["config"]["batch_shape"] = {nullptr, nullptr, 4, 3}; }, "has the shape");
  refuse([](Json& model) { layer(model, 0)["config"]["batch_shape"] = {nullptr, nullptr, nullptr}; }, "null features");
  refuse(
      [](Json& model) {
        layer(model, 2)["config"]["activation"] = "softmax";
        model["config"]["layers"].push_back({{"class_name", "Dropout"}, {"config", {{"name", "after"}}}});
      },
      "Dropout 'after': reads a softmax, which is supported at the very end");
  CHECK_ERROR(import_changed("k315_last.keras",
                             [](Json& model) {
                               std::swap(layer(model, 1)["config"]["return_sequences"],
                                         layer(model, 1)["config"]["stateful"]);
                               layer(model, 2) = layer(model, 1);
                               layer(model, 2)["config"]["name"] = "second";
                             }),
              ExitCode::unsupported, "GRU 'second': reads single vectors as a sequence");
  CHECK_ERROR(import_changed("k315_residual.keras",
                             [](Json& model) {
                               model["config"]["output_layers"] = Json::array({{"z_head", 0, 0}, {"b_first", 0, 1}});
                             }),
              ExitCode::unsupported, "its states are read");
  CHECK_ERROR(import_changed("k315_residual.keras",
                             [](Json& model) {
                               layer(model, 3)["config"]["axis"] = 1;
                               layer(model, 4)["config"]["axis"] = 1;
                             }),
              ExitCode::unsupported, "joins along axis 1");
}

TEST_CASE("models that contradict themselves are refused") {
  const auto refuse = [](const char* name, const std::function<void(Json&)>& change, const char* text) {
    CHECK_ERROR(import_changed(name, change), ExitCode::bad_input, text);
  };
  refuse(
      "k315_lstm.keras", [](Json& m) { layer(m, 1)["config"]["units"] = 5; },
      "kernel is real numbers of [3, 16], expected");
  refuse(
      "k315_lstm.keras", [](Json& m) { layer(m, 1)["config"]["units"] = "4"; }, "'units' is \"4\"");
  refuse(
      "k315_lstm.keras", [](Json& m) { layer(m, 1)["config"]["use_bias"] = false; }, "has 3 variables, expected 2");
  refuse(
      "k315_lstm.keras",
      [](Json& m) {
        layer(m, 0)["config"]["batch_shape"] = {nullptr, nullptr, 4};
      },
      "lstm");
  refuse(
      "k315_lstm.keras",
      [](Json& m) {
        layer(m, 2)["config"]["name"] = "other";
        layer(m, 2)["class_name"] = "Identity";
        m["config"]["layers"].push_back(layer(m, 1));
      },
      "lstm");
  refuse(
      "k315_residual.keras",
      [](Json& m) {
        m["config"]["output_layers"] = {"nobody", 0, 0};
      },
      "a layer 'nobody', which is not there");
  refuse(
      "k315_residual.keras",
      [](Json& m) {
        m["config"]["output_layers"] = {"encoder", 7, 0};
      },
      "its call 7 is not there");
  refuse(
      "k315_residual.keras",
      [](Json& m) { layer(m, 1)["inbound_nodes"][0]["args"][0]["config"]["keras_history"][0] = "add"; },
      "reads itself");
}

TEST_CASE("damaged files are refused") {
  TestDirectory directory;
  const auto refuse = [&](const std::string& bytes, ExitCode code, const char* text) {
    write_file_atomically(directory / "m", bytes);
    CHECK_ERROR(import_keras(directory / "m"), code, text);
  };
  const std::string h5 = read_file(fixture("k315_gru.h5")), archive = read_file(fixture("k315_gru.keras"));
  for (const size_t length : {8ul, 100ul, 2000ul, h5.size() / 2})
    refuse(h5.substr(0, length), ExitCode::bad_input, "the file is truncated or damaged");
  refuse(archive.substr(0, archive.size() / 2), ExitCode::bad_input, "zip archive cannot be read");
  const std::string weights = ZipReader(archive, "m").read("model.weights.h5");
  refuse(weights, ExitCode::unsupported, "has no attribute model_config: it holds weights without the model");
}
