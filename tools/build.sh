#!/bin/sh
# Installs what the command needs and builds it in build/: tools/build.sh [MESON OPTIONS]
# Options hold for a build/ that exists, too. -Dtrain=enabled installs libtorch and builds the trainer as well.
set -eu
cd "$(dirname "$0")/.."
torch="" targets="src/cli/erngen"
for option in "$@"; do
  if [ "$option" = -Dtrain=enabled ]; then
    torch="libtorch-dev libopenblas0-pthread"
    targets="src/cli/erngen src/train/liberngen-train.so"
  fi
done
# shellcheck disable=SC2086
sh tools/install.sh g++ dpkg-dev meson ninja-build pkg-config python3 libfmt-dev libcli11-dev doctest-dev nlohmann-json3-dev libeigen3-dev \
  libfftw3-dev libkissfft-dev libsndfile1-dev libzip-dev libhdf5-dev libonnx-dev libprotobuf-dev verilator make $torch
if [ ! -f build/build.ninja ]; then
  meson setup build "$@" >/dev/null
elif [ $# -gt 0 ]; then
  meson setup --reconfigure build "$@" >/dev/null
fi
# shellcheck disable=SC2086
ninja -C build --quiet $targets
