"""Pictures of what quantisation does; needs matplotlib.

    erngen.plot.formats(net)                       # ranges of all signals against what their formats hold
    erngen.plot.errors(model, x, range(6, 17))     # SQNR of the outputs against the bits
"""
from __future__ import annotations

import math
from typing import Any, Iterable, Optional

from ._compile import compile
from ._compiled import Compiled
from ._frames import Input


def _axes(axes: Optional[Any], height: float) -> Any:
    if axes is not None:
        return axes
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=(7, height))[1]


def formats(net: Compiled, axes: Optional[Any] = None) -> Any:
    """For each signal of a network that was compiled here: the largest magnitude on the calibration data, between the largest and the
    smallest that its format holds, as powers of two. Returns matplotlib axes."""
    signals = [s for s in net.report()["signals"] if s["max_abs"] > 0]
    axes = _axes(axes, 1 + 0.22 * len(signals))
    for row, signal in enumerate(signals):
        top, lsb = signal["width"] - 1 - signal["fraction"], -signal["fraction"]
        axes.barh(row, top - lsb, left=lsb, color="#9ecae1", height=0.7)
        axes.plot([math.log2(signal["max_abs"])] * 2, [row - 0.35, row + 0.35], color="#d62728")
    axes.set_yticks(range(len(signals)))
    axes.set_yticklabels([f"{s['name']}  {s['format']}" for s in signals])
    axes.invert_yaxis()
    axes.set_xlabel("power of two: format (bar) and largest value (line)")
    return axes


def errors(model: Any, calibration: Input, bits: Iterable[int] = range(6, 17), axes: Optional[Any] = None, **options: Any) -> Any:
    """SQNR in dB of the outputs against the model in real numbers, on the calibration data, for weights and activations of as many bits.
    options: as of erngen.compile. Returns matplotlib axes."""
    bits, axes = list(bits), _axes(axes, 4)
    reports = [compile(model, calibration, weights=b, activations=b, **options).report() for b in bits]
    axes.plot(bits, [math.nan if r["output_sqnr_db"] is None else r["output_sqnr_db"] for r in reports], marker="o")
    axes.set_xlabel("bits of weights and activations")
    axes.set_ylabel("SQNR of the outputs, dB")
    axes.grid(True)
    return axes
