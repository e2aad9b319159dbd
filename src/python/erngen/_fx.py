"""An nn.Module as a network: torch.fx says in which order the modules are applied and what lies between them.

The graph is walked with symbolic values. What flows between layers is a `Frames`; it remembers whether its first two axes are exchanged
against those of the input, so that batch_first and transpositions are followed exactly, and whether it is the last frame alone. What is
not followed becomes `Unknown`, and is refused by name where a layer or the output reads it.
"""
from __future__ import annotations

import dis
import inspect
import operator
from dataclasses import dataclass, replace
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

import numpy as np
import torch
import torch.fx
from torch import nn
from torch.nn import functional

from . import _core
from ._constants import Constants, factories_followed, independent, inference
from ._frames import Batch
from ._layers import FIRST_FRAME, FLIP, LAYERS, NONE, SUM, Activation, Layer, numpy_of
from ._operations import (ADDITIONS, CONCATENATIONS, CUTS, IDENTITIES, IDENTITY_NAMES, activation_of_call, activation_of_module, active_dropout)
from .errors import UnsupportedError


@dataclass(frozen=True)
class Frames:
    """What nodes compute, one behind the other: [sequences, frames, features], or with `last` [sequences, features]."""

    nodes: Tuple[int, ...] = (-1,)  #: -1: the input
    swapped: bool = False  #: the first two axes are exchanged against the input's
    last: bool = False


class Cut(NamedTuple):
    """What is the host's, at the very end: a softmax, log-softmax or argmax of the features, or a squeeze of the only one."""

    value: Frames
    kind: str  #: empty for a squeeze: nothing to compute
    node: str

    @property
    def what(self) -> str:
        return f"{self.kind or 'squeeze'} elsewhere than at the very end"


class Hidden(NamedTuple):
    """The last state of each layer of a recurrent module, [layers, sequences, features]."""

    nodes: Tuple[int, ...]


class Known(NamedTuple):
    """What is the same for every input: parameters, constants, sizes."""

    node: torch.fx.Node


class Unknown(NamedTuple):
    """What no layer may read and the output may not be: forward() may compute it for itself."""

    node: str
    what: str  #: "the operation softmax"


@dataclass
class Spec:
    """A node of the network."""

    layer: Layer
    module: Any
    number: int  #: of the module's layers
    inputs: Tuple[int, ...]
    name: str
    activation: Activation = NONE
    states: Any = None  #: the node, or the two nodes of an LSTM, of the initial states that a recurrent module is given


class _Unpacked:
    """y, (h, c) = ... and sequences, frames, features = x.shape. (PyTorch 1.13 cannot do so under Python 3.11.)"""

    def __iter__(self) -> Any:
        frame = inspect.currentframe().f_back  # type: ignore[union-attr]
        for instruction in dis.get_instructions(frame.f_code):  # type: ignore[union-attr]
            if instruction.offset == frame.f_lasti and instruction.opname == "UNPACK_SEQUENCE":  # type: ignore[union-attr]
                return (self[n] for n in range(instruction.argval))  # type: ignore[index]
        return super().__iter__()  # type: ignore[misc]


class _Attribute(_Unpacked, torch.fx.proxy.Attribute):
    pass


class _Proxy(_Unpacked, torch.fx.Proxy):
    def __getattr__(self, name: str) -> Any:
        return _Attribute(self, name)


class _Tracer(torch.fx.Tracer):
    def proxy(self, node: torch.fx.Node) -> torch.fx.Proxy:
        return _Proxy(node, self)

    def is_leaf_module(self, module: nn.Module, name: str) -> bool:
        return isinstance(module, tuple(LAYERS) + IDENTITIES) or super().is_leaf_module(module, name)


def trace(module: nn.Module) -> Tuple[torch.fx.Graph, nn.Module]:
    """The graph of forward() at inference, and the module that its names are of."""
    if type(module).__module__.startswith("torch.nn"):
        module = nn.Sequential(module)  # a leaf alone has no graph
    tracer = _Tracer()
    try:
        with inference(module), factories_followed(tracer):
            return tracer.trace(module, concrete_args=_left_at_none(module)), module
    except Exception as error:  # whatever forward() does with symbolic values
        raise UnsupportedError(f"{type(module).__name__}: torch.fx cannot follow forward(): {error}\n  way out: write it without control "
                               "flow that depends on values, or export the layers as a module of their own") from error


def _left_at_none(module: nn.Module) -> Dict[str, None]:
    """The arguments of forward() behind the first that may be left out, such as a state: they are."""
    others = list(inspect.signature(module.forward).parameters.values())[1:]
    return {p.name: None for p in others if p.default is None}


class Walk:
    """The nodes of a graph, in order, and the output."""

    def __init__(self, graph: torch.fx.Graph, root: nn.Module):
        self.specs: List[Spec] = []
        self.time_first: Optional[bool] = None  # of the module's input
        self._root, self._values = root, {}  # type: nn.Module, Dict[torch.fx.Node, Any]
        for node in graph.nodes:
            if node.op == "output":
                result = node.args[0]
                value = self._first(self._value(result[0] if isinstance(result, tuple) else result))
                self.cut = value.kind if isinstance(value, Cut) else ""
                self.output = self._known(value.value if isinstance(value, Cut) else value, node)
            elif node.op == "placeholder":
                self._values[node] = Unknown(node.name, "a second input") if self._values else Frames()
            elif independent(node, lambda read: isinstance(self._value(read), Known)):
                self._values[node] = Known(node)
            elif node.op == "call_module":
                self._values[node] = self._module(node, root.get_submodule(str(node.target)))
            else:
                self._values[node] = self._call(node)

    def _value(self, argument: Any) -> Any:
        return self._values.get(argument) if isinstance(argument, torch.fx.Node) else None

    @staticmethod
    def _first(value: Any) -> Any:
        return value[0] if type(value) is tuple else value

    def _module(self, node: torch.fx.Node, module: nn.Module) -> Any:
        value = self._known(self._value(node.args[0]) if node.args else None, node)
        if isinstance(module, IDENTITIES):
            return value
        if type(module).__name__ in CUTS:
            return self._cut(node, value, type(module).__name__, module.dim)
        activation = activation_of_module(module)
        if activation:
            return self._activated(node, value, activation)
        layer = next((layer for kind, layer in LAYERS.items() if isinstance(module, kind)), None)
        reason = layer.refused(module) if layer else f"the module {type(module).__name__}"
        if reason or len(node.args) > 2 or set(node.kwargs) - {"hx"}:
            self._refuse(str(node.target), reason or "an argument beside the input")
        states = self._initial(node, node.kwargs.get("hx", node.args[1] if len(node.args) > 1 else None))
        if layer.recurrent:
            self._orient(node, value, module)
        if not layer.recurrent:
            return replace(value, nodes=(self._add(layer, module, 0, value.nodes, str(node.target)),))
        nodes: Tuple[int, ...] = ()
        result, together = value, 2 if module.bidirectional else 1
        for first in range(0, layer.count(module), together):
            result = replace(value, nodes=tuple(self._add(layer, module, first + n, result.nodes, str(node.target), states=states)
                                                for n in range(together)))
            nodes += result.nodes
        return (result, (Hidden(nodes), Unknown(node.name, "the state of a cell")) if isinstance(module, nn.LSTM) else Hidden(nodes))

    def _initial(self, node: torch.fx.Node, states: Any) -> Any:
        """The initial states that a module is given, which must be known."""
        for state in states if isinstance(states, (tuple, list)) else (states,):
            if state is None or isinstance(self._value(state), Known):
                continue
            value, what = self._value(state), "an initial state that is computed from the input"
            if isinstance(value, Hidden) or type(value) is tuple:
                what = "an initial state that is another layer's"
            elif isinstance(value, Unknown):
                what = f"an initial state that is computed from the input ({value.what})"
            self._refuse(str(node.target), what)
        return states

    def _orient(self, node: torch.fx.Node, value: Frames, module: nn.RNNBase) -> None:
        """A recurrent module says which axis is time."""
        time_first = (not module.batch_first) != value.swapped
        if value.last:
            self._refuse(str(node.target), "a recurrent layer over last frames")
        if self.time_first not in (None, time_first):
            self._refuse(str(node.target), "frames and sequences exchanged between recurrent layers (batch_first)")
        self.time_first = time_first

    def _call(self, node: torch.fx.Node) -> Any:
        name = str(node.target) if node.op != "call_function" else getattr(node.target, "__name__", str(node.target))
        if node.target in ADDITIONS:
            return self._sum(node, name)
        if node.target in CONCATENATIONS:
            return self._concatenation(node, name)
        value = self._value(node.args[0]) if node.args else None
        if node.target is operator.getitem and type(value) is tuple and node.args[1] in (0, 1):
            return value[node.args[1]]
        if isinstance(value, Hidden):
            return self._state(node, value, name)
        if isinstance(value, Cut):
            return Unknown(value.node, value.what)
        if isinstance(value, Frames):
            found = self._function(node, value, name)
            if found is not None:
                return found
        return value if isinstance(value, Unknown) else Unknown(node.name, f"the operation {name}")

    def _function(self, node: torch.fx.Node, value: Frames, name: str) -> Any:
        if node.target is functional.dropout:
            return Unknown(node.name, "dropout that is active at inference (give it training=self.training)") if active_dropout(node) else value
        if name in IDENTITY_NAMES:
            return value
        if name in CUTS:
            return self._cut(node, value, name, node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else None))
        if name == "squeeze" and node.args[1:] in ((-1,), (1 if value.last else 2,)) and self._width(value.nodes) == 1:
            return Cut(value, "", node.name)
        swaps = name in ("transpose", "swapaxes") and set(node.args[1:]) == {0, 1} or name == "permute" and _flat(node.args[1:]) == (1, 0, 2)
        if swaps and not value.last:
            return replace(value, swapped=not value.swapped)
        if name == "flip" and not value.last and self._flips(value, _flat(node.args[1:]) or _flat((node.kwargs.get("dims", ()),))):
            return replace(value, nodes=tuple(self._add(FLIP, None, 0, (n,), node.name) for n in value.nodes))
        if node.target is operator.getitem:
            return self._part(node, value, node.args[1])
        activation = activation_of_call(node, name)
        return None if activation is None else self._activated(node, value, activation)

    def _cut(self, node: torch.fx.Node, value: Frames, name: str, dim: Any) -> Any:
        """Of the features; along another axis it is no function of a frame."""
        if dim not in (-1, 1 if value.last else 2):
            return Unknown(node.name, f"{CUTS[name]} along another axis than that of the features")
        return Cut(value, CUTS[name], node.name)

    def _width(self, nodes: Tuple[int, ...]) -> Optional[int]:
        """How many values nodes have; None: as many as the input, or more."""
        spec = self.specs[nodes[0]] if len(nodes) == 1 and nodes[0] >= 0 else None
        return None if spec is None else self._width(spec.inputs[:1]) if spec.module is None else spec.layer.width(spec.module)

    def _flips(self, value: Frames, dims: Any) -> bool:
        """Whether these axes are that of the frames."""
        return self.time_first is not None and tuple(dims) == ((0,) if self.time_first != value.swapped else (1,))

    def _part(self, node: torch.fx.Node, value: Frames, index: Any) -> Any:
        """x[index], if it is the last frame of each sequence, or the first of layers that run backward, or the outputs of some layers."""
        unknown, all_of = Unknown(node.name, "the operation getitem"), slice(None)
        frames = None if value.last or self.time_first is None else 0 if self.time_first != value.swapped else 1
        features = 1 if value.last else 2
        index = list(index) if isinstance(index, tuple) else [index]
        for at in [n for n, i in enumerate(index) if i is Ellipsis]:
            index[at:at + 1] = [all_of] * (features + 2 - len(index))
        nodes: Optional[Tuple[int, ...]] = value.nodes
        if len(index) > features:
            nodes = self._selected(value.nodes, index.pop())
        which = index.pop(frames) if frames is not None and len(index) > frames else all_of
        if nodes is None or any(i != all_of for i in index) or which not in (all_of, -1, 0):
            return unknown
        if which == all_of:
            return replace(value, nodes=nodes) if nodes != value.nodes else unknown
        if which == 0:
            if not all(n >= 0 and self.specs[n].layer.backward(self.specs[n].module, self.specs[n].number) for n in nodes):
                return unknown
            nodes = self._first_frames(nodes, node.name)
        return replace(value, nodes=nodes, last=True, swapped=False)

    def _first_frames(self, nodes: Tuple[int, ...], name: str) -> Tuple[int, ...]:
        return tuple(self._add(FIRST_FRAME, None, 0, (n,), name) for n in nodes)

    def _selected(self, nodes: Tuple[int, ...], features: Any) -> Optional[Tuple[int, ...]]:
        """The nodes whose outputs a slice of the features takes, if it takes whole ones."""
        widths = [self._width((n,)) for n in nodes]
        if not isinstance(features, slice) or any(width is None for width in widths):
            return None
        ends = np.cumsum([0, *widths])  # type: ignore[list-item]
        bounds = (features.start, features.stop, features.step)
        if not all(b is None or isinstance(b, int) for b in bounds):
            return None
        taken = range(int(ends[-1]))[features]
        whole = [n for n, first, end in zip(nodes, ends, ends[1:]) if first in taken and end - 1 in taken]
        return tuple(whole) if taken.step == 1 and sum(self._width((n,)) or 0 for n in whole) == len(taken) and whole else None

    def _state(self, node: torch.fx.Node, value: Hidden, name: str) -> Any:
        """h[-1] and h[k] are the last frame of a layer; h.squeeze(0) that of the only one."""
        index = node.args[1] if len(node.args) > 1 else None
        taken: Tuple[int, ...] = ()
        if node.target is operator.getitem and isinstance(index, int) and -len(value.nodes) <= index < len(value.nodes):
            taken = (value.nodes[index],)
        if name == "squeeze" and index == 0 and len(value.nodes) == 1:
            taken = value.nodes
        if taken:
            spec = self.specs[taken[0]]
            return Frames(self._first_frames(taken, node.name) if spec.layer.backward(spec.module, spec.number) else taken, last=True)
        return Unknown(node.name, f"the operation {name} on the states of a recurrent layer")

    def _sum(self, node: torch.fx.Node, name: str) -> Any:
        values = [self._value(argument) for argument in node.args]
        if len(values) != 2 or node.kwargs or not all(isinstance(v, Frames) and len(v.nodes) == 1 for v in values):
            return next((v for v in values if isinstance(v, Unknown)), Unknown(node.name, f"the operation {name} with a constant or on several"))
        if (values[0].swapped, values[0].last) != (values[1].swapped, values[1].last):
            return Unknown(node.name, "a sum of values with different axes")
        return replace(values[0], nodes=(self._add(SUM, None, 0, values[0].nodes + values[1].nodes, node.name),))

    def _concatenation(self, node: torch.fx.Node, name: str) -> Any:
        parts = node.args[0] if node.args else node.kwargs.get("tensors", ())
        values = [self._value(part) for part in parts]
        dim = node.kwargs.get("dim", node.args[1] if len(node.args) > 1 else 0)
        if not values or not all(isinstance(v, Frames) for v in values):
            return next((v for v in values if isinstance(v, Unknown)), Unknown(node.name, f"the operation {name}"))
        if dim not in (-1, 1 if values[0].last else 2) or len({(v.swapped, v.last) for v in values}) > 1:
            return Unknown(node.name, "a concatenation along another axis than that of the features")
        return replace(values[0], nodes=tuple(n for v in values for n in v.nodes))

    def _activated(self, node: torch.fx.Node, value: Frames, activation: Activation) -> Frames:
        """Part of the layer before, where that has none and nobody else reads it; else a layer of its own."""
        if len(value.nodes) > 1:
            self._refuse(node.name, "an activation of a concatenation (apply it before)")
        spec = self.specs[value.nodes[0]] if value.nodes[0] >= 0 else None
        only = len(node.args[0].users) == 1 and not any(value.nodes[0] in s.inputs for s in self.specs)
        if spec is not None and only and spec.layer not in (FIRST_FRAME, FLIP) and not spec.layer.recurrent and spec.activation == NONE:
            spec.activation = activation
            return value
        return replace(value, nodes=(self._add(SUM, None, 0, value.nodes, node.name, activation),))

    def _add(self, layer: Layer, module: Any, number: int, inputs: Tuple[int, ...], name: str, activation: Activation = NONE,
             states: Any = None) -> int:
        self.specs.append(Spec(layer, module, number, inputs, name, activation, states))
        return len(self.specs) - 1

    def _known(self, value: Any, node: torch.fx.Node) -> Frames:
        if isinstance(value, Unknown):
            self._refuse(value.node, value.what)
        if isinstance(value, Cut):
            self._refuse(value.node, value.what)
        return value if isinstance(value, Frames) else self._refuse(node.name, "an input that is no sequence of frames")

    @staticmethod
    def _refuse(place: str, what: str) -> Any:
        raise UnsupportedError(f"{place}: {what} is not supported (docs/reference/python.md lists what is)")


class Exported:
    """A module with its network. Raises UnsupportedError naming what the network format cannot express."""

    def __init__(self, module: nn.Module):
        self._module = module
        graph, root = trace(module)
        walk = Walk(graph, root)
        self._specs, nodes = _needed(walk.specs, walk.output.nodes)
        self._output, self._cut, self._time_first = replace(walk.output, nodes=nodes), walk.cut, bool(walk.time_first)
        self.last = self._output.last
        first = [s.module for s in self._specs if s.inputs == (-1,) and s.number == 0 and s.module is not None]
        if not first:
            raise UnsupportedError(f"{type(module).__name__}: no layer reads the input alone")
        self._inputs = first[0].in_features if isinstance(first[0], nn.Linear) else first[0].input_size
        self._constants = Constants(root, self._inputs)

    def network(self) -> "_core.Model":
        """The network with the module's weights as they are now; block-circulant where `erngen.torch.circulant` made them so."""
        builder = _core.ModelBuilder(self._inputs)
        for n, spec in enumerate(self._specs):
            spec.layer.add(builder, spec.module, spec.number, list(spec.inputs), spec.name, spec.activation, self._states(spec))
            if spec.layer.backward(spec.module, spec.number):
                builder.run_backward(n)
        blocks = [spec.layer.blocks(spec.module, spec.number) for spec in self._specs]
        return builder.model(list(self._output.nodes), self.last, self._cut, blocks)

    def _states(self, spec: Spec) -> List[Optional[np.ndarray]]:
        """The vectors in which a recurrent layer begins: of h, and of an LSTM c; None for zero, however that is computed."""
        if spec.states is None:
            return [None, None]
        value, vectors = self._constants.value(spec.states), []
        for state in value if isinstance(value, (tuple, list)) else (value,):
            if not isinstance(state, torch.Tensor) or state.dim() != 3 or state.shape[0] != spec.layer.count(spec.module):
                shape = tuple(state.shape) if isinstance(state, torch.Tensor) else type(state).__name__
                raise UnsupportedError(f"{spec.name}: an initial state of shape {shape}; [layers, sequences, features] is expected")
            if not torch.equal(state, state[:, :1].expand_as(state)):
                raise UnsupportedError(f"{spec.name}: an initial state that is not the same for all sequences is not supported")
            vectors.append(numpy_of(state[spec.number, 0]) if self._constants.learned(spec.states) or bool(state.any()) else None)
        return [*vectors, None][:2]

    def frames_first(self, x: torch.Tensor) -> torch.Tensor:
        """The module's input as [sequences, frames, features], and back."""
        return x.transpose(0, 1) if self._time_first else x

    def own_order(self, y: torch.Tensor) -> torch.Tensor:
        """[sequences, frames, outputs] as the module orders its output, and back."""
        return y.transpose(0, 1) if not self.last and self._output.swapped != self._time_first else y

    def run(self, x: torch.Tensor) -> torch.Tensor:
        """module(x) for x [sequences, frames, features], in the same order of axes."""
        y = self._module(self.frames_first(x))
        return self.own_order(y[0] if isinstance(y, tuple) else y)

    def outputs(self, x: Batch) -> Any:
        """The module's own outputs in the form of x, or of the last frames [sequences, outputs]."""
        parameter = next(self._module.parameters())
        with inference(self._module), torch.no_grad():
            rows = x.by_length(lambda part: self.run(torch.from_numpy(part).to(parameter)).float().cpu().numpy())
        return np.stack(rows) if self.last else x.restore(np.concatenate(rows))


def _needed(specs: List[Spec], outputs: Tuple[int, ...]) -> Tuple[List[Spec], Tuple[int, ...]]:
    """The nodes that outputs depend on, renumbered, and the outputs."""
    needed, waiting = {-1}, list(outputs)
    while waiting:
        node = waiting.pop()
        if node not in needed:
            needed.add(node)
            waiting += specs[node].inputs
    number = {node: n - 1 for n, node in enumerate(sorted(needed))}
    kept = [replace(specs[node], inputs=tuple(number[i] for i in specs[node].inputs)) for node in sorted(needed) if node >= 0]
    return kept, tuple(number[node] for node in outputs)


def _flat(arguments: Tuple[Any, ...]) -> Tuple[Any, ...]:
    return tuple(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)) else tuple(arguments)
