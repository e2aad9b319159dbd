#!/bin/sh
# Speaks the example recordings with voices that make_voices.py does not use: flite's "slt" and espeak-ng's plain "en-us".
#   tools/make_examples.sh DIRECTORY        (needs flite, espeak-ng and sox)
set -eu
directory=${1:?usage: make_examples.sh DIRECTORY}
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
to_8k="-R -D"
flite -voice slt -t "three one four one five" -o "$raw/a.wav"
espeak-ng -v en-us -s 140 -w "$raw/b.wav" "two seven one eight two eight"
sox $to_8k "$raw/a.wav" -r 8000 -c 1 -b 16 "$directory/digits-31415.wav" gain -n -6
sox $to_8k "$raw/b.wav" -r 8000 -c 1 -b 16 "$directory/digits-271828.wav" gain -n -6
