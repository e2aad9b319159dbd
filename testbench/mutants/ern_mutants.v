// For Icarus: the number of the chosen mutant, +mutant=N; 0: none.
module ern_mutants;
  integer n;
  initial if (!$value$plusargs("mutant=%d", n)) n = 0;
endmodule
