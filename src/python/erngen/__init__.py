"""Trained recurrent networks become simulated Verilog accelerators.

    net = erngen.compile(model, calibration=x, device="xc7a100t", clock=100, weights=12)
    net.predict(x); net.simulate(x[:50]); net.report(); net.write("design")

`erngen.torch` trains block-circulant and quantised networks in any PyTorch loop; `erngen.plot` draws formats and errors.
"""
from . import _core
from ._compile import compile, devices, load
from ._compiled import Compiled, Simulation, Stream
from ._report import Report
from .errors import (CapacityError, Error, InputError, MachineError, MismatchError, OutputError, ToolError, UnsupportedError,
                     UsageError)

__version__: str = _core.version

__all__ = ["CapacityError", "Compiled", "Error", "InputError", "MachineError", "MismatchError", "OutputError", "Report", "Simulation",
           "Stream", "ToolError", "UnsupportedError", "UsageError", "compile", "devices", "load"]
