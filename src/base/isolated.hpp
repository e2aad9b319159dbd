// Work in a process of its own: for libraries that crash or never end on damaged data.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace erngen {

/// What `compute` returns, computed in a child process whose standard error is closed; nothing if the child crashed,
/// threw, or took more than `seconds` of processor time. Throws Error(environment) if no process can be started.
/// required: the caller needs nothing of what `compute` changes.
std::optional<std::string> isolated(const std::function<std::string()>& compute, unsigned seconds);

}  // namespace erngen
