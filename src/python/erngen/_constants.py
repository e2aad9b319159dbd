"""What forward() computes without the values of its input: parameters, constants, and what it makes of sizes, such as the state that
torch.zeros(layers, x.size(0), hidden) or self.h0.expand(-1, x.size(0), -1) gives a recurrent layer."""
from __future__ import annotations

import contextlib
import operator
from typing import Any, Dict, Iterator, List, Set

import torch
import torch.fx
from torch import nn

#: Methods and attributes of a value that do not depend on its numbers.
SIZES = {"size", "dim", "numel", "new_zeros", "new_ones", "new_full"}
ATTRIBUTES = {"shape", "ndim", "device", "dtype"}
#: Methods whose first argument's numbers are all that count.
CASTS = {"to", "type_as"}
#: Functions that torch.fx does not follow, for none of their arguments is a tensor.
FACTORIES = ("zeros", "ones", "full")
#: Sequences and frames of the input that stands for any.
EXTENT = 3


def independent(node: torch.fx.Node, known: Any) -> bool:
    """Whether a node has the same numbers whatever the input's are; `known` says so of a node that it reads."""
    if node.op == "get_attr":
        return True
    if node.op not in ("call_function", "call_method", "call_module"):
        return False
    if all(known(read) for read in node.all_input_nodes):
        return True
    if node.op == "call_method" and node.target in SIZES:
        return True
    if node.op == "call_method" and node.target in CASTS:
        return bool(known(node.args[0]))
    return node.target is getattr and node.args[1] in ATTRIBUTES


@contextlib.contextmanager
def inference(module: nn.Module) -> Iterator[None]:
    """In eval mode for a while."""
    was_training = [(child, child.training) for child in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for child, training in was_training:
            child.training = training


@contextlib.contextmanager
def factories_followed(tracer: torch.fx.Tracer) -> Iterator[None]:
    """torch.zeros and its kin, given sizes of a symbolic value, become nodes of the graph."""
    kept = {name: getattr(torch, name) for name in FACTORIES}

    def followed(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            found: List[torch.fx.Proxy] = []
            torch.fx.node.map_aggregate((args, kwargs), lambda a: found.append(a) if isinstance(a, torch.fx.Proxy) else a)
            return tracer.create_proxy("call_function", function, args, kwargs) if found else function(*args, **kwargs)
        return call

    try:
        for name, function in kept.items():
            setattr(torch, name, followed(function))
        yield
    finally:
        for name, function in kept.items():
            setattr(torch, name, function)


class Constants:
    """Values of nodes, computed with the parameters as they are now."""

    def __init__(self, root: nn.Module, features: int):
        self._root, self._features = root, features

    def value(self, argument: Any) -> Any:
        """Of a node, or of a structure of nodes."""
        parameter = next(self._root.parameters())
        stand_in = torch.zeros(EXTENT, EXTENT, self._features, dtype=parameter.dtype, device=parameter.device)
        values: Dict[torch.fx.Node, Any] = {}
        with inference(self._root), torch.no_grad():
            return _mapped(argument, lambda node: self._evaluated(node, values, stand_in))

    def learned(self, argument: Any) -> bool:
        """Whether parameters take part in a node, or in any of a structure of nodes."""
        seen: Set[torch.fx.Node] = set()
        waiting: List[torch.fx.Node] = []
        _mapped(argument, waiting.append)
        while waiting:
            node = waiting.pop()
            if node.op == "get_attr" and isinstance(self._attribute(node), nn.Parameter):
                return True
            if node not in seen:
                seen.add(node)
                waiting += node.all_input_nodes
        return False

    def _attribute(self, node: torch.fx.Node) -> Any:
        return operator.attrgetter(str(node.target))(self._root)

    def _evaluated(self, node: torch.fx.Node, values: Dict[torch.fx.Node, Any], stand_in: torch.Tensor) -> Any:
        waiting = [node]
        while waiting:
            current = waiting[-1]
            missing = [read for read in current.all_input_nodes if read not in values]
            if missing:
                waiting += missing
            else:
                values[waiting.pop()] = self._computed(current, values, stand_in)
        return values[node]

    def _computed(self, node: torch.fx.Node, values: Dict[torch.fx.Node, Any], stand_in: torch.Tensor) -> Any:
        if node.op == "placeholder":
            return stand_in
        if node.op == "get_attr":
            return self._attribute(node)
        args, kwargs = (_mapped(given, values.__getitem__) for given in (node.args, node.kwargs))
        if node.op == "call_module":
            return self._root.get_submodule(str(node.target))(*args, **kwargs)
        if node.op == "call_method":
            return getattr(args[0], str(node.target))(*args[1:], **kwargs)
        return node.target(*args, **kwargs)  # type: ignore[operator]


def _mapped(argument: Any, function: Any) -> Any:
    return torch.fx.node.map_arg(argument, function)
