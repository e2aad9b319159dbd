#!/bin/sh
# Speaks the example recordings with a voice that make_voices.py does not use, espeak-ng's plain "en-us".
#   tools/make_examples.sh DIRECTORY        (needs espeak-ng and sox)
set -eu
directory=${1:?usage: make_examples.sh DIRECTORY}
raw=$(mktemp -d)
trap 'rm -rf "$raw"' EXIT
say() {  # digits words
  espeak-ng -v en-us -s 130 -g 8 -w "$raw/$1.wav" "$2"
  sox -R -D "$raw/$1.wav" -r 8000 -c 1 -b 16 "$directory/digits-$1.wav" gain -n -6
}
say 31415 "three one four one five"
say 271828 "two seven one eight two eight"
