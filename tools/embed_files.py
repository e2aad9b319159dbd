#!/usr/bin/env python3
"""Writes a C++ source that holds text files byte for byte: embed_files.py OUTPUT FUNCTION FILE..."""
import pathlib
import sys

output, function, *files = sys.argv[1:]
paths = sorted((pathlib.Path(f) for f in files), key=lambda p: p.name)
lines = ['#include "rtl/embedded.hpp"', "", "namespace erngen {", "", "namespace {", ""]
for n, path in enumerate(paths):
    data = path.read_bytes()
    lines.append(f"const char {function}_{n}[] = {{")
    for at in range(0, len(data), 32):
        lines.append("  " + ",".join(str(b if b < 128 else b - 256) for b in data[at:at + 32]) + ",")
    lines.append("};")
lines.append(f"const EmbeddedFile {function}_files[] = {{")
for n, path in enumerate(paths):
    lines.append(f'  {{"{path.name}", {{{function}_{n}, sizeof {function}_{n}}}}},')
lines += ["};", "", "}  // namespace", ""]
lines += [f"std::span<const EmbeddedFile> {function}() {{ return {function}_files; }}", "", "}  // namespace erngen", ""]
pathlib.Path(output).write_text("\n".join(lines))
