#!/bin/sh
# Fuzzes every reader of files with libFuzzer, under the address and the undefined behaviour sanitizer; the last line is the count.
#   tools/fuzz.sh INPUTS|SECONDSs [READER...]     1000000 inputs or 60s for each reader; default: all of testbench/fuzz/readers.cpp
# Corpora grow in build/fuzz/corpus, beginning with the fixtures of the tests; an input that a reader does not survive is left in
# build/fuzz/found and named. SANITIZE=undefined builds without the address sanitizer, beside which a fork takes 60 ms: for keras.
set -eu
cd "$(dirname "$0")/.."
sanitize=${SANITIZE:-address,undefined}
[ "$sanitize" = address,undefined ] && build=build/fuzz || build=build/fuzz-$sanitize
case $1 in
  *s) limit="-max_total_time=${1%s}" ;;
  *) limit="-runs=$1" ;;
esac
shift
sh tools/install.sh clang-14 libclang-rt-14-dev meson ninja-build pkg-config python3 libfmt-dev libcli11-dev nlohmann-json3-dev libeigen3-dev \
  libkissfft-dev libsndfile1-dev libzip-dev libhdf5-dev libonnx-dev libprotobuf-dev
if [ ! -f "$build/build.ninja" ]; then
  CXX=clang++-14 meson setup "$build" -Dfuzz=true -Dtests=false -Dtrain=disabled -Dlibrary=false -Doptimization=1 -Db_sanitize="$sanitize" \
    -Db_lundef=false -Dcpp_args=-fsanitize=fuzzer-no-link >/dev/null
fi
ninja -C "$build" --quiet testbench/fuzz/fuzz
seeds() {  # of a reader
  case $1 in
    safetensors) mkdir -p build/fuzz/seeds && cp src/import/fixtures/*.safetensors build/fuzz/seeds && echo build/fuzz/seeds ;;
    onnx | keras) echo "src/import/fixtures/$1" ;;
    pickle) echo src/import/fixtures/torch ;;
    audio-model) echo src/import/fixtures/audio ;;
    network) echo src/circulant/fixtures ;;
    quantised) echo src/cell/fixtures ;;
    npy | sequences) echo src/import/fixtures testbench/fuzz/seeds/npz ;;
    manifest) echo rtl_out/golden ;;
    vivado-*) echo src/synth/stub ;;
    *) echo "testbench/fuzz/seeds/$1" ;;
  esac
}
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $("$build/testbench/fuzz/fuzz" --reader= 2>&1 | sed -n 's/^--reader=NAME is one of//p')
failed=0 passed=0
mkdir -p build/fuzz/found
for reader in "$@"; do
  mkdir -p "build/fuzz/corpus/$reader"
  # shellcheck disable=SC2046
  if ASAN_OPTIONS=detect_leaks=0 "$build/testbench/fuzz/fuzz" "--reader=$reader" "$limit" -timeout=20 -rss_limit_mb=2048 \
      -max_len=65536 -print_final_stats=1 -artifact_prefix="build/fuzz/found/$reader-" "build/fuzz/corpus/$reader" $(seeds "$reader") \
      >"build/fuzz/$reader.txt" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    grep -E "ERROR|SUMMARY|Test unit written|what\(\)" "build/fuzz/$reader.txt" || tail -n 5 "build/fuzz/$reader.txt"
  fi
  echo "$reader: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$reader.txt") inputs"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
