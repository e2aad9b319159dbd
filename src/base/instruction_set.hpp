// The vector instructions that the reference models' inner loops are written for.
//
// All of them give the same words; the fastest that the processor has is chosen when the program runs.
#pragma once

#include <vector>

namespace erngen {

enum class InstructionSet { portable, sse2, avx2 };

constexpr const char* instruction_set_name(InstructionSet set) {
  return set == InstructionSet::avx2 ? "avx2" : set == InstructionSet::sse2 ? "sse2" : "portable";
}

/// Those of this processor, the fastest last.
inline std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets{InstructionSet::portable};
#if defined(__x86_64__)
  sets.push_back(InstructionSet::sse2);  // every x86-64 processor has it
  if (__builtin_cpu_supports("avx2")) sets.push_back(InstructionSet::avx2);
#endif
  return sets;
}

inline InstructionSet best_instruction_set() {
  static const InstructionSet best = instruction_sets().back();
  return best;
}

}  // namespace erngen
