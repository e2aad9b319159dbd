#include "base/system_error.hpp"

#include <cerrno>
#include <new>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace fs = std::filesystem;

namespace erngen {
namespace {

bool is_shortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN || error == ENOBUFS;
}

const char* way_out(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return "free some space or choose another output";
    case EFBIG: return "raise the limit of a file's size (ulimit -f)";
    case ENOENT: return "create the directory first";
    case EACCES:
    case EPERM:
    case EROFS: return "choose a directory that you may write to";
    case ENXIO: return "nothing reads the pipe: start its reader first, or write to a file";
    case EMFILE:
    case ENFILE: return "raise the limit of open files (ulimit -n)";
    case ENOMEM: return "free some memory or raise its limit (ulimit -v)";
    case EAGAIN: return "raise the limit of processes (ulimit -u)";
    default: return "";
  }
}

}  // namespace

std::string system_reason(int error) { return std::generic_category().message(error); }

Error system_error(ExitCode code, const std::string& what, int error) {
  const bool shortage = is_shortage(error);
  const bool written = code == ExitCode::output;
  return {shortage ? ExitCode::environment : code, fmt::format("{}: {}", what, system_reason(error)),
          shortage || written ? way_out(error) : ""};
}

Error cannot_write(const fs::path& file, int error) {
  return system_error(ExitCode::output, file.string() + ": cannot write", error);
}

Error cannot_read(const fs::path& file, int error) {
  return system_error(ExitCode::bad_input, file.string() + ": cannot read", error);
}

Error as_error(const std::exception& exception) {
  if (const auto* file = dynamic_cast<const fs::filesystem_error*>(&exception))
    return system_error(ExitCode::output, file->path1().empty() ? "a file" : file->path1().string(),
                        file->code().value());
  if (const auto* system = dynamic_cast<const std::system_error*>(&exception))
    return system_error(ExitCode::environment, "the system refuses", system->code().value());
  if (dynamic_cast<const std::bad_alloc*>(&exception) || dynamic_cast<const std::length_error*>(&exception))
    return {ExitCode::environment, "not enough memory", way_out(ENOMEM)};
  return {ExitCode::internal, fmt::format("internal error: {}", exception.what()),
          "please report it with the command line"};
}

}  // namespace erngen
