"""PyTorch's layers as layers of the network: one class for each kind, with what it refuses."""
from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrize

from . import _core

#: (kind, alpha, beta) as erngen/builder.hpp has them.
Activation = Tuple[str, float, float]
NONE: Activation = ("none", 0.0, 0.0)
DENSE_BLOCKS = {"input": 1, "recurrent": 1, "projection": 1, "dense": 1}


def numpy_of(tensor: torch.Tensor) -> np.ndarray:
    return np.ascontiguousarray(tensor.detach().cpu().numpy(), np.float32)


def block_of(module: nn.Module, name: str) -> int:
    """The block size that erngen.torch gave a weight; 1 for any other."""
    if parametrize.is_parametrized(module, name):
        for parametrization in module.parametrizations[name]:
            if hasattr(parametrization, "erngen_block"):
                return int(parametrization.erngen_block)
    return 1


class Layer:
    """How modules of one kind become layers; a module of several layers becomes as many."""

    recurrent = False

    def refused(self, module: Any) -> Optional[str]:
        """What about this module the network format cannot express; None: nothing."""
        return None

    def count(self, module: Any) -> int:
        return 1

    def width(self, module: Any) -> int:
        """Values of a frame that it gives."""
        raise NotImplementedError

    def add(self, builder: "_core.ModelBuilder", module: Any, number: int, inputs: List[int], name: str, activation: Activation,
            states: List[Optional[np.ndarray]]) -> None:
        """Adds the module's layer `number` with its present weights. states: initial h and c of a recurrent one, or None."""
        raise NotImplementedError

    def blocks(self, module: Any, number: int) -> Dict[str, int]:
        return DENSE_BLOCKS

    def backward(self, module: Any, number: int) -> bool:
        """Whether the layer runs from the last frame to the first one."""
        return False


class Linear(Layer):
    def width(self, module: nn.Linear) -> int:
        return int(module.out_features)

    def add(self, builder, module, number, inputs, name, activation, states):  # type: ignore[no-untyped-def]
        builder.dense(inputs, name, numpy_of(module.weight), None if module.bias is None else numpy_of(module.bias), activation)

    def blocks(self, module: nn.Linear, number: int) -> Dict[str, int]:
        return {**DENSE_BLOCKS, "dense": block_of(module, "weight")}


class Sum(Layer):
    """f(the sum of the inputs); without a module."""

    def add(self, builder, module, number, inputs, name, activation, states):  # type: ignore[no-untyped-def]
        builder.add(inputs, name, activation)


class FirstFrame(Layer):
    """The output of a layer that runs backward for the first frame; without a module."""

    def add(self, builder, module, number, inputs, name, activation, states):  # type: ignore[no-untyped-def]
        builder.first_frame(inputs[0], name)


class Flip(Layer):
    """The frames in the other order; without a module."""

    def add(self, builder, module, number, inputs, name, activation, states):  # type: ignore[no-untyped-def]
        builder.flip(inputs[0], name)


class Recurrent(Layer):
    """A bidirectional module's layers are numbered forward and backward in turn, as its states are."""

    recurrent = True

    def directions(self, module: nn.RNNBase) -> int:
        return 2 if module.bidirectional else 1

    def count(self, module: nn.RNNBase) -> int:
        return int(module.num_layers) * self.directions(module)

    def backward(self, module: nn.RNNBase, number: int) -> bool:
        return self.directions(module) == 2 and number % 2 == 1

    def place(self, module: nn.RNNBase, number: int) -> str:
        """How the names of its parameters end."""
        return f"_l{number // self.directions(module)}" + ("_reverse" if self.backward(module, number) else "")

    def width(self, module: nn.RNNBase) -> int:
        return int(module.proj_size or module.hidden_size)

    def weights(self, module: nn.RNNBase, number: int) -> Tuple[np.ndarray, np.ndarray, Optional[List[np.ndarray]]]:
        """Input and recurrent weights, and both biases."""
        names = ("weight_ih", "weight_hh") + (("bias_ih", "bias_hh") if module.bias else ())
        arrays = [numpy_of(getattr(module, name + self.place(module, number))) for name in names]
        return arrays[0], arrays[1], arrays[2:] or None

    def blocks(self, module: nn.RNNBase, number: int) -> Dict[str, int]:
        place = self.place(module, number)
        return {**DENSE_BLOCKS, "input": block_of(module, f"weight_ih{place}"), "recurrent": block_of(module, f"weight_hh{place}"),
                "projection": block_of(module, f"weight_hr{place}")}


class Lstm(Recurrent):
    def add(self, builder, module, number, inputs, name, activation, states):  # type: ignore[no-untyped-def]
        input, recurrent, biases = self.weights(module, number)
        projection = numpy_of(getattr(module, f"weight_hr{self.place(module, number)}")) if module.proj_size else None
        builder.lstm(inputs, name, input, recurrent, None if biases is None else biases[0] + biases[1], projection, *states)


class Gru(Recurrent):
    """Reset after the product, as nn.GRU computes: the candidate's two biases stay apart."""

    def add(self, builder, module, number, inputs, name, activation, states):  # type: ignore[no-untyped-def]
        input, recurrent, biases = self.weights(module, number)
        both = candidate = None
        if biases is not None:
            gates = 2 * module.hidden_size
            both, candidate = biases[0].copy(), biases[1][gates:]
            both[:gates] += biases[1][:gates]
        builder.gru(inputs, name, input, recurrent, both, candidate, states[0])


class Rnn(Recurrent):
    def add(self, builder, module, number, inputs, name, activation, states):  # type: ignore[no-untyped-def]
        input, recurrent, biases = self.weights(module, number)
        builder.rnn(inputs, name, input, recurrent, None if biases is None else biases[0] + biases[1], (module.nonlinearity, 0.0, 0.0),
                    states[0])


LAYERS: Dict[type, Layer] = {nn.LSTM: Lstm(), nn.GRU: Gru(), nn.RNN: Rnn(), nn.Linear: Linear()}
SUM, FIRST_FRAME, FLIP = Sum(), FirstFrame(), Flip()
