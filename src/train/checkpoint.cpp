#include "train/checkpoint.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"

namespace erngen {
namespace {

constexpr const char* format = "erngen-training";

Error refused(const std::string& file, const std::string& why) {
  return bad_input(fmt::format("{}: {}", file, why), checkpoint_way_out);
}

const std::string& need(const TensorFile& contents, const char* key, const std::string& file) {
  const std::string* value = contents.find_metadata(key);
  if (!value) throw refused(file, fmt::format("is not a checkpoint of erngen train: no {}", key));
  return *value;
}

/// Puts a member into `json`, under the name that a reader finds it by.
struct Writer {
  Json& json;

  template <class T>
  void operator()(const char* key, const T& value) {
    json[key] = value;
  }
};

/// Gets it from there, if it is one.
struct Reader {
  const Json& json;
  const std::string& file;

  const Json& at(const char* key, const char* what, bool (*fits)(const Json&)) {
    const auto found = json.is_object() ? json.find(key) : json.end();
    if (found == json.end() || !fits(*found))
      throw refused(file, fmt::format("\"{}\" of the checkpoint is {}, not {}", key,
                                      found == json.end() ? "missing" : json_text(*found), what));
    return *found;
  }

  template <class T>
  void operator()(const char* key, T& value) {
    if constexpr (std::is_same_v<T, bool>)
      value = at(key, "true or false", [](const Json& j) { return j.is_boolean(); }).template get<bool>();
    else if constexpr (std::is_floating_point_v<T>)
      value = at(key, "a number", [](const Json& j) { return j.is_number(); }).template get<T>();
    else
      value = at(key, "a count that the run can have", [](const Json& j) {
                return j.is_number_unsigned() &&
                       j.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<T>::max());
              }).template get<T>();
  }
};

template <class Visitor, class Progress>
void visit_admm(Visitor&& visit, Progress& p) {
  visit("updates", p.updates);
  visit("rho_next", p.rho_next);
  visit("pulled", p.pulled);
  visit("dense_loss", p.dense_loss);
  visit("smoothed_loss", p.smoothed_loss);
  visit("rho", p.rho);
  visit("primal", p.primal);
  visit("dual", p.dual);
}

template <class Visitor, class Progress>
void visit_run(Visitor&& visit, Progress& p) {
  visit("stage", p.stage);
  visit("step", p.step);
  visit("before", p.before);
  visit("adam_steps", p.adam_steps);
  visit("best_error", p.best_error);
  visit("stale", p.stale);
  visit("ended", p.ended);
  visit("log_bytes", p.log_bytes);
}

Json json_of(const RunProgress& progress) {
  Json json = Json::object();
  visit_run(Writer{json}, progress);
  if (progress.admm) visit_admm(Writer{json["admm"]}, *progress.admm);
  return json;
}

RunProgress progress_of(const Json& json, const std::string& file) {
  RunProgress progress;
  visit_run(Reader{json, file}, progress);
  if (json.contains("admm")) visit_admm(Reader{json["admm"], file}, progress.admm.emplace());
  return progress;
}

}  // namespace

const std::vector<Tensor>* Checkpoint::find(const std::string& name) const {
  const auto found = std::find_if(lists.begin(), lists.end(), [&](const auto& entry) { return entry.first == name; });
  return found == lists.end() ? nullptr : &found->second;
}

void write_checkpoint(const Checkpoint& checkpoint, const std::string& identity, const std::filesystem::path& file) {
  TensorFile contents;
  Json counts = Json::object();
  for (const auto& [name, list] : checkpoint.lists) {
    counts[name] = list.size();
    for (size_t n = 0; n < list.size(); ++n)
      contents.add(fmt::format("{}.{}", name, n), list[n].shape, std::get<std::vector<float>>(list[n].values));
  }
  contents.metadata = {{"format", format},
                       {"identity", identity},
                       {"lists", counts.dump()},
                       {"numbers", json_of(checkpoint.progress).dump()}};
  write_safetensors(contents, file);
}

Checkpoint read_checkpoint(const std::filesystem::path& file, const std::string& identity) {
  const std::string name = file.string();
  const TensorFile contents = read_safetensors(file);
  if (need(contents, "format", name) != format) throw refused(name, "is not a checkpoint of erngen train");
  if (need(contents, "identity", name) != identity)
    throw refused(name, "is the checkpoint of a run with other options, data or start");
  Checkpoint checkpoint;
  checkpoint.progress = progress_of(parse_json(need(contents, "numbers", name), name), name);
  const Json lists = parse_json(need(contents, "lists", name), name);
  if (!lists.is_object()) throw refused(name, "the lists of its tensors are no JSON object");
  for (const auto& [list, count] : lists.items()) {
    if (!count.is_number_unsigned())
      throw refused(name, fmt::format("the list {} has {} tensors", list, json_text(count)));
    std::vector<Tensor> tensors;
    for (std::uint64_t n = 0; n < count.get<std::uint64_t>(); ++n) {
      const Tensor* tensor = contents.find(fmt::format("{}.{}", list, n));
      if (!tensor || !tensor->is_float()) throw refused(name, fmt::format("the tensor {}.{} is missing", list, n));
      tensors.push_back(*tensor);
    }
    checkpoint.lists.emplace_back(list, std::move(tensors));
  }
  return checkpoint;
}

}  // namespace erngen
