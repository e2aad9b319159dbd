#!/bin/sh
# A deep ern_ram is one block RAM with nothing beside it but registers, also for a tool that does not define SYNTHESIS (with -formal Yosys does
# not): check_block_ram.sh SOURCE_ROOT
set -eu
for mode in "" -formal; do
  report=$(yosys -q -p "read_verilog $mode $1/templates/ern_ram.v; chparam -set WIDTH 32 -set DEPTH 1024 ern_ram;
    synth_xilinx -family xc7 -top ern_ram -noiopad; tee -o /dev/stdout stat" | grep -E '^ +(RAM|LUT|FDRE)' | awk '{ print $1, $2 }')
  echo "$report"
  [ "$report" = "FDRE 32
RAMB36E1 1" ]
done
