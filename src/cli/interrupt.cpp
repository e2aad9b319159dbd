#include "cli/interrupt.hpp"

#include <csignal>
#include <system_error>
#include <thread>

#include <unistd.h>

#include "base/undo.hpp"

namespace erngen::cli {
namespace {

/// Waits for one of the signals, in a thread of its own: undoing takes locks and memory, which a handler may not.
void wait_for(sigset_t signals) {
  int number = 0;
  while (sigwait(&signals, &number) != 0) {
  }
  undo_all();
  std::signal(number, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
  ::kill(::getpid(), number);
  ::_exit(128 + number);  // not reached: the signal ends the process
}

}  // namespace

void clean_up_on_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction present {};
    sigaction(number, nullptr, &present);
    if (present.sa_handler != SIG_IGN) sigaddset(&signals, number);
  }
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  try {
    std::thread(wait_for, signals).detach();
  } catch (const std::system_error&) {  // no thread: the signals end the process as ever
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  }
}

}  // namespace erngen::cli
