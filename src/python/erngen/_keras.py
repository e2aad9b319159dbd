"""A Keras model as a network: it is saved to a temporary file, which is read as `erngen import` reads it, and keeps its own outputs for
the comparison. Keras is never imported here: whoever has a model has it loaded, with a back end of his choice."""
from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, Iterator, Tuple

import numpy as np

from . import _core
from ._frames import Batch, Input
from .errors import Error, InputError, UnsupportedError

#: The first version that writes .keras files; those before it write .h5.
KERAS_FILES = (2, 13)


def keras_of(model: Any) -> Any:
    """The module, Keras 2 or 3, whose model this is, or None. With the PyTorch back end such a model is a torch.nn.Module, too."""
    loaded = [sys.modules[name] for name in ("keras", "tf_keras") if name in sys.modules]
    return next((module for module in loaded if isinstance(model, module.Model)), None)


class Exported:
    """A model with its network. Raises UnsupportedError naming what the network format cannot express."""

    def __init__(self, model: Any):
        self._model = model
        inputs = getattr(model, "inputs", None) or []  # none: not built, or forward() is a program
        if len(inputs) != 1:
            raise UnsupportedError(f"{model.name}: is a {type(model).__name__} with {len(inputs)} inputs that it knows of\n  way out: a "
                                   "functional or sequential model of one keras.Input((None, FEATURES)) shows its layers")
        self._shape: Tuple[Any, ...] = tuple(inputs[0].shape)

    def network(self) -> "_core.Model":
        """The network with the model's weights as they are now."""
        version = tuple(int(n) for n in keras_of(self._model).__version__.split(".")[:2])
        with tempfile.TemporaryDirectory(prefix="erngen-") as folder:
            file = Path(folder) / f"{self._model.name}.{'keras' if version >= KERAS_FILES else 'h5'}"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of .h5, which older ones call legacy
                self._model.save(file)
            try:
                return _core.Model.open(file, [], [])
            except Error as error:
                raise type(error)(str(error).replace(str(file), self._model.name)) from None

    def outputs(self, x: Batch) -> Input:
        """The model's own outputs in the form of x, or of the last frames [sequences, outputs]."""
        if len(self._shape) == 2:
            return x.restore(self._predicted(x.frames))
        if self._shape[1] is not None and set(x.lengths) != {self._shape[1]}:
            raise InputError(f"calibration: has sequences of {sorted(set(x.lengths))} frames, {self._model.name} takes {self._shape[1]}")
        rows = x.by_length(self._predicted)
        return np.stack(rows) if rows[0].ndim == 1 else x.restore(np.concatenate(rows))

    def _predicted(self, x: np.ndarray) -> np.ndarray:
        """model(x) at inference, from zero states, several outputs one behind the other; the states of stateful layers stay as they are."""
        batch = self._shape[0] or len(x)
        variables = [variable for layer in self._model.layers if getattr(layer, "stateful", False) for variable in layer.states]
        kept = [np.asarray(variable).copy() for variable in variables]
        parts = []
        for begin in range(0, len(x), batch):
            part = x[begin:begin + batch]
            for variable, value in zip(variables, kept):
                variable.assign(np.zeros_like(value))
            filled = np.concatenate([part, np.zeros((batch - len(part), *x.shape[1:]), x.dtype)])
            y = list(_flat(self._model.predict_on_batch(filled)))
            parts.append(np.concatenate(y, -1)[:len(part)])
        for variable, value in zip(variables, kept):
            variable.assign(value)
        return np.concatenate(parts)


def _flat(y: Any) -> Iterator[np.ndarray]:
    """Several outputs in their order, that of the model's file, too."""
    if isinstance(y, (dict, list, tuple)):
        for part in y.values() if isinstance(y, dict) else y:
            yield from _flat(part)
    else:
        yield np.asarray(y)
