#include "train/log.hpp"

#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

TrainLog::TrainLog(const std::filesystem::path& file, std::uint64_t kept) : file_(file) {
  if (file.empty()) return;
  alone_ = std::make_unique<WriterLock>(file);
  std::error_code error;
  if (kept > 0 && std::filesystem::file_size(file, error) >= kept && !error) {
    std::filesystem::resize_file(file, kept, error);
    if (!error) bytes_ = kept;
  }
  out_.open(file, bytes_ > 0 ? std::ios::app : std::ios::trunc);
  if (!out_) throw Error(ExitCode::output, fmt::format("{}: the training log cannot be written", file.string()));
}

void TrainLog::write(const TrainProgress& progress) {
  if (file_.empty()) return;
  const std::string line = to_json(progress).dump() + '\n';
  out_ << line << std::flush;
  if (!out_)
    throw Error(ExitCode::output, fmt::format("{}: the training log cannot be written", file_.string()),
                "is the disk full?");
  bytes_ += line.size();
}

Json to_json(const TrainProgress& p) {
  Json j = Json::object();
  j["stage"] = p.stage;
  j["step"] = p.step;
  j["loss"] = p.loss;
  j["rate"] = p.rate;
  j["gradient_norm"] = p.gradient_norm;
  j["frames_per_second"] = p.frames_per_second;
  if (p.admm) {
    j["rho"] = p.rho;
    j["primal_residual"] = p.primal;
    j["dual_residual"] = p.dual;
    j["distance"] = p.distance;
    j["loss_ratio"] = p.loss_ratio;
  }
  if (p.validated) j["error_rate"] = p.error_rate;
  return j;
}

}  // namespace erngen
