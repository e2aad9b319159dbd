#include "train/log.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

TrainLog::TrainLog(const std::filesystem::path& file) : file_(file) {
  if (file.empty()) return;
  out_.open(file, std::ios::trunc);
  if (!out_) throw Error(ExitCode::output, fmt::format("{}: the training log cannot be written", file.string()));
}

void TrainLog::write(const TrainProgress& progress) {
  if (file_.empty()) return;
  out_ << to_json(progress).dump() << '\n' << std::flush;
  if (!out_) throw Error(ExitCode::output, fmt::format("{}: the training log cannot be written", file_.string()), "is the disk full?");
}

Json to_json(const TrainProgress& p) {
  Json j = Json::object();
  j["step"] = p.step;
  j["loss"] = p.loss;
  j["rate"] = p.rate;
  j["gradient_norm"] = p.gradient_norm;
  j["frames_per_second"] = p.frames_per_second;
  if (p.validated) j["digit_error_rate"] = p.digit_error_rate;
  return j;
}

}  // namespace erngen
