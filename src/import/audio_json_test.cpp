// Audio models in JSON against what PyTorch computed (tools/make_audio_fixtures.py), and what is refused.
#include "base/check_error.hpp"
#include "base/relative_difference.hpp"

#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.hpp"
#include "base/npy.hpp"
#include "circulant/float_model.hpp"
#include "import/audio_json.hpp"

using namespace erngen;

namespace {

std::string fixture(const std::string& name) { return FIXTURES "/audio/" + name; }
Json json(const std::string& name) { return read_json(fixture(name + ".json")); }

ImportedNetwork import(const Json& model) {
  switch (json_model(model)) {
    case JsonModel::rtneural: return import_rtneural(model);
    case JsonModel::guitarml: return import_guitarml(model);
    case JsonModel::nam: return import_nam(model);
    default: throw bad_input("no model of a whole function");
  }
}

/// The largest difference to PyTorch's output over its largest value.
double difference(const std::string& name) {
  const ImportedNetwork imported = import(json(name));
  CHECK(imported.whole_function);
  const Array y = FloatModel(imported.network).run(read_npy(fixture(name + ".x.npy")));
  const Array expected = read_npy(fixture(name + ".y.npy"));
  return relative_difference(y, expected);
}

void import_changed(const std::string& name, const std::function<void(Json&)>& change) {
  Json model = json(name);
  change(model);
  import(model);
}

}  // namespace

TEST_CASE("audio models compute what PyTorch computes") {
  for (const char* name : {"guitarml_lstm", "guitarml_gru", "rtneural_lstm", "rtneural_gru", "aidax", "nam"}) {
    CAPTURE(name);
    CHECK(difference(name) < 1e-5);
  }
}

TEST_CASE("what an audio model is made of") {
  CHECK(json_model(json("state_dict")) == JsonModel::state_dict);
  CHECK(json_state_dict(json("state_dict")).find("lstm.weight_ih_l0")->shape == std::vector<int>{16, 1});
  CHECK(json_model(Json::array()) == JsonModel::none);
  CHECK(json_model({{"epochs", 3}}) == JsonModel::none);
  const auto initial = std::get<LstmLayer>(import(json("nam")).network.nodes[0].layer).initial_cell;
  CHECK(initial.size() == 4);
  CHECK(fmt::format("{}", fmt::join(import(json("guitarml_lstm")).sources, "; ")) == "rec, layer 0; lin; skip");
}

TEST_CASE("audio models that are not understood are refused by name") {
  const auto refuse = [](const char* name, const std::function<void(Json&)>& change, const char* text) {
    CHECK_ERROR(import_changed(name, change), ExitCode::unsupported, text);
  };
  refuse(
      "rtneural_gru", [](Json& m) { m["layers"][1]["type"] = "conv1d"; },
      "layer 1 (conv1d): layers of the type conv1d");
  refuse(
      "rtneural_gru", [](Json& m) { m["layers"][1]["activation"] = "elu"; },
      "layer 1 (time-distributed-dense): the activation elu");
  refuse(
      "aidax", [](Json& m) { m["in_skip"] = 2; }, "in_skip is 2");
  refuse(
      "guitarml_lstm", [](Json& m) { m["model_data"]["model"] = "RecNet"; }, "the model RecNet");
  refuse(
      "guitarml_lstm", [](Json& m) { m["model_data"]["skip"] = 2; }, "skip is 2 for 1 inputs and 1 outputs");
  refuse(
      "guitarml_lstm", [](Json& m) { m["state_dict"]["ln.weight"] = m["state_dict"]["lin.weight"]; }, "a module 'ln'");
  refuse(
      "nam", [](Json& m) { m["architecture"] = "WaveNet"; }, "the architecture WaveNet");
}

TEST_CASE("damaged audio models are refused") {
  const auto refuse = [](const char* name, const std::function<void(Json&)>& change, const char* text) {
    CHECK_ERROR(import_changed(name, change), ExitCode::bad_input, text);
  };
  refuse(
      "rtneural_lstm", [](Json& m) { m["layers"][0]["weights"][0][0].erase(0); }, "kernel is real numbers of [1, 15]");
  refuse(
      "rtneural_lstm", [](Json& m) { m["layers"][0]["weights"][1][2].erase(0); }, "lists of different lengths");
  refuse(
      "rtneural_lstm", [](Json& m) { m["layers"][0]["weights"][1][2][0] = "0"; }, "no finite float32 number");
  refuse(
      "rtneural_lstm", [](Json& m) { m["layers"][0]["weights"][1][2][0] = 1e300; }, "no finite float32 number");
  refuse(
      "rtneural_lstm", [](Json& m) { m["layers"][0].erase("shape"); }, "'shape' is missing");
  refuse(
      "guitarml_lstm", [](Json& m) { m["model_data"]["hidden_size"] = 6; }, "hidden_size is 6, but the weights have 5");
  refuse(
      "guitarml_lstm", [](Json& m) { m["model_data"]["unit_type"] = "GRU"; }, "unit_type is GRU");
  refuse(
      "guitarml_lstm",
      [](Json& m) {
        m["state_dict"].erase("lin.bias");
        m["state_dict"].erase("lin.weight");
      },
      "no module 'lin'");
  refuse(
      "nam", [](Json& m) { m["weights"].erase(0); }, "fewer than the layers need");
  refuse(
      "nam", [](Json& m) { m["weights"].push_back(0.5); }, "but the layers need");
  refuse(
      "nam", [](Json& m) { m["config"]["hidden_size"] = 65536; }, "a matrix of 65536 x 65537");
}
