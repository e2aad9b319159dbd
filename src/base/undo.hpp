// What must not outlive the process, even if it is interrupted: files under hidden names, tools at work.
#pragma once

#include <functional>
#include <list>

namespace erngen {

/// Registers an action for undo_all(), as long as it lives. The owner undoes on every ordinary way out by itself. The
/// action is called by another thread and must not throw.
class Undo {
 public:
  explicit Undo(std::function<void()> action);
  ~Undo();
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;

 private:
  std::list<std::function<void()>>::iterator place_;
};

/// Calls the registered actions, the newest first. From then on the constructor and the destructor of Undo wait for
/// ever, so that nothing is made that nobody would remove: the caller ends the process.
void undo_all();

}  // namespace erngen
