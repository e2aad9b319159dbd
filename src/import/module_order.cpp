#include "import/module_order.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

/// A name cut into its text with '#' for each run of digits, and these numbers.
struct NumberedName {
  std::string stem;
  std::vector<long> numbers;
};

NumberedName numbered(const std::string& name) {
  NumberedName result;
  for (size_t n = 0; n < name.size();) {
    if (!std::isdigit(static_cast<unsigned char>(name[n]))) {
      result.stem += name[n++];
      continue;
    }
    long number = 0;
    for (; n < name.size() && std::isdigit(static_cast<unsigned char>(name[n])); ++n)
      number = std::min(10 * number + (name[n] - '0'), 1000000L);
    result.stem += '#';
    result.numbers.push_back(number);
  }
  return result;
}

bool chains(const std::vector<TorchModule>& modules) {
  for (size_t n = 1; n < modules.size(); ++n)
    if (modules[n].input() != modules[n - 1].output()) return false;
  return true;
}

/// Sorts by number if the names differ in nothing else.
bool sort_by_number(std::vector<TorchModule>& modules) {
  for (const TorchModule& module : modules)
    if (numbered(module.name).stem != numbered(modules[0].name).stem) return false;
  std::stable_sort(modules.begin(), modules.end(), [](const TorchModule& a, const TorchModule& b) {
    return numbered(a.name).numbers < numbered(b.name).numbers;
  });
  return true;
}

/// Depth-first search for orders in which sizes chain; stops at the second.
class ChainSearch {
 public:
  explicit ChainSearch(const std::vector<TorchModule>& modules) : modules_(modules), used_(modules.size()) { extend(); }
  int found() const { return found_; }
  const std::vector<size_t>& first() const { return first_; }

 private:
  void extend() {
    if (chain_.size() == modules_.size()) {
      if (found_++ == 0) first_ = chain_;
      return;
    }
    for (size_t n = 0; n < modules_.size() && found_ < 2; ++n) {
      if (used_[n] || (!chain_.empty() && modules_[chain_.back()].output() != modules_[n].input())) continue;
      used_[n] = true;
      chain_.push_back(n);
      extend();
      chain_.pop_back();
      used_[n] = false;
    }
  }

  const std::vector<TorchModule>& modules_;
  std::vector<bool> used_;
  std::vector<size_t> chain_, first_;
  int found_ = 0;
};

std::string list(const std::vector<TorchModule>& modules) {
  std::string text;
  for (const TorchModule& module : modules)
    text += fmt::format("{}{} ({} -> {})", text.empty() ? "" : ", ", module.name.empty() ? "(no name)" : module.name,
                        module.input(), module.output());
  return text;
}

constexpr const char* say_order = "give the order with --layers, e.g. --layers lstm,fc";

}  // namespace

std::vector<TorchModule> named_order(std::vector<TorchModule> modules, const std::vector<std::string>& names,
                                     const std::string& file) {
  std::vector<TorchModule> result;
  for (const std::string& name : names) {
    const auto found =
        std::find_if(modules.begin(), modules.end(), [&](const TorchModule& m) { return m.name == name; });
    if (found == modules.end())
      throw Error(ExitCode::usage,
                  fmt::format("{}: no module '{}' (or it is named twice); the file has {}", file, name, list(modules)));
    result.push_back(std::move(*found));
    modules.erase(found);
  }
  if (!modules.empty())
    throw unsupported(fmt::format("{}: modules not named in --layers: {}", file, list(modules)),
                      fmt::format("add them, or leave them out with --ignore {}", modules[0].name));
  return result;
}

std::vector<TorchModule> deduced_order(std::vector<TorchModule> modules, const std::string& file) {
  std::vector<TorchModule> recurrent, linear;
  for (TorchModule& module : modules) (module.is_linear() ? linear : recurrent).push_back(std::move(module));
  if (recurrent.empty()) throw unsupported(fmt::format("{}: no nn.LSTM or nn.GRU in it: {}", file, list(linear)));
  if (linear.size() > 1)
    throw unsupported(
        fmt::format("{}: more than one linear layer: {}. A state dict does not say what lies between them; "
                    "erngen applies no activation there",
                    file, list(linear)),
        say_order);
  constexpr size_t search_limit = 10;
  if (!(sort_by_number(recurrent) && chains(recurrent))) {
    const bool search = recurrent.size() <= search_limit;
    const ChainSearch chain(search ? recurrent : std::vector<TorchModule>());
    if (!search || chain.found() > 1)
      throw unsupported(fmt::format("{}: more than one order fits: {}", file, list(recurrent)), say_order);
    if (chain.found() == 0)
      throw unsupported(fmt::format("{}: the sizes of these modules do not chain: {}", file, list(recurrent)),
                        "leave out what does not belong to the network with --ignore");
    std::vector<TorchModule> ordered;
    for (const size_t n : chain.first()) ordered.push_back(std::move(recurrent[n]));
    recurrent = std::move(ordered);
  }
  for (TorchModule& module : linear) recurrent.push_back(std::move(module));
  if (!chains(recurrent))
    throw unsupported(fmt::format("{}: the sizes of these modules do not chain: {}", file, list(recurrent)), say_order);
  return recurrent;
}

}  // namespace erngen
