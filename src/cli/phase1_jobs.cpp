#include "cli/phase1_jobs.hpp"

#include <charconv>
#include <exception>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/printable.hpp"
#include "simulate/process.hpp"

namespace erngen::cli {
namespace {

constexpr int most_jobs = 256, usual_slurm_jobs = 4;
constexpr std::chrono::hours longest_training{24 * 365};

ProcessRequest request(std::vector<std::string> command, std::filesystem::path log) {
  ProcessRequest result;
  result.arguments = std::move(command);
  result.log = std::move(log);
  result.limit = longest_training;
  return result;
}

std::string shell_line(const std::vector<std::string>& command) {
  std::vector<std::string> words;
  for (const std::string& word : command) words.push_back(shell_word(word));
  return fmt::format("{}", fmt::join(words, " "));
}

/// The error that a command of erngen ended with by itself, as its own.
Error error_of(const ProcessResult& result, const std::filesystem::path& log) {
  constexpr std::string_view prefix = "erngen: error: ";
  std::string text = result.last_lines;
  if (const size_t at = text.rfind(prefix); at != std::string::npos) text = text.substr(at + prefix.size());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return {static_cast<ExitCode>(result.status), text, fmt::format("{} has the whole of what it said", log.string())};
}

void run_here(const std::vector<Job>& jobs) {
  std::mutex guard;
  std::exception_ptr error;
  std::vector<std::thread> threads;
  for (const Job& job : jobs)
    threads.emplace_back([&] {
      try {
        const ProcessResult result = run_process(request(job.command, job.log));
        if (result.status != 0 && result.signal == 0) throw error_of(result, job.log);
      } catch (...) {
        const std::lock_guard lock(guard);
        error = std::current_exception();
      }
    });
  for (std::thread& thread : threads) thread.join();
  if (error) std::rethrow_exception(error);
}

/// One array, so that the scheduler sees what belongs together. Partition, account and time limit come from the
/// environment, as sbatch reads it (SBATCH_PARTITION, ...).
void run_in_slurm(const std::vector<Job>& jobs, int threads, const std::filesystem::path& directory) {
  std::string script = "#!/bin/bash\ncase $SLURM_ARRAY_TASK_ID in\n";
  for (size_t n = 0; n < jobs.size(); ++n)
    script += fmt::format("{}) exec {} >>{} 2>&1 ;;\n", n + 1, shell_line(jobs[n].command),
                          shell_word(std::filesystem::absolute(jobs[n].log).string()));
  script += "esac\n";
  const std::filesystem::path file = std::filesystem::absolute(directory) / "slurm.sh";
  write_file_atomically(file, script);
  const ProcessResult result = run_process(
      request({"sbatch", "--wait", "--requeue", "--job-name=erngen-explore", fmt::format("--array=1-{}", jobs.size()),
               fmt::format("--cpus-per-task={}", threads), "--output=/dev/null", file.string()},
              std::filesystem::path(file).replace_extension(".log")));
  if (result.last_lines.find("Submitted batch job") == std::string::npos)
    throw Error(ExitCode::tool, fmt::format("sbatch takes no jobs; its last lines:\n{}", result.last_lines),
                "ask Slurm with sinfo; SBATCH_PARTITION, SBATCH_ACCOUNT and others choose where the jobs go");
}

}  // namespace

JobPlace job_place(const std::string& text) {
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  JobPlace place;
  if (kind == "slurm") place = {JobPlace::Kind::slurm, usual_slurm_jobs};
  if (kind == "local") place.kind = JobPlace::Kind::local;
  bool good = place.kind != JobPlace::Kind::here && (kind == "slurm" || colon != std::string::npos);
  if (colon != std::string::npos) {
    const char *begin = text.data() + colon + 1, *end = text.data() + text.size();
    const auto [stop, fault] = std::from_chars(begin, end, place.count);
    good = good && fault == std::errc() && stop == end && place.count >= 1 && place.count <= most_jobs;
  }
  if (!good)
    throw Error(ExitCode::usage, fmt::format("--jobs is '{}'", printable(text)),
                fmt::format("give local:N or slurm:N, N from 1 to {}", most_jobs));
  return place;
}

void run_jobs(const JobPlace& place, const std::vector<Job>& jobs, int threads,
              const std::filesystem::path& directory) {
  if (place.kind == JobPlace::Kind::slurm)
    run_in_slurm(jobs, threads, directory);
  else
    run_here(jobs);
}

std::vector<std::string> own_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  std::vector<std::string> words;
  std::string word;
  for (const char c : text.str()) {
    if (c == '\0')
      words.push_back(std::move(word)), word.clear();
    else
      word += c;
  }
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error || words.empty())
    throw Error(ExitCode::environment, "/proc/self cannot be read: the program does not find itself",
                "mount /proc, or leave --jobs out");
  words.front() = program.string();
  return words;
}

}  // namespace erngen::cli
