#include "erngen/model.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/quant_file.hpp"
#include "cell/quantise_json.hpp"
#include "cell/quantiser.hpp"
#include "circulant/float_model.hpp"
#include "circulant/projection.hpp"
#include "erngen/convert.hpp"
#include "import/model_file.hpp"
#include "network/network_file.hpp"

namespace erngen {

namespace {}  // namespace

Model Model::read(const std::filesystem::path& file) {
  return Model(std::make_shared<const Network>(read_network(file)));
}

Model Model::import_file(const std::filesystem::path& file, const ModelImportOptions& options) {
  ModelOptions import;
  import.torch.modules = options.modules;
  import.torch.ignore = options.ignore;
  import.torch.claim = options.compared ? Claim::compared : Claim::none;
  return Model(std::make_shared<const Network>(import_model(file, import).network));
}

Model Model::open(const std::filesystem::path& file, const ModelImportOptions& options) {
  return file_kind_if_ours(file) ? read(file) : import_file(file, options);
}

int Model::inputs() const { return network_->input(); }
int Model::outputs() const { return network_->output(); }
size_t Model::parameters() const { return network_->parameters(); }

bool Model::last_frame_only() const { return network_->last_frame_only; }

Frames Model::run(const Frames& x) const {
  return frames_like(x, FloatModel(*network_).run(sequences_of(x)).values, outputs());
}

Frames Model::finished(const Frames& y) const { return erngen::finished(y, OutputForm(*network_)); }

Comparison Model::check(const Frames& x, const Frames& y) const { return compare_frames(finished(run(x)), y); }

Model Model::compressed(const std::vector<LayerBlocks>& blocks) const {
  if (blocks.size() != 1 && blocks.size() != network_->nodes.size())
    throw bad_input(fmt::format("block sizes of {} layers: the network has {}", blocks.size(), network_->nodes.size()));
  BlockChoice choice;
  const auto sizes = [](const LayerBlocks& b) { return BlockSizes{b.input, b.recurrent, b.projection, b.dense}; };
  choice.all = sizes(blocks.front());
  if (blocks.size() > 1)
    for (size_t n = 0; n < blocks.size(); ++n) choice.layers[static_cast<int>(n)] = sizes(blocks[n]);
  return Model(std::make_shared<const Network>(compress(*network_, choice).network));
}

QuantisedModel Model::quantised(const Frames& calibration, const QuantisationOptions& options) const {
  QuantiseOptions chosen;
  chosen.weight_width = options.weights;
  chosen.activation_width = options.activations;
  chosen.spectrum_width = options.spectra;
  const Sequences x = sequences_of(calibration, "calibration");
  x.require_features(inputs(), "calibration");
  QuantiseReport report;
  auto network = std::make_shared<const QuantNetwork>(quantise(*network_, x, chosen, &report));
  std::string text = json_text(quantise_json(*network, report));
  return {std::move(network), std::move(text)};
}

void Model::write(const std::filesystem::path& file) const { write_network(*network_, file); }

}  // namespace erngen
