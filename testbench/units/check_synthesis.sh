#!/bin/sh
# Synthesises one unit with Yosys for 7-series DSP blocks and checks counts:
# check_synthesis.sh SOURCE_ROOT TOP DSP CARRY_MAX [NAME VALUE...]
# DSP is the descriptor's number of DSP48E1, CARRY_MAX the most CARRY4 (0: no adder outside the DSP blocks).
set -eu
root=$1 top=$2 dsp=$3 carry_max=$4
shift 4
settings=
while [ $# -gt 0 ]; do settings="$settings -set $1 $2"; shift 2; done
report=$(cd "$root/templates" && yosys -q -p "read_verilog ern_*.v; chparam $settings $top;
  synth_xilinx -family xc7 -top $top -flatten -noiopad; tee -o /dev/stdout stat" | grep -E '^ +[A-Z]' || true)
count() { echo "$report" | awk -v cell="$1" '$1 == cell { n = $2 } END { print n + 0 }'; }
echo "$top: $(count DSP48E1) DSP48E1, $(count CARRY4) CARRY4, $(count FDRE) FDRE"
[ "$(count DSP48E1)" -eq "$dsp" ] && [ "$(count CARRY4)" -le "$carry_max" ]
