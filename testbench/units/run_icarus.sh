#!/bin/sh
# Replays a short run of a lattice bench in Icarus Verilog, 4-state: run_icarus.sh WRITER TOP.v SOURCE_ROOT CYCLES
set -eu
writer=$(realpath "$1") top=$(realpath "$2") root=$3 cycles=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$writer" --replay "$cycles" > run.hex
iverilog -g2005 -y "$root/templates" -y "$root/testbench/units" -Plattice_tb.CYCLES="$cycles" -s lattice_tb -o run.vvp \
  "$top" "$root/testbench/units/lattice_tb.v"
vvp -n run.vvp +dump=run.hex
