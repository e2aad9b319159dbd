"""An nn.Module as a network: torch.fx says in which order the modules are applied and what lies between them.

The graph is walked with symbolic values. A `Sequence` is what flows between layers; it remembers whether its first two axes are
exchanged against those of the input, so that batch_first and transpositions are followed exactly. Whatever is not in the tables below
is refused by name.
"""
from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
import torch
import torch.fx
from torch import nn

from . import _core
from ._frames import Input, as_frames
from ._layers import LAYERS, Layer
from .errors import UnsupportedError

#: Modules that compute nothing at inference.
IDENTITIES = (nn.Identity, nn.Dropout, nn.Dropout1d if hasattr(nn, "Dropout1d") else nn.Dropout, nn.Dropout2d, nn.AlphaDropout)
IDENTITY_FUNCTIONS = {torch.clone, torch.detach}
IDENTITY_METHODS = {"contiguous", "clone", "detach", "float"}


@dataclass(frozen=True)
class Sequence:
    """Frames between layers, [sequences, frames, features]."""

    layer: int = -1  #: that computes it; -1: the input
    swapped: bool = False  #: the first two axes are exchanged against the input's


@dataclass(frozen=True)
class Unknown:
    """What no layer may read and the output may not be: forward() may compute it for itself."""

    node: str
    what: str  #: "the operation relu"


class _Proxy(torch.fx.Proxy):
    """What recurrent layers return can be unpacked: y, h or y, (h, c). (PyTorch 1.13 cannot do so under Python 3.11.)"""

    def __iter__(self) -> Any:
        node, states = self.node, False
        if node.op == "call_function" and node.target is operator.getitem and node.args[1] == 1:
            node, states = node.args[0], True
        module = self.tracer.root.get_submodule(node.target) if node.op == "call_module" else None
        if isinstance(module, nn.LSTM if states else nn.RNNBase):
            return iter((self[0], self[1]))
        return super().__iter__()


class _Tracer(torch.fx.Tracer):
    def proxy(self, node: torch.fx.Node) -> torch.fx.Proxy:
        return _Proxy(node, self)

    def is_leaf_module(self, module: nn.Module, name: str) -> bool:
        return isinstance(module, tuple(LAYERS) + IDENTITIES) or super().is_leaf_module(module, name)


class Exported:
    """The layers of a module, in order. Raises UnsupportedError naming what the network format cannot express."""

    def __init__(self, module: nn.Module):
        self._module = module
        self._layers: List[Tuple[Layer, nn.Module]] = []
        self._time_first: Optional[bool] = None  # of the module's input
        self._result = self._walk(self._trace(module))

    @staticmethod
    def _trace(module: nn.Module) -> torch.fx.Graph:
        if type(module).__module__.startswith("torch.nn"):
            module = nn.Sequential(module)  # a leaf alone has no graph
        was_training = module.training
        try:
            return _Tracer().trace(module.eval())
        except Exception as error:  # whatever forward() does with symbolic values
            raise UnsupportedError(f"{type(module).__name__}: torch.fx cannot follow forward(): {error}\n  way out: write it without "
                                   "control flow that depends on values, or export the layers as a module of their own") from error
        finally:
            module.train(was_training)

    def network(self) -> "_core.Model":
        """The network with the module's weights as they are now; block-circulant where `erngen.torch.circulant` made them so."""
        builder = _core.ModelBuilder()
        blocks: List[Dict[str, int]] = []
        for layer, module in self._layers:
            blocks += layer.add(builder, module)
        return builder.model().compressed(blocks)

    def run(self, x: torch.Tensor) -> torch.Tensor:
        """module(x) for x [sequences, frames, features], in the same order of axes."""
        y = self._module(self.frames_first(x))
        return self.own_order(y[0] if isinstance(y, tuple) else y)

    def frames_first(self, x: torch.Tensor) -> torch.Tensor:
        """The module's input as [sequences, frames, features]."""
        return x.transpose(0, 1) if self._time_first else x

    def own_order(self, y: torch.Tensor) -> torch.Tensor:
        """[sequences, frames, outputs] as the module orders its output."""
        return y.transpose(0, 1) if self._result.swapped != bool(self._time_first) else y

    def outputs(self, x: Input) -> Any:
        """The module's own outputs in the form of x: [frames, features], [sequences, frames, features] or a list."""
        parameter = next(self._module.parameters())
        frames, lengths, restore = as_frames(x)
        was_training = self._module.training
        self._module.eval()
        try:
            with torch.no_grad():
                rows = []
                for begin, end in _equal_runs(lengths):
                    first = sum(lengths[:begin])
                    part = torch.from_numpy(frames[first:first + (end - begin) * lengths[begin]]).to(parameter)
                    y = self.run(part.reshape(end - begin, lengths[begin], -1))
                    rows.append(y.reshape(-1, y.shape[-1]).cpu().numpy())
        finally:
            self._module.train(was_training)
        return restore(np.concatenate(rows).astype(np.float32))

    def _walk(self, graph: torch.fx.Graph) -> Sequence:
        values: Dict[torch.fx.Node, Any] = {}
        for node in graph.nodes:
            if node.op == "placeholder":
                values[node] = Unknown(node.name, "a second input") if values else Sequence()
            elif node.op == "output":
                result = node.args[0]
                value = values.get(result[0] if isinstance(result, tuple) else result)
                value = self._known(value[0] if isinstance(value, tuple) else value, node)
                self._require_last(node, value)
                return value
            elif node.op == "call_module":
                values[node] = self._call_module(node, values)
            else:
                values[node] = self._call(node, values)
        raise UnsupportedError("forward() returns nothing")

    def _call_module(self, node: torch.fx.Node, values: Dict[torch.fx.Node, Any]) -> Any:
        module = dict(self._module.named_modules()).get(str(node.target), self._module)
        value = self._known(values.get(node.args[0]) if node.args else None, node)
        if isinstance(module, IDENTITIES):
            return value
        for kind, layer in LAYERS.items():
            if isinstance(module, kind):
                reason = layer.refused(module) or (len(node.args) > 1 and "an initial state that is given")
                if reason:
                    self._refuse(node, reason)
                self._require_last(node, value)
                self._layers.append((layer, module))
                computed = replace(value, layer=value.layer + 1)
                if not layer.recurrent:
                    return computed
                time_first = (not module.batch_first) != value.swapped
                if self._time_first not in (None, time_first):
                    self._refuse(node, "frames and sequences exchanged between recurrent layers (batch_first)")
                self._time_first = time_first
                return (computed, Unknown(node.name, "the states of a recurrent layer, instead of its outputs,"))
        self._refuse(node, f"the module {type(module).__name__}")

    def _call(self, node: torch.fx.Node, values: Dict[torch.fx.Node, Any]) -> Any:
        name = str(node.target) if node.op != "call_function" else getattr(node.target, "__name__", str(node.target))
        value = values.get(node.args[0]) if node.args and isinstance(node.args[0], torch.fx.Node) else None
        if isinstance(value, tuple) and node.target is operator.getitem and node.args[1] in (0, 1):
            return value[node.args[1]]
        if isinstance(value, Sequence):
            if node.target is nn.functional.dropout:
                training = node.kwargs.get("training", node.args[2] if len(node.args) > 2 else True)
                return Unknown(node.name, "dropout that is active at inference (give it training=self.training)") if training else value
            if node.target in IDENTITY_FUNCTIONS or (node.op == "call_method" and name in IDENTITY_METHODS):
                return value
            if name in ("transpose", "swapaxes") and set(node.args[1:]) == {0, 1}:
                return replace(value, swapped=not value.swapped)
            if name == "permute" and _flat(node.args[1:]) == (1, 0, 2):
                return replace(value, swapped=not value.swapped)
        return value if isinstance(value, Unknown) else Unknown(node.name, f"the operation {name}")

    def _known(self, value: Any, node: torch.fx.Node) -> Sequence:
        if isinstance(value, Unknown):
            raise UnsupportedError(f"{value.node}: {value.what} is not supported (docs/python.md lists what is)")
        return value if isinstance(value, Sequence) else self._refuse(node, "an input that is no sequence of frames")

    def _require_last(self, node: torch.fx.Node, value: Sequence) -> None:
        """Layers are a chain: each reads what the one before computes, and the output is that of the last."""
        if value.layer != len(self._layers) - 1:
            self._refuse(node, f"a branch: {node.args[0]} is not what the layer before computes")

    @staticmethod
    def _refuse(node: torch.fx.Node, what: str) -> Any:
        place = node.target if node.op == "call_module" else node.name
        raise UnsupportedError(f"{place}: {what} is not supported (docs/python.md lists what is)")


def _flat(arguments: Tuple[Any, ...]) -> Tuple[Any, ...]:
    return tuple(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)) else tuple(arguments)


def _equal_runs(lengths: List[int]) -> List[Tuple[int, int]]:
    """[begin, end) of neighbouring sequences of equal length."""
    runs, begin = [], 0
    for n in range(1, len(lengths) + 1):
        if n == len(lengths) or lengths[n] != lengths[begin]:
            runs.append((begin, n))
            begin = n
    return runs
