#include "train/recording_features.hpp"

#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fingerprint.hpp"
#include "base/parallel.hpp"
#include "network/safetensors.hpp"
#include "speech/augment.hpp"
#include "speech/frontend.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

/// What the features depend on.
std::string identity_of(const std::vector<fs::path>& recordings, const FrontendConfig& frontend, double speed) {
  Json files = Json::array();
  for (const fs::path& file : recordings) {
    std::error_code ignored;
    files.push_back({file.string(), fs::file_size(file, ignored)});
  }
  return Json{{"files", files}, {"frontend", to_json(frontend)}, {"speed", speed}}.dump();
}

void keep(const std::vector<Array>& features, int width, const fs::path& file) {
  std::vector<float> values;
  std::vector<std::int32_t> vectors;
  for (const Array& x : features) {
    values.insert(values.end(), x.values.begin(), x.values.end());
    vectors.push_back(x.shape[0]);
  }
  TensorFile contents;
  contents.metadata = {{"format", "erngen-features"}};
  const std::vector<int> shape{static_cast<int>(values.size()) / width, width}, count{static_cast<int>(vectors.size())};
  contents.add("features", shape, std::move(values));
  contents.add("vectors", count, std::move(vectors));
  write_file_atomically(file, safetensors_bytes(contents), Sync::none);
}

std::vector<Array> read_kept(const fs::path& file, size_t count) {
  const TensorFile contents = read_safetensors(file);
  const Tensor *features = contents.find("features"), *vectors = contents.find("vectors");
  const auto damaged = [&] {
    return bad_input(fmt::format("{}: does not hold the features of {} recordings", file.string(), count),
                     "remove this file, it will be made again");
  };
  if (!features || !vectors || !features->is_float() || vectors->is_float() || vectors->size() != count ||
      features->shape.size() != 2)
    throw damaged();
  const int width = features->shape[1];
  const auto& values = std::get<std::vector<float>>(features->values);
  std::vector<Array> result;
  size_t first = 0;
  for (const std::int32_t n : std::get<std::vector<std::int32_t>>(vectors->values)) {
    const size_t size = n > 0 ? static_cast<size_t>(n) * static_cast<size_t>(width) : 0;
    if (size == 0 || first + size > values.size()) throw damaged();
    const auto from = values.begin() + static_cast<std::ptrdiff_t>(first);
    result.push_back({{n, width}, {from, from + static_cast<std::ptrdiff_t>(size)}});
    first += size;
  }
  return result;
}

}  // namespace

std::vector<Array> recording_features(const std::vector<fs::path>& recordings, const FrontendConfig& frontend,
                                      double speed, const fs::path& folder, int threads) {
  FrontendConfig plain = frontend;
  plain.mean.clear();
  plain.scale.clear();
  fs::path kept;
  if (!folder.empty()) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
      throw Error(ExitCode::output, fmt::format("{}: cannot make the directory: {}", folder.string(), error.message()));
    kept = folder / fmt::format("features-{}.safetensors", fingerprint(identity_of(recordings, plain, speed)));
    if (fs::exists(kept)) return read_kept(kept, recordings.size());
  }
  const Frontend extract(plain);
  std::vector<Array> features(recordings.size());
  parallel_for(recordings.size(), threads, [&](size_t n) {
    Audio audio = read_audio(recordings[n], plain.sample_rate);
    if (speed != 1.0) audio = change_speed(audio, speed);
    try {
      features[n] = extract.features(audio);
    } catch (const Error& e) {
      throw Error(e.kind(), fmt::format("{}: {}", recordings[n].string(), e.what()));
    }
  });
  if (!kept.empty()) keep(features, plain.features(), kept);
  return features;
}

}  // namespace erngen
