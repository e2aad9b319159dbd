#!/bin/sh
# Replays a short run of a lattice bench in Icarus Verilog, 4-state:
# run_icarus.sh WRITER TOP.v SOURCE_ROOT CYCLES [TEMPLATE SED]
# With TEMPLATE and SED that template is changed by the sed expression first, and the run must fail.
set -eu
writer=$(realpath "$1") top=$(realpath "$2") root=$3 cycles=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir templates
cp "$root"/templates/ern_*.v templates
if [ $# -gt 4 ]; then
  sed -i "$6" "templates/$5.v"
  if cmp -s "templates/$5.v" "$root/templates/$5.v"; then echo "the mutation changes nothing: $6"; exit 1; fi
fi
"$writer" --replay "$cycles" > run.hex
iverilog -g2005 -DERN_SIMULATION -y templates -y "$root/testbench/units" -Plattice_tb.CYCLES="$cycles" -s lattice_tb -o run.vvp \
  "$top" "$root/testbench/units/lattice_tb.v"
status=0
verdict=$(vvp -n run.vvp +dump=run.hex) || status=$?
echo "$verdict" | cut -c1-2000
case "$verdict" in
  *" 0 wrong"*) [ $# -eq 4 ] && [ $status -eq 0 ] ;;
  *" wrong"*) [ $# -gt 4 ] ;;
  *) echo "no verdict"; exit 1 ;;
esac
