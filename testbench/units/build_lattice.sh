#!/bin/sh
# Builds one lattice bench: build_lattice.sh OUTPUT WORKDIR SOURCE_ROOT TOP.v LIBRARY...
# Verilator compiles the generated top with the templates, and links run_lattice.cpp with the cases' libraries.
set -eu
output=$1 work=$2 root=$3 top=$4
shift 4
exec verilator --cc --exe -DERN_SIMULATION --build -j 1 -O3 --x-assign fast --output-split 60000 --prefix Vlattice --top-module lattice \
  --Mdir "$work" -Wno-fatal -Wno-WIDTH -Wno-UNUSED -y "$root/templates" -y "$root/testbench/units" \
  -CFLAGS "-std=c++20 -O0 -I$root/src -I$root/testbench/units" -LDFLAGS "$* -lfmt -lzip" \
  -o "$output" "$top" "$root/testbench/units/run_lattice.cpp"
