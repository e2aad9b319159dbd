"""A network on its way to hardware: the bit-exact model, the plan, the simulated Verilog."""
from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any, Dict, Optional, Union

import numpy as np

from . import _core
from ._frames import Batch, Input, Output, as_frames, compared
from ._report import Report
from .errors import InputError, MismatchError

PathLike = Union[str, "os.PathLike[str]"]


class Simulation(Report):
    """What a simulation of the Verilog found: the report of `erngen simulate` (frames, outputs_checked, mismatches,
    cycles_per_frame, latency_cycles, ...) as a dictionary, and the outputs of the hardware."""

    #: float32, in the form of the input, [..., outputs].
    outputs: Output


class Stream:
    """The bit-exact model of one stream, frame by frame; its state is kept until `reset()`."""

    def __init__(self, model: "_core.QuantisedModel"):
        self._stream, self._inputs, self._outputs = model.stream(), model.inputs, model.outputs

    def step(self, frame: np.ndarray) -> np.ndarray:
        """float32 [outputs] of the next frame, [inputs]."""
        return self._stream.step(np.asarray(frame, np.float32), self._inputs, self._outputs)

    def reset(self) -> None:
        """Back to the initial state."""
        self._stream.reset()


class Compiled:
    """A quantised network with its accelerator. Made by `erngen.compile` and `erngen.load`.

    Arrays in and out are real numbers: [frames, features], [sequences, frames, features], or a list of [frames, features] for
    sequences of different lengths. Each sequence starts from the network's initial state.
    """

    def __init__(self, quantised: "_core.QuantisedModel", accelerator: Optional["_core.Accelerator"], model: Optional["_core.Model"] = None,
                 comparison: Optional[Dict[str, Any]] = None, directory: Optional[Path] = None,
                 predicted: Optional[Dict[str, Any]] = None):
        self._quantised, self._accelerator, self._model = quantised, accelerator, model
        self._comparison, self._directory, self._predicted = comparison, directory, predicted

    @property
    def inputs(self) -> int:
        """Values of an input frame."""
        return self._quantised.inputs

    @property
    def outputs(self) -> int:
        """Values of an output frame."""
        return self._quantised.outputs

    @property
    def last(self) -> bool:
        """Whether the outputs are those of each sequence's last frame, as the module's are."""
        return self._quantised.last_frame_only

    def predict(self, x: Input) -> Output:
        """What the hardware answers, bit for bit.

        x: real numbers, rounded to the input format. Returns float32 in the form of x, [..., outputs], or with `last` [sequences,
        outputs]; every value is a whole multiple of the output format's lsb. Raises InputError for frames of another width and
        values that are not finite.
        """
        batch = as_frames(x)
        return self._restored(batch, self._quantised.run(batch.frames, batch.lengths))

    def stream(self) -> Stream:
        """The bit-exact model of one stream, to be fed frame by frame."""
        return Stream(self._quantised)

    def trace(self, x: Input) -> Dict[str, Output]:
        """Every signal of the bit-exact model as real numbers: name ("x", "h0", "c0", "z0.i", ...) to an array [..., size] in the
        form of x. Names are those of `report()["signals"]` and docs/reference/arithmetic.md."""
        batch = as_frames(x)
        return {name: batch.restore(values) for name, values in self._quantised.trace(batch.frames, batch.lengths).items()}

    def check(self, x: Input, y: Input, min_sqnr: Optional[float] = None, max_error: Optional[float] = None) -> Report:
        """Compares `predict(x)` with y, outputs of a model that you trust.

        Returns max_error, worst_frame (of all frames one after another), worst_output, max_reference, sqnr_db and agreement (the
        share of frames with the same largest output). Raises MismatchError if the SQNR is below min_sqnr [dB] or an error is above
        max_error, InputError if y has not the frames of x.
        """
        batch = as_frames(x)
        result = Report(compared(self._quantised, batch, y))
        if min_sqnr is not None and result["sqnr_db"] < min_sqnr:
            raise MismatchError(f"the SQNR is {result['sqnr_db']:.1f} dB, less than {min_sqnr:g}")
        if max_error is not None and result["max_error"] > max_error:
            raise MismatchError(f"the largest error is {result['max_error']:.3g}, more than {max_error:g}")
        return result

    def simulate(self, x: Input, stalls: Optional[int] = None, simulator: str = "verilator", waves: Optional[PathLike] = None) -> Simulation:
        """Simulates the Verilog on x and compares every word, flag and cycle with the bit-exact model and the plan.

        stalls: seed of random gaps and back-pressure on both sides; cycles are not compared then. simulator: "verilator" or "icarus"
        (four-state, fails on any undefined bit). waves: a .vcd or .fst file to write. Raises MismatchError unless all agrees, ToolError
        without the simulator.
        """
        if simulator not in ("verilator", "icarus"):
            raise InputError(f"simulator: is {simulator!r}; 'verilator' or 'icarus' is expected")
        batch = as_frames(x)
        outputs, report, passed = _core.simulate(self._design(), batch.frames, batch.lengths, simulator == "icarus", stalls,
                                                  "" if waves is None else os.fspath(waves))
        result = Simulation(json.loads(report))
        result.outputs = self._restored(batch, outputs)
        if not passed:
            raise MismatchError(f"{result['mismatches']} mismatches; the first: {result['first_mismatch']}" if result["mismatches"]
                                else "all words are right, but the cycles differ from the prediction")
        return result

    def report(self) -> Report:
        """The plan (cycles_per_frame, latency_cycles, frames_per_second, dsp, bram36, lut, ff, ...), the formats and ranges of all
        signals with their SQNR in dB, warnings, and how far the network is from the model that it was made of. A table in notebooks."""
        report = Report(json.loads(self._accelerator.report) if self._accelerator else self._predicted or {})
        if self._quantised.report:
            report.update(json.loads(self._quantised.report))
        report["input_format"], report["output_format"] = self._quantised.input_format, self._quantised.output_format
        if self._comparison:
            report["comparison"] = self._comparison
        return report

    def write(self, directory: PathLike, name: str = "erngen_accelerator") -> Path:
        """Writes the design as `erngen generate` does: Verilog, memory images, testbench, manifest, packages. name: of the top module.
        Raises OutputError if something that erngen did not write is there."""
        if self._accelerator is None:
            raise InputError(f"{self._directory}: is a design already; copy it")
        self._accelerator.write(Path(directory), name)
        return Path(directory)

    def save(self, file: PathLike) -> None:
        """Writes the quantised network file (docs/reference/network-format.md)."""
        self._quantised.write(Path(file))

    def _restored(self, batch: Batch, outputs: np.ndarray) -> Output:
        return batch.restore_last(outputs) if self.last else batch.restore(outputs)

    def _design(self) -> Path:
        """A directory with the design: the one that was loaded, or a temporary one that lives as long as this object."""
        if self._directory is None:
            folder = tempfile.mkdtemp(prefix="erngen-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self._directory = self.write(Path(folder) / "design")
        return self._directory
