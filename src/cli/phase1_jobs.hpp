// Where the trainings of Phase I run: here, side by side on this machine, or as jobs of Slurm.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace erngen::cli {

struct JobPlace {
  enum class Kind { here, local, slurm };
  Kind kind = Kind::here;
  int count = 1;  ///< most trainings at once
};

/// "local:N" or "slurm:N", N from 1 to 256; "slurm" is "slurm:4". Throws Error(usage).
JobPlace job_place(const std::string& text);

/// One command, with the file that its output is appended to.
struct Job {
  std::vector<std::string> command;
  std::filesystem::path log;
};

/// Runs commands of erngen at the same time and returns when all have ended, whatever killed them: as children, or as
/// an array of Slurm jobs with `threads` processors each, of which `directory` gets the script. Throws the error that a
/// child ended with by itself, Error(tool) if none can be started. What a job of Slurm ended with is in its log only.
void run_jobs(const JobPlace& place, const std::vector<Job>& jobs, int threads, const std::filesystem::path& directory);

/// The command line of this process, with the program's own path.
std::vector<std::string> own_command();

}  // namespace erngen::cli
