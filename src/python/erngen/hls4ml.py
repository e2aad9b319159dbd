"""erngen as a back end of hls4ml (its entry point `hls4ml.backends`): hls4ml's calls, erngen's hardware.

    model = hls4ml.converters.convert_from_keras_model(keras_model, backend="erngen", output_dir="design", calibration=x)
    model.compile()           # quantises, plans, writes the design
    y = model.predict(x)      # what the hardware answers, bit for bit
    report = model.build()    # the plan, and the simulation of the Verilog

hls4ml knows the model; the network is read from it as `erngen.compile` does, not from hls4ml's list of layers, whose optimisers do
not run. Of hls4ml's configuration the total width of the model's `Precision` is that of weights and activations, and `erngen` chooses
the fractions; what would ask for another structure is refused.
"""
from __future__ import annotations

import inspect
import re
from typing import Any, Dict, Optional

import numpy as np
from hls4ml.backends.fpga.fpga_backend import FPGABackend
from hls4ml.model.flow import register_flow
from hls4ml.writer.writers import Writer

from ._compile import compile as compile_network
from ._compiled import Compiled
from ._frames import Input, Output
from ._report import Report
from .errors import InputError, UnsupportedError

#: Of compile(), what a conversion may be given; its device and clock have hls4ml's names, part and clock_period.
OPTIONS = sorted(set(inspect.signature(compile_network).parameters) - {"model", "calibration", "device", "clock", "layers", "ignore"})


class DesignWriter(Writer):
    """Writes what `erngen generate` does."""

    def write_hls(self, model: Any) -> None:
        compiled(model).write(model.config.get_output_dir(), name=model.config.get_project_name())


class Backend(FPGABackend):
    """The back end "erngen" of hls4ml."""

    def __init__(self) -> None:
        super().__init__("erngen")
        self._flow = register_flow("ip", [], requires=[], backend=self.name)

    def get_default_flow(self) -> str:
        return self._flow

    def create_initial_config(self, part: str = "xc7a100t", clock_period: float = 10.0, calibration: Optional[Input] = None,
                              **options: Any) -> Dict[str, Any]:
        """part: a device of `erngen.devices()`; clock_period in ns; calibration: frames, as of `erngen.compile`, or input_data_tb,
        a .npy file; the others are options of `erngen.compile`."""
        unknown = sorted(set(options) - set(OPTIONS))
        if unknown:
            raise InputError(f"{unknown[0]}: is no option of this back end; part, clock_period, calibration, {', '.join(OPTIONS)} are")
        return {"Part": part, "ClockPeriod": clock_period, "Calibration": calibration, "Options": options, "HLSConfig": {}}

    def write(self, model: Any) -> None:
        """The design, into the model's output_dir; its top module has the name of the project."""
        self.writer.write_hls(model)

    def compile(self, model: Any) -> None:
        """Nothing is left to do: hls4ml loads no library by the name None."""

    def predict(self, model: Any, x: Input) -> Output:
        """`Compiled.predict`: [sequences, frames, outputs], or [sequences, outputs] where the model gives the last frame's."""
        return compiled(model).predict(x)

    def build(self, model: Any, frames: int = 50, stalls: Optional[int] = None, simulator: str = "verilator") -> Report:
        """Simulates the Verilog on the first `frames` frames of each sequence of the calibration, as `Compiled.simulate` does.

        Returns the report of the plan, with that of the simulation under "simulation"."""
        net = compiled(model)
        calibration = _calibration(model)
        head = [np.asarray(sequence)[:frames] for sequence in calibration] if np.ndim(calibration[0]) > 1 else calibration[:frames]
        report = net.report()
        report["simulation"] = net.simulate(head, stalls=stalls, simulator=simulator)
        return report


def register(register_backend: Any, register_writer: Any) -> None:
    """Called by hls4ml when it loads its plug-ins."""
    register_writer("erngen", DesignWriter)
    register_backend("erngen", Backend)


def compiled(model: Any) -> Compiled:
    """The compiled network of a model that hls4ml converted for this back end: trace(), check(), save() and the rest.

    Raises as `erngen.compile` does, and UnsupportedError for settings of hls4ml that this back end does not have."""
    if not hasattr(model, "_erngen"):
        config = model.config.config
        width = _width(config["HLSConfig"])
        options = {"weights": width, "activations": width, **config["Options"]}
        model._erngen = compile_network(_source(config), _calibration(model), device=config["Part"], clock=1000.0 / config["ClockPeriod"],
                                        **options)
    return model._erngen


def _source(config: Dict[str, Any]) -> Any:
    for key in ("KerasModel", "PytorchModel"):
        if config.get(key) is not None:
            return config[key]
    raise UnsupportedError("model: the back end erngen reads Keras and PyTorch models; give an ONNX file to erngen.compile")


def _calibration(model: Any) -> Any:
    config = model.config.config
    if config.get("Calibration") is not None:
        return config["Calibration"]
    if config.get("InputData") is not None:
        return np.load(config["InputData"], allow_pickle=False)
    raise InputError("calibration: is missing; the number formats are chosen on some hundreds of typical frames: give "
                     "calibration=x to the conversion, or input_data_tb=\"x.npy\"")


def _width(settings: Dict[str, Any]) -> int:
    """Bits of weights and activations, from hls4ml's settings."""
    for level in ("LayerName", "LayerType"):
        if settings.get(level):
            raise UnsupportedError(f"hls_config: {level!r} is set; erngen chooses formats a signal: use the granularity 'model'")
    model = settings.get("Model", {})
    if model.get("ReuseFactor", 1) != 1:
        raise UnsupportedError(f"hls_config: 'ReuseFactor' is {model['ReuseFactor']}; erngen plans the multipliers: use 1, and the options "
                               "min_rate, max_latency, max_dsp")
    precision = model.get("Precision", "fixed<16,6>")
    if isinstance(precision, dict):
        precision = precision.get("default", "fixed<16,6>")
    form = re.fullmatch(r"(?:ap_)?fixed<\s*(\d+)\s*,.*>", str(precision))
    if form is None:
        raise UnsupportedError(f"hls_config: 'Precision' is {precision!r}; a width is expected, as of 'fixed<16,6>'")
    return int(form[1])
