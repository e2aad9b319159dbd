#!/bin/sh
# Builds the Python package, installs it into a virtual environment of its own in build/python-venv, and runs its tests there.
#   tools/python.sh [install|newest]
# The environment sees Debian's packages, python3-torch among them. `install` runs no tests. `newest` makes one of PyPI's newest PyTorch, Lightning,
# pytorch-forecasting, Keras and hls4ml instead (6 GB), in build/python-newest, and installs the wheel that `pip wheel .` makes.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
if [ "${1:-}" = newest ]; then
  venv=build/python-newest
  [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
  "$venv/bin/pip" install -q meson-python pybind11 ninja numpy torch lightning pytorch-forecasting keras jax scipy h5py onnx \
    onnxruntime matplotlib nbclient ipykernel hls4ml
  rm -rf "$venv/wheels"
  "$venv/bin/pip" wheel -q --no-deps -w "$venv/wheels" .
  "$venv/bin/pip" install -q --no-deps --force-reinstall "$venv"/wheels/erngen-*.whl
else
  sh tools/install.sh g++ meson ninja-build pkg-config python3 python3-dev python3-venv python3-pip python3-numpy python3-torch python3-mesonpy \
    python3-pybind11 pybind11-dev libfmt-dev nlohmann-json3-dev libzip-dev libhdf5-dev libonnx-dev libprotobuf-dev \
    verilator make
  venv=build/python-venv
  [ -x "$venv/bin/pip" ] || /usr/bin/python3 -m venv --system-site-packages "$venv"
  "$venv/bin/pip" install -q --no-build-isolation --no-deps .
fi
[ "${1:-}" != install ] || exit 0
ERNGEN=${ERNGEN:-}
[ -z "$ERNGEN" ] && [ -x build/src/cli/erngen ] && ERNGEN=$root/build/src/cli/erngen
export ERNGEN
# A thread each: BLAS and OpenMP otherwise wait for threads of theirs that other tests keep from running.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec "$venv/bin/python" -m unittest discover -s src/python/tests -t src/python/tests
