// Ctrl-C, kill and a closed terminal.
#pragma once

namespace erngen::cli {

/// From now on SIGINT, SIGTERM and SIGHUP - those that are not ignored, as SIGHUP is below nohup - first undo what must
/// not outlive the process (base/undo.hpp) and then end it as they would have. To be called before any other thread is
/// started.
void clean_up_on_signals();

}  // namespace erngen::cli
