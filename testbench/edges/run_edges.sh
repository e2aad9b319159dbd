#!/bin/sh
# One self-checking bench in Icarus Verilog: run_edges.sh SOURCE_ROOT BENCH [NAME=VALUE...] [--mutate TEMPLATE SED]
# With --mutate the template is changed by the sed expression first, and the bench must find it.
set -eu
root=$1 bench=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$root"/templates/ern_*.v "$work"
parameters= mutated=
while [ $# -gt 0 ]; do
  if [ "$1" = --mutate ]; then
    sed -i "$3" "$work/$2.v"
    cmp -s "$work/$2.v" "$root/templates/$2.v" && { echo "the mutation changes nothing: $3"; exit 1; }
    mutated=1
    shift 3
  else
    parameters="$parameters -P$bench.$1"
    shift
  fi
done
iverilog -g2005 -DERN_SIMULATION -Wno-timescale -y "$work" $parameters -s "$bench" -o "$work/run.vvp" "$root/testbench/edges/$bench.v"
verdict=$(vvp -n "$work/run.vvp")
echo "$verdict"
case "$verdict" in
  PASS*) [ -z "$mutated" ] ;;
  FAIL*) [ -n "$mutated" ] ;;
  *) echo "no verdict"; exit 1 ;;
esac
