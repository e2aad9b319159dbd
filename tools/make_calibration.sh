#!/bin/sh
# Makes calibration features for erngen quantise from voices of make_voices.py, at levels from 0 to -27 dB with a little noise.
#   tools/make_calibration.sh ERNGEN NETWORK VOICES X.npy        (needs sox)
set -eu
erngen=${1:?usage: make_calibration.sh ERNGEN NETWORK VOICES X.npy}
network=$2 voices=$3 output=$4
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
level=0
# The first connected utterance (index 10) of ten voices, alphabetically every sixth.
for file in $(ls "$voices"/*_10.wav | LC_ALL=C sort -t_ -k2 | awk 'NR % 6 == 1'); do
  noise=$raw/noise.wav name=$(printf '%02d' $level)
  sox -R "$file" "$noise" synth whitenoise vol 0.002
  sox -R -D -m -v 1 "$file" -v 1 "$noise" "$raw/$name.wav" gain -$level
  rm "$noise"
  level=$((level + 3))
done
"$erngen" features "$raw"/*.wav --network "$network" -o "$output"
