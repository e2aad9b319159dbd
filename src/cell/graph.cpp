#include "cell/graph.hpp"

namespace erngen {

const char* op_name(Op op) {
  switch (op) {
    case Op::lstm: return "lstm";
    case Op::gru_before_gates: return "gru_before_gates";
    case Op::gru_before_output: return "gru_before_output";
    case Op::gru_after: return "gru_after";
    case Op::linear: return "linear";
    case Op::gru_after_input: return "gru_after_input";
    case Op::gru_after_state: return "gru_after_state";
    case Op::nonlinear: return "nonlinear";
  }
  return "";
}

int gate_count(Op op) {
  switch (op) {
    case Op::lstm: return 4;
    case Op::gru_before_gates:
    case Op::gru_after: return 2;
    case Op::gru_before_output:
    case Op::gru_after_input:
    case Op::gru_after_state:
    case Op::nonlinear:
    case Op::linear: return 1;
  }
  return 0;
}

const char* gate_name(Op op, int gate) {
  static constexpr const char* names[op_count][4] = {{"i", "f", "g", "o"}, {"r", "z", "", ""}, {"n", "", "", ""},
                                                     {"r", "z", "", ""},   {"y", "", "", ""},  {"nx", "", "", ""},
                                                     {"nh", "", "", ""},   {"y", "", "", ""}};
  return names[static_cast<int>(op)][gate];
}

}  // namespace erngen
