#include "import/module_order.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "import/operations.hpp"

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

std::string shown(const TorchModule& module) { return module.name.empty() ? "(no name)" : module.name; }

std::string list(const std::vector<TorchModule>& modules) {
  std::string text;
  for (const TorchModule& module : modules)
    text += fmt::format("{}{} ({} -> {})", text.empty() ? "" : ", ", shown(module), module.input(), module.output());
  return text;
}

/// Names for a suggested --layers: the one order in which sizes chain, or that of numbers in the names; else none.
std::vector<std::string> likely_order(std::vector<TorchModule> modules) {
  constexpr size_t search_limit = 10;
  std::vector<std::string> names;
  const bool unnamed = std::ranges::any_of(modules, [](const TorchModule& m) { return m.name.empty(); });
  if (unnamed) return names;
  if (!(sort_by_number(modules) && chains(modules))) {
    if (modules.size() > search_limit) return names;
    const ChainSearch chain(modules);
    if (chain.found() != 1) return names;
    for (const size_t n : chain.first()) names.push_back(modules[n].name);
    return names;
  }
  for (const TorchModule& module : modules) names.push_back(module.name);
  return names;
}

Error missing_operation(const std::string& name, const std::string& file, bool at_an_end) {
  return unsupported(
      fmt::format("{}: --layers names '{}', an operation that erngen does not have there", file, name),
      at_an_end ? "the host can compute what comes first or last: leave it out, and give --check the values between"
                : "train the model without it");
}

}  // namespace

std::vector<TorchModule> named_order(std::vector<TorchModule> modules, const std::vector<std::string>& names,
                                     const std::string& file) {
  std::vector<TorchModule> result;
  for (size_t n = 0; n < names.size(); ++n) {
    const std::string& name = names[n];
    const auto found = std::ranges::find(modules, name, &TorchModule::name);
    if (found != modules.end()) {
      result.push_back(std::move(*found));
      modules.erase(found);
      continue;
    }
    if (std::ranges::find(result, name, &TorchModule::name) != result.end())
      throw Error(ExitCode::usage, fmt::format("{}: --layers names module '{}' twice", file, name),
                  "a module that is applied at two places is not supported");
    const Operation between = operation(name);
    const bool last = n + 1 == names.size();
    if (between.kind == Operation::Kind::missing || (between.kind == Operation::Kind::activation && result.empty()) ||
        (between.kind == Operation::Kind::cut && (result.empty() || !last)))
      throw missing_operation(name, file, n == 0 || last);
    if (between.kind == Operation::Kind::activation) result.back().after.push_back(between.activation);
    if (between.kind == Operation::Kind::cut) result.back().cut = between.cut;
    if (between.kind == Operation::Kind::none)
      throw Error(ExitCode::usage, fmt::format("{}: --layers names '{}', which is neither a module of the file nor an "
                                               "operation; the file has {}",
                                               file, name, list(modules)));
  }
  if (!modules.empty())
    throw unsupported(fmt::format("{}: modules not named in --layers: {}", file, list(modules)),
                      "name every module that the model applies; what the host computes in the engine's place can be "
                      "left out with --ignore");
  return result;
}

std::vector<TorchModule> only_module(std::vector<TorchModule> modules, const std::string& file) {
  if (modules.size() == 1) {
    if (modules[0].is_linear())
      throw unsupported(fmt::format("{}: no nn.LSTM, nn.GRU or nn.RNN in it: {}", file, list(modules)));
    return modules;
  }
  const std::vector<std::string> likely = likely_order(modules);
  throw unsupported(fmt::format("{}: {} modules: {}. A state dict shows neither their order nor what lies between them",
                                file, modules.size(), list(modules)),
                    fmt::format("give the order of forward(), with everything that lies between (relu, residual, ...), "
                                "and compare with outputs "
                                "of your model: --layers {} --check X.npy Y.npy",
                                likely.empty() ? "NAME,NAME,.." : fmt::format("{}", fmt::join(likely, ","))));
}

}  // namespace erngen
