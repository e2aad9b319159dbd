// For Verilator: the number of the chosen mutant, from the environment (ERN_MUTANT); 0: none.
package ern_mutants;
  import "DPI-C" function int ern_mutant_number();
  int n = ern_mutant_number();
endpackage
