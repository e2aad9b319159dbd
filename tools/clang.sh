#!/bin/sh
# Compiles everything with clang, in build/clang, and runs nothing: tools/clang.sh [CLANG++]      default: clang++-14
set -eu
cd "$(dirname "$0")/.."
compiler=${1:-clang++-14}
sh tools/install.sh clang-14 meson ninja-build pkg-config python3 libfmt-dev libcli11-dev doctest-dev nlohmann-json3-dev libeigen3-dev libfftw3-dev \
  libkissfft-dev libsndfile1-dev libzip-dev libhdf5-dev libonnx-dev libprotobuf-dev
[ -f build/clang/build.ninja ] || CXX=$compiler meson setup build/clang -Dtrain=disabled -Doptimization=0 >/dev/null
ninja -C build/clang --quiet
echo "everything compiles with $compiler"
