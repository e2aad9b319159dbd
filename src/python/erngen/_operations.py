"""What may lie between layers: functions of one value, named as modules, functions and methods of PyTorch have them."""
from __future__ import annotations

import operator
from typing import Any, Optional

import torch
import torch.fx
from torch import nn
from torch.nn import functional

from ._layers import Activation

#: Modules that compute nothing at inference.
IDENTITIES = (nn.Identity, nn.Dropout, nn.Dropout2d, nn.AlphaDropout)
IDENTITY_NAMES = {"contiguous", "clone", "detach", "float"}
ADDITIONS = {operator.add, operator.iadd, torch.add, "add", "add_"}
CONCATENATIONS = {torch.cat, getattr(torch, "concat", torch.cat)}

#: What is cut off at the very end and left to the host, by the names of functions, methods and modules.
CUTS = {"softmax": "softmax", "log_softmax": "log_softmax", "argmax": "argmax", "Softmax": "softmax", "LogSoftmax": "log_softmax"}

RELU: Activation = ("relu", 0.0, 0.0)
SIGMOID: Activation = ("sigmoid", 0.0, 0.0)
TANH: Activation = ("tanh", 0.0, 0.0)
_PLAIN = {"relu": RELU, "relu_": RELU, "sigmoid": SIGMOID, "tanh": TANH, "relu6": ("clip", 0.0, 6.0), "hardsigmoid": ("hard_sigmoid", 1 / 6, 0.5)}


def activation_of_module(module: nn.Module) -> Optional[Activation]:
    """None for a module that is no such function."""
    if isinstance(module, nn.Hardtanh):  # nn.ReLU6 is one
        return ("clip", float(module.min_val), float(module.max_val))
    if isinstance(module, nn.LeakyReLU):
        return ("leaky_relu", float(module.negative_slope), 0.0)
    for kind, name in ((nn.ReLU, "relu"), (nn.Sigmoid, "sigmoid"), (nn.Tanh, "tanh"), (nn.Hardsigmoid, "hardsigmoid")):
        if isinstance(module, kind):
            return _PLAIN[name]
    return None


def activation_of_call(node: torch.fx.Node, name: str) -> Optional[Activation]:
    """Of a function or method applied to its first argument; None for any other."""
    if node.op == "call_function" and getattr(node.target, "__module__", "") not in ("torch", "torch.nn.functional", "torch._C._nn", None):
        if getattr(functional, name, None) is not node.target and getattr(torch, name, None) is not node.target:
            return None
    if name in _PLAIN:
        return _PLAIN[name]
    if name in ("hardtanh", "clamp", "clip"):
        defaults = (-1.0, 1.0) if name == "hardtanh" else (None, None)
        keys = ("min_val", "max_val") if name == "hardtanh" else ("min", "max")
        limits = [_argument(node, n + 1, key, default) for n, (key, default) in enumerate(zip(keys, defaults))]
        if limits[1] is None and limits[0] == 0:
            return RELU
        return ("clip", *map(float, limits)) if all(isinstance(limit, (int, float)) for limit in limits) else None
    if name == "leaky_relu":
        return ("leaky_relu", float(_argument(node, 1, "negative_slope", 0.01)), 0.0)
    return None


def _argument(node: torch.fx.Node, number: int, name: str, default: Any) -> Any:
    return node.kwargs.get(name, node.args[number] if len(node.args) > number else default)


def active_dropout(node: torch.fx.Node) -> bool:
    """Of a call of functional.dropout: whether it is active at inference."""
    return bool(_argument(node, 2, "training", True))
