#!/bin/sh
# Installs what the command needs and builds it in build/: tools/build.sh [MESON OPTIONS]
set -eu
cd "$(dirname "$0")/.."
sh tools/install.sh g++ meson ninja-build pkg-config python3 libfmt-dev libcli11-dev doctest-dev nlohmann-json3-dev libeigen3-dev libfftw3-dev \
  libkissfft-dev libsndfile1-dev libzip-dev verilator make
[ -d build ] || meson setup build "$@" >/dev/null
ninja -C build --quiet src/cli/erngen
