// Names of the templates' modules in a design.
#pragma once

#include <string>
#include <string_view>

namespace erngen {

/// What the templates' names begin with; a design has its own prefix instead, so that two designs, or two versions of
/// erngen, meet in one project without a module of one name and two contents.
inline constexpr std::string_view template_prefix = "ern_";

/// The prefix of a design's modules if none is asked for: that of its top module.
std::string default_prefix(std::string_view top);

/// Throws Error(usage) for a prefix that no module's name can begin with, or that makes `top` out of a template's name.
void require_prefix(std::string_view prefix, std::string_view top);

/// `text` with the names of all templates beginning with `prefix` instead: modules, and files that are named so.
std::string with_prefix(std::string_view text, std::string_view prefix);

}  // namespace erngen
