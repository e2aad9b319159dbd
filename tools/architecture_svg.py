#!/usr/bin/env python3
"""Draws docs/architecture.svg from the sources: the libraries of src/ by layer, and who includes whom.

architecture_svg.py SOURCE_ROOT [--check]: writes the picture, or with --check compares it and exits 1 if it is stale.
"""
import functools
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(root / "tools/style"))
from check_style import BESIDE, LAYERS, SHARED  # noqa: E402  the layers stand in one place

INCLUDE = re.compile(r'^\s*#include "([a-z_]+/[a-z_.]+)"', re.M)
PURPOSE = {
    "base": "files, JSON, .npy, errors", "fixed": "formats, rounding", "bench": "testbench files", "spectral": "FFT models, twiddles",
    "activation": "sigmoid and tanh units", "device": "FPGA database", "network": "network value and file", "import": "PyTorch state dicts",
    "circulant": "projection, float model", "units": "latency and cost", "ops": "operations", "cell": "quantiser, models",
    "plan": "schedule, memory map",
    "rtl": "Verilog and images", "simulate": "runs the testbench", "synth": "Yosys, nextpnr, Vivado",
    "cores": "single units", "explore": "choice of a design", "design": "whole designs", "erngen": "the C++ library", "cli": "the erngen command",
    "python": "the Python package", "speech": "features, scoring",
    "train": "libtorch trainer"}


@functools.lru_cache(None)
def includes(library):
    found = set()
    for path in sorted((root / "src" / library).glob("*.?pp")):
        if "_test" not in path.name and not path.name.startswith("test_"):
            found |= {name.split("/")[0] for name in INCLUDE.findall(path.read_text()) if name not in SHARED}
    return sorted((found & set(PURPOSE)) - {library})


def needed(library):
    """What a library includes and does not reach through another of its includes."""
    return [other for other in includes(library) if not any(other in reach(middle) for middle in includes(library) if middle != other)]


@functools.lru_cache(None)
def reach(library):
    found = set(includes(library))
    for other in includes(library):
        found |= reach(other)
    return found


rows = {}
for name, level in LAYERS.items():
    rows.setdefault(level, []).append(name)
levels = sorted(rows)
WIDTH, HEIGHT, GAP_X, GAP_Y, LEFT = 176, 46, 22, 44, 30
place = {}
for n, level in enumerate(reversed(levels)):
    for m, name in enumerate(rows[level]):
        place[name] = (LEFT + (4 - len(rows[level])) * (WIDTH + GAP_X) // 2 + m * (WIDTH + GAP_X), 84 + n * (HEIGHT + GAP_Y))
beside_x = LEFT + 4 * (WIDTH + GAP_X) + 30
for n, name in enumerate(BESIDE):
    place[name] = (beside_x, 84 + (2 + 2 * n) * (HEIGHT + GAP_Y))
total_width = beside_x + WIDTH + 30
total_height = 84 + len(levels) * (HEIGHT + GAP_Y) + 30

out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_width} {total_height}" font-family="sans-serif">',
       f'<rect width="{total_width}" height="{total_height}" fill="#ffffff"/>',
       f'<text x="{LEFT}" y="34" font-size="20" fill="#1d2733">erngen: the libraries of src/ by layer; a line leads down to what is included</text>',
       f'<text x="{LEFT}" y="58" font-size="13" fill="#52606d">model file &#8594; network &#8594; circulant network &#8594; '
       'quantised network &#8594; plan &#8594; Verilog &#8594; simulation</text>']
for name in place:
    x, y = place[name]
    for other in needed(name):
        ox, oy = place[other]
        if oy <= y:
            continue
        x0, x1 = x + WIDTH / 2, ox + WIDTH / 2
        out.append(f'<path d="M{x0:g} {y + HEIGHT} C{x0:g} {y + HEIGHT + 26} {x1:g} {oy - 26} {x1:g} {oy}" fill="none" '
                   'stroke="#9fb3c8" stroke-width="1.2"/>')
for name, (x, y) in place.items():
    fill = "#fff3d6" if name in BESIDE else "#e3f0fb"
    out.append(f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{fill}" stroke="#486581"/>')
    out.append(f'<text x="{x + 10}" y="{y + 19}" font-size="14" font-weight="bold" fill="#102a43">{name}</text>')
    out.append(f'<text x="{x + 10}" y="{y + 36}" font-size="11.5" fill="#334e68">{PURPOSE[name]}</text>')
out.append("</svg>")
picture = "\n".join(out) + "\n"
target = root / "docs/architecture.svg"
if "--check" in sys.argv:
    if not target.exists() or target.read_text() != picture:
        sys.exit("docs/architecture.svg is stale: run tools/architecture_svg.py")
else:
    target.write_text(picture)
