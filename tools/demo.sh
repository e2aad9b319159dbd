#!/bin/sh
# The main job: a trained network becomes a Verilog accelerator, and the simulated accelerator recognises a recording.
#   tools/demo.sh [lstm|gru] [RECORDING.wav]
set -eu
cd "$(dirname "$0")/.."
network=examples/digits-${1:-lstm}.safetensors
recording=${2:-examples/digits-31415.wav}
sh tools/build.sh
erngen=build/src/cli/erngen
design=rtl_out/digits
mkdir -p build/demo rtl_out

echo "== quantise: 12-bit weights and activations"
$erngen quantise "$network" --calibration examples/calibration.npy -o build/demo/digits.q.safetensors >build/demo/quantise.txt
grep 'calibration frames' build/demo/quantise.txt
echo "== generate"
$erngen generate build/demo/digits.q.safetensors --device xc7a100t --clock 100 --goal rate -o "$design"
echo "== simulate the Verilog on $recording"
$erngen features "$recording" --network "$network" -o build/demo/features.npy
$erngen simulate "$design" --input build/demo/features.npy --output build/demo/outputs.npy
echo "== what the hardware heard"
$erngen recognise "$network" --outputs build/demo/outputs.npy
echo "Verilog: $design/rtl"
