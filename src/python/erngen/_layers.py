"""PyTorch's layers as layers of the network: one class for each kind, with what it refuses."""
from __future__ import annotations

from typing import Any, Dict, List, Optional

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrize

from . import _core


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
    """How modules of one kind become layers."""

    recurrent = False

    def refused(self, module: Any) -> Optional[str]:
        """What about this module the network format cannot express; None: nothing."""
        return None

    def add(self, builder: "_core.ModelBuilder", module: Any) -> List[Dict[str, int]]:
        """Adds its layers with their present weights; returns the block sizes of each."""
        raise NotImplementedError


class Linear(Layer):
    def add(self, builder: "_core.ModelBuilder", module: nn.Linear) -> List[Dict[str, int]]:
        builder.dense(numpy_of(module.weight), None if module.bias is None else numpy_of(module.bias))
        return [{"input": 1, "recurrent": 1, "projection": 1, "dense": block_of(module, "weight")}]


class Recurrent(Layer):
    recurrent = True

    def refused(self, module: nn.RNNBase) -> Optional[str]:
        return "a bidirectional layer" if module.bidirectional else None

    def add(self, builder: "_core.ModelBuilder", module: nn.RNNBase) -> List[Dict[str, int]]:
        blocks = []
        for n in range(module.num_layers):
            weights = {name: numpy_of(getattr(module, f"{name}_l{n}")) for name in ("weight_ih", "weight_hh")}
            biases = [numpy_of(getattr(module, f"{name}_l{n}")) for name in ("bias_ih", "bias_hh")] if module.bias else None
            projection = numpy_of(getattr(module, f"weight_hr_l{n}")) if getattr(module, "proj_size", 0) else None
            self.add_layer(builder, weights["weight_ih"], weights["weight_hh"], biases, projection)
            blocks.append({"input": block_of(module, f"weight_ih_l{n}"), "recurrent": block_of(module, f"weight_hh_l{n}"),
                           "projection": block_of(module, f"weight_hr_l{n}"), "dense": 1})
        return blocks

    def add_layer(self, builder: "_core.ModelBuilder", input: np.ndarray, recurrent: np.ndarray, biases: Optional[List[np.ndarray]],
                  projection: Optional[np.ndarray]) -> None:
        raise NotImplementedError


class Lstm(Recurrent):
    def add_layer(self, builder, input, recurrent, biases, projection):  # type: ignore[no-untyped-def]
        builder.lstm(input, recurrent, None if biases is None else biases[0] + biases[1], projection)


class Gru(Recurrent):
    """Reset after the product, as nn.GRU computes: the candidate's two biases stay apart."""

    def add_layer(self, builder, input, recurrent, biases, projection):  # type: ignore[no-untyped-def]
        if biases is None:
            return builder.gru(input, recurrent, None, None)
        hidden = len(biases[0]) // 3
        both = biases[0].copy()
        both[:2 * hidden] += biases[1][:2 * hidden]
        builder.gru(input, recurrent, both, biases[1][2 * hidden:])


LAYERS: Dict[type, Layer] = {nn.LSTM: Lstm(), nn.GRU: Gru(), nn.Linear: Linear()}
