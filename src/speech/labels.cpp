#include "speech/labels.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

std::vector<std::string> labels_from_metadata(const Json& metadata) {
  const auto found = metadata.find("labels");
  if (found == metadata.end() || !found->is_array() || found->size() < 2) {
    throw bad_input("the metadata has no list \"labels\" of the output classes",
                    "use a network that erngen trained on speech");
  }
  std::vector<std::string> labels;
  for (const Json& label : *found) {
    if (!label.is_string())
      throw bad_input(fmt::format("label {} is {:.40}, not a string", labels.size(), label.dump()));
    labels.push_back(label.get<std::string>());
  }
  return labels;
}

SpeechInterface speech_interface(const Json& metadata, int inputs, int outputs, const std::string& what) {
  try {
    const auto found = metadata.find("frontend");
    SpeechInterface speech{Frontend(frontend_from_json(found == metadata.end() ? Json() : *found)),
                           labels_from_metadata(metadata)};
    const int features = speech.frontend.config().features();
    if (features != inputs)
      throw bad_input(fmt::format("the front end gives {} features, the network reads {}", features, inputs));
    if (static_cast<int>(speech.labels.size()) != outputs) {
      throw bad_input(fmt::format("there are {} labels, the network has {} outputs", speech.labels.size(), outputs));
    }
    return speech;
  } catch (const Error& e) {
    throw Error(e.kind(), fmt::format("{}: {}", what, e.what()));
  }
}

}  // namespace erngen
