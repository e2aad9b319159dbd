// What the bench found, and its JSON form.
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ern {

struct Report {
  std::int64_t frames = 0;           ///< frames that came out whole
  std::int64_t outputs_checked = 0;  ///< output words compared
  std::int64_t mismatches =
      0;  ///< words that differ or are missing, wrong flags, protocol errors, wrong register values
  std::string first_mismatch;                                  ///< empty when there is none
  std::int64_t control_accesses = 0;                           ///< AXI4-Lite transactions answered
  std::vector<std::pair<std::uint32_t, std::uint32_t>> reads;  ///< (address, value) of the script's `read`s
  std::int64_t cycles = 0;                                     ///< clock cycles simulated
  std::int64_t latency = -1;                                   ///< -1 when not measured
  int latency_stream = 0;                                      ///< whose frame it is of
  std::int64_t distance_sum = 0;    ///< over the steady state: between output ends of one stream
  std::int64_t distance_count = 0;  ///< 0 when not measured
  std::int64_t distance_min = 0;
  std::int64_t distance_max = 0;
  int streams = 0;               ///< streams that sent frames
  std::string end = "complete";  ///< or why the run ended early

  void mismatch(const std::string& what, std::int64_t words = 1) {
    if (mismatches == 0) first_mismatch = what;
    mismatches += words;
  }
};

inline std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

inline void write_report(const std::string& file, const Report& r) {
  std::ofstream out(file);
  out << "{\n  \"frames\": " << r.frames << ",\n  \"outputs_checked\": " << r.outputs_checked
      << ",\n  \"mismatches\": " << r.mismatches << ",\n  \"first_mismatch\": " << quoted(r.first_mismatch)
      << ",\n  \"end\": " << quoted(r.end) << ",\n  \"cycles\": " << r.cycles << ",\n  \"streams\": " << r.streams
      << ",\n  \"latency_cycles\": " << r.latency << ",\n  \"latency_stream\": " << r.latency_stream
      << ",\n  \"distance_sum\": " << r.distance_sum << ",\n  \"distance_count\": " << r.distance_count
      << ",\n  \"distance_min\": " << r.distance_min << ",\n  \"distance_max\": " << r.distance_max
      << ",\n  \"control_accesses\": " << r.control_accesses << ",\n  \"reads\": [";
  for (size_t n = 0; n < r.reads.size(); ++n)
    out << (n != 0 ? ", " : "") << "[" << r.reads[n].first << ", " << r.reads[n].second << "]";
  out << "]\n}\n";
  if (!out.flush()) throw std::runtime_error(file + ": cannot be written");
}

}  // namespace ern
