#!/bin/sh
# Builds the documentation as a site in build/site, with MkDocs from PyPI in an environment of its own; any broken link is an error.
#   tools/site.sh
set -eu
cd "$(dirname "$0")/.."
sh tools/install.sh python3 python3-venv python3-pip
if ! build/mkdocs/bin/mkdocs --version >/dev/null 2>&1; then
  mkdir -p build
  python3 -m venv build/mkdocs
  build/mkdocs/bin/pip install -q mkdocs-material
fi
NO_MKDOCS_2_WARNING=1 build/mkdocs/bin/mkdocs build --quiet
echo "build/site/index.html"
