#include "base/undo.hpp"

#include <mutex>

namespace erngen {
namespace {

struct Registry {
  std::mutex mutex;
  std::list<std::function<void()>> actions;
};

/// Never destroyed: threads may still be at work when the process ends.
Registry& registry() {
  static auto* const instance = new Registry;
  return *instance;
}

}  // namespace

Undo::Undo(std::function<void()> action) {
  const std::lock_guard lock(registry().mutex);
  place_ = registry().actions.insert(registry().actions.begin(), std::move(action));
}

Undo::~Undo() {
  const std::lock_guard lock(registry().mutex);
  registry().actions.erase(place_);
}

void undo_all() {
  registry().mutex.lock();
  for (const auto& action : registry().actions) action();
}

}  // namespace erngen
