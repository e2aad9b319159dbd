// Precompiled for the command's sources: the headers that take most of their compile time. Compiled by itself, where a guard would be
// warned of.

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
