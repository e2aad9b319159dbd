"""From a model or a file to a compiled network."""
from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, Optional, Sequence, Tuple, Union

from . import _core
from ._compiled import Compiled, PathLike
from ._frames import Batch, Input, as_frames, compared
from ._keras import Exported as KerasExported, keras_of
from .errors import InputError, MismatchError, UnsupportedError

#: A float network that computes another function than the model's is far below this, one that computes the same far above.
SAME_FUNCTION_DB = 60.0


def compile(model: Union[PathLike, Any], calibration: Input, *, device: str = "xc7a100t", clock: float = 100.0, streams: int = 1,
            min_rate: Optional[float] = None, max_latency: Optional[float] = None, max_dsp: Optional[int] = None,
            goal: Optional[str] = None, weights: int = 12, activations: int = 12, layers: Sequence[str] = (),
            ignore: Sequence[str] = (), check: Optional[Tuple[Input, Input]] = None,
            min_sqnr: float = SAME_FUNCTION_DB, overlap: Optional[bool] = None) -> Compiled:
    """Quantises a network and plans its accelerator.

    model        a torch.nn.Module (read through torch.fx; eval mode), a Keras model, or a file: a network file, or what `erngen import`
                 reads; or what erngen.torch.fake_quantise returned, which keeps its own formats, whatever weights and activations say
    calibration  some hundreds of typical frames, [frames, features], [sequences, frames, features] or a list of [frames, features]
    device       of the database, `erngen.devices()`; clock in MHz
    streams      independent sequences that share the engine, 1..64
    min_rate, max_latency  frames per second of all streams together, us of one frame: bounds; CapacityError if no design keeps them
    max_dsp      most DSP blocks; default: the device's
    goal         what the planner makes small: "rate" (cycles a frame), "latency" (of a frame), "area" (the share of the device, of all
                 designs that keep the bounds) or "knee" (the same, of those within 5 % of the fewest cycles a frame); default: "knee",
                 or "area" with a bound
    overlap      whether layers of neighbouring frames work in one run, with one stream: more frames per second, a longer latency;
                 default: where it pays, but not for the goal "latency"
    weights, activations   bits, 4..18
    layers, ignore         of a file of weights alone, as `erngen import --layers --ignore`
    check        (x, y): inputs and outputs of the model that a file was made of; a file of several modules needs it
    min_sqnr     dB, least agreement in real numbers of the network with the model's own outputs on `calibration`, or with `check`

    Raises UnsupportedError for what the network format cannot express, MismatchError if the network does not compute what the model
    does, CapacityError if no engine fits.
    """
    if goal is not None and goal not in _core.Goal.__members__:
        raise InputError(f"goal: is {goal!r}; one of {', '.join(map(repr, _core.Goal.__members__))} is expected")
    batch = as_frames(calibration, "calibration")
    if isinstance(model, (str, os.PathLike)):
        if layers and check is None:
            raise InputError(f"{model}: several modules need check=(x, y): a file of weights does not show what lies between them")
        network = _core.Model.open(Path(model), list(layers), list(ignore))
        comparison = None if check is None else _agreeing(network, as_frames(check[0], "check"), check[1], min_sqnr)
    elif keras_of(model) or _is_torch_module(model):
        exported = _exported(model)
        network = exported.network()
        own = as_frames(check[0] if check is not None else calibration, "check")
        comparison = _agreeing(network, own, exported.outputs(own) if check is None else check[1], min_sqnr)
    else:
        raise UnsupportedError(f"model: is a {type(model).__module__}.{type(model).__qualname__}; a torch.nn.Module, a "
                               "Keras model or a file is expected")
    if isinstance(model, _fake_quantised()):
        quantised = model.quantised().reported(network, batch.frames, batch.lengths)
    else:
        quantised = network.quantised(batch.frames, batch.lengths, weights, activations)
    accelerator = quantised.planned(device, clock, streams, _core.Goal.__members__[goal] if goal else None, max_dsp, min_rate, max_latency,
                                    overlap)
    return Compiled(quantised, accelerator, network, comparison)


def load(directory: PathLike) -> Compiled:
    """The design in a directory that `write` or `erngen generate` made. Raises InputError if it is none."""
    path = Path(directory)
    if not (path / "manifest.json").is_file():
        raise InputError(f"{path}: is not a design: there is no manifest.json")
    quantised = _core.QuantisedModel.read(path / "network.safetensors")
    return Compiled(quantised, None, directory=path, predicted=json.loads((path / "manifest.json").read_text()).get("predicted"))


def devices() -> Sequence[str]:
    """Names of the devices in the database."""
    return _core.device_names()


def _exported(model: Any) -> Any:
    """A live model with its network() and its own outputs()."""
    if keras_of(model):
        return KerasExported(model)
    from . import _fx

    return model.exported if isinstance(model, _fake_quantised()) else _fx.Exported(model)


def _fake_quantised() -> Tuple[type, ...]:
    """The class, where anybody has loaded it."""
    module = sys.modules.get("erngen.torch.fake_quantise")
    return () if module is None else (module.FakeQuantised,)


def _is_torch_module(model: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(model, torch.nn.Module)


def _agreeing(network: "_core.Model", x: Batch, y: Input, min_sqnr: float) -> Dict[str, Any]:
    comparison = compared(network, x, y)
    if comparison["sqnr_db"] < min_sqnr:
        raise MismatchError(f"the network is not the model: its outputs in real numbers agree to {comparison['sqnr_db']:.1f} dB only, less "
                            f"than {min_sqnr:g}\n  way out: look for what lies between the layers (activations, residuals, normalisation), "
                            "for randomness in forward(), and whether x is [sequences, frames, features]")
    return comparison
