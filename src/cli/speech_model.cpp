#include "cli/speech_model.hpp"

#include <memory>

#include "cell/fixed_run.hpp"
#include "cell/quant_file.hpp"
#include "circulant/float_model.hpp"
#include "network/network_file.hpp"

namespace erngen::cli {

SpeechModel open_speech_model(const std::string& file) {
  if (file_kind(file) == FileKind::quantised) {
    const auto network = std::make_shared<const QuantNetwork>(read_quant_network(file));
    const int inputs = network->graph.vectors.front().size;
    const int outputs = network->graph.vectors[static_cast<size_t>(network->graph.output_vector())].size;
    return {speech_interface(network->metadata, inputs, outputs, file),
            [network](const Array& x) { return real_outputs(run_fixed(*network, x), *network); }, "fixed", inputs,
            outputs};
  }
  const Network network = read_network(file);
  const auto model = std::make_shared<FloatModel>(network);
  return {speech_interface(network.metadata, network.input(), network.output(), file),
          [model](const Array& x) { return model->run(x); }, "float", network.input(), network.output()};
}

}  // namespace erngen::cli
