#include "import/checkpoint.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "import/torch_storage.hpp"

namespace erngen {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view usual_keys[] = {"state_dict", "model_state_dict", "model",  "model_state", "net",
                                           "network",    "weights",          "params", "module"};

bool is_state_dict(const PickleValue& value) {
  if (!value.is(Kind::dict) || value.items.empty()) return false;
  for (size_t n = 0; n < value.items.size(); n += 2)
    if (!value.items[n]->is(Kind::text) || !is_torch_tensor(*value.items[n + 1])) return false;
  return true;
}

/// "epoch (a whole number), model (a dict)", the first of them.
std::string entries_text(const PickleValue& dict) {
  constexpr size_t shown = 8;
  std::string text;
  for (size_t n = 0; n < dict.items.size() && n < 2 * shown; n += 2)
    text += fmt::format("{}{} ({})", n ? ", " : "",
                        dict.items[n]->is(Kind::text) ? dict.items[n]->text : kind_text(*dict.items[n]),
                        kind_text(*dict.items[n + 1]));
  if (dict.items.size() > 2 * shown) text += ", ...";
  return text;
}

constexpr const char* save_again = "save the weights alone in Python: torch.save(model.state_dict(), FILE)";

}  // namespace

StateDict find_state_dict(const PickleValue& root, const std::string& key) {
  if (is_state_dict(root)) {
    if (!key.empty())
      throw Error(ExitCode::usage, fmt::format("--state-dict {}: the file is one state dict, without such parts", key));
    return {&root, "", {}};
  }
  if (!root.is(Kind::dict) || root.items.empty())
    throw unsupported(fmt::format("holds {}, not a state dict", root.is(Kind::dict) ? "nothing" : kind_text(root)),
                      save_again);
  std::vector<std::string> found;
  for (size_t n = 0; n < root.items.size(); n += 2)
    if (root.items[n]->is(Kind::text) && is_state_dict(*root.items[n + 1])) found.push_back(root.items[n]->text);
  if (found.empty())
    throw unsupported(
        fmt::format("holds no state dict, a dict of nothing but tensors; its entries are {}", entries_text(root)),
        save_again);
  std::string chosen = key;
  if (chosen.empty() && found.size() == 1) chosen = found.front();
  for (const std::string_view usual : usual_keys)
    if (chosen.empty() && std::ranges::find(found, usual) != found.end()) chosen = usual;
  if (chosen.empty())
    throw unsupported(fmt::format("holds several state dicts: {}", fmt::join(found, ", ")),
                      fmt::format("say which one: --state-dict {}", found.front()));
  if (std::erase(found, chosen) == 0)
    throw Error(ExitCode::usage, fmt::format("--state-dict {}: no state dict of the file has that name; it has {}",
                                             chosen, fmt::join(found, ", ")));
  return {root.find(chosen), chosen, found};
}

}  // namespace erngen
