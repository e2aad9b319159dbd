#!/bin/sh
# Runs the targets lint, sim and synth of a FuseSoC core, and sets up default: fusesoc_check.sh CORES_ROOT CORE [WORK]
# Exits 77 (skipped) where fusesoc (PyPI: fusesoc) is missing.
set -eu
command -v fusesoc >/dev/null || { echo "fusesoc is missing"; exit 77; }
root=$(cd "$1" && pwd) core=$2
work=${3:-$(mktemp -d)}
mkdir -p "$work"
cd "$work"
fusesoc --cores-root "$root" run --setup --target=default --tool=icarus "$core" >default.txt 2>&1 || { tail -n 20 default.txt; exit 1; }
for target in lint sim synth; do
  fusesoc --cores-root "$root" run --target=$target "$core" >$target.txt 2>&1 || { echo "$target failed:"; tail -n 20 $target.txt; exit 1; }
  echo "$target: passed"
done
