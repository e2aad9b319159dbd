#!/bin/sh
# Builds one lattice bench: build_lattice.sh OUTPUT WORKDIR SOURCE_ROOT TOP.v LIBRARY...
# Verilator compiles the generated top with the templates, and links run_lattice.cpp with the cases' libraries. The campaign of mutants gives
# other templates (ERN_TEMPLATES), sources that come first, and definitions. Compiled without optimisation: g++ takes minutes for functions of
# megabytes, and the runs are seconds. Verilator's makefile would add -Os, and read its headers once for each file.
set -eu
output=$1 work=$2 root=$3 top=$4
shift 4
# shellcheck disable=SC2086
exec verilator --cc --exe -DERN_SIMULATION ${ERN_DEFINES:-} --build -j 2 -MAKEFLAGS "OPT_FAST=-O0 VM_PARALLEL_BUILDS=0" \
  -O3 --x-assign fast --output-split 60000 --prefix Vlattice --top-module lattice --Mdir "$work" -Wno-fatal -Wno-WIDTH -Wno-UNUSED \
  -y "${ERN_TEMPLATES:-$root/templates}" -y "$root/testbench/units" \
  -CFLAGS "-std=c++20 -I$root/src -I$root/testbench/units" -LDFLAGS "$* -lfmt -lzip" \
  -o "$output" ${ERN_SOURCES:-} "$top" "$root/testbench/units/run_lattice.cpp"
