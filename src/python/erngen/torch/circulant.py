"""Block-circulant weights of PyTorch modules, through torch.nn.utils.parametrize."""
from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Iterator, List, Mapping, NamedTuple, Tuple

import torch
from torch import nn
from torch.nn.utils import parametrize

from .projection import Projection

#: Gates whose matrices lie below one another in a weight.
GATES = {nn.LSTM: 4, nn.LSTMCell: 4, nn.GRU: 3, nn.GRUCell: 3, nn.RNN: 1, nn.RNNCell: 1, nn.Linear: 1}


class Weight(NamedTuple):
    """A weight that may become block-circulant."""

    name: str  #: "encoder.gru.weight_ih_l0"
    module: nn.Module
    leaf: str  #: "weight_ih_l0"
    gates: int

    @property
    def tensor(self) -> torch.Tensor:
        return getattr(self.module, self.leaf)

    def projection(self, block: int) -> Projection:
        rows, cols = self.tensor.shape
        return Projection(self.gates, rows // self.gates, cols, block).to(self.tensor.device)


def weights_of(module: nn.Module) -> Iterator[Weight]:
    """The matrices of all LSTM, GRU, RNN and linear layers below a module."""
    for path, child in module.named_modules():
        gates = next((n for kind, n in GATES.items() if isinstance(child, kind)), 0)
        if not gates:
            continue
        for leaf in _matrix_names(child):
            full = f"{path}.{leaf}" if path else leaf
            yield Weight(full, child, leaf, 1 if leaf.startswith("weight_hr") else gates)


def _matrix_names(module: nn.Module) -> List[str]:
    if isinstance(module, nn.RNNBase):
        return [name for names in module._all_weights for name in names if name.startswith("weight")]
    return ["weight_ih", "weight_hh"] if isinstance(module, nn.RNNCellBase) else ["weight"]


def chosen(module: nn.Module, patterns: Mapping[str, int]) -> List[Tuple[Weight, int]]:
    """Weights and block sizes. A pattern is the name of a weight or of a module above it, with * and ? as in file names; the first
    that fits a weight decides. Raises ValueError for a pattern that fits none."""
    found, used = [], set()
    for weight in weights_of(module):
        for pattern, block in patterns.items():
            parts = weight.name.split(".")
            if any(fnmatchcase(".".join(parts[:n]), pattern) for n in range(1, len(parts) + 1)) or pattern == "*":
                used.add(pattern)
                found.append((weight, block))
                break
    unused = [pattern for pattern in patterns if pattern not in used]
    if unused:
        raise ValueError(f"pattern {unused[0]!r} fits no weight; there are {', '.join(w.name for w in weights_of(module))}")
    return found


class Columns(nn.Module):
    """Parametrization of a weight by first columns, its only parameter."""

    def __init__(self, projection: Projection):
        super().__init__()
        self.projection = projection

    @property
    def erngen_block(self) -> int:
        return self.projection.block

    def forward(self, columns: torch.Tensor) -> torch.Tensor:
        return self.projection.dense(columns)

    def right_inverse(self, weight: torch.Tensor) -> torch.Tensor:
        return self.projection.means(weight)


def circulant(module: nn.Module, patterns: Mapping[str, int]) -> nn.Module:
    """Makes weights block-circulant, in place: they become the nearest block-circulant ones, and their first columns the parameters.

    patterns: {name of a module or weight, with * and ?: block size}, for example {"gru": 8, "*.weight_hh_*": 16}; blocks are powers
    of two up to 64. The module's forward(), state_dict(), optimisers made afterwards, copies and checkpoints work as for any
    parametrized module. Returns the module. Raises ValueError for a pattern that fits no weight.
    """
    for weight, block in chosen(module, patterns):
        if block > 1:
            register(weight, Columns(weight.projection(block)))
    return module


def register(weight: Weight, parametrization: nn.Module) -> None:
    """Parametrizes a weight. Recurrent modules keep a list of their weights for the kernels (PyTorch issue 65688: it would go on holding
    the former ones): in a parametrized module that list is computed whenever it is read."""
    was_training = weight.module.training
    parametrize.register_parametrization(weight.module, weight.leaf, parametrization, unsafe=True)
    weight.module.train(was_training)
    if isinstance(weight.module, nn.RNNBase):
        weight.module.__dict__.pop("_flat_weights", None)
        type(weight.module)._flat_weights = property(_fresh_weights, lambda self, ignored: None)


def unregister(module: nn.Module, leaf: str) -> None:
    """Ends a weight's parametrization; it keeps its present value. Copies of a parametrized module share its class, which would lose the
    weight: the module gets a class of its own first."""
    shared = type(module)
    own = {name: value for name, value in vars(shared).items() if name not in ("__dict__", "__weakref__")}
    module.__class__ = type(shared.__name__, shared.__bases__, own)
    parametrize.remove_parametrizations(module, leaf, leave_parametrized=True)
    if isinstance(module, nn.RNNBase) and not parametrize.is_parametrized(module):
        module._flat_weights = _fresh_weights(module)


def _fresh_weights(module: nn.RNNBase) -> List[torch.Tensor]:
    return [getattr(module, name) for name in module._flat_weights_names]


def dense(module: nn.Module) -> nn.Module:
    """Ends all parametrizations of this package, in place: weights keep their present values and are plain parameters again."""
    for child in module.modules():
        if not parametrize.is_parametrized(child):
            continue
        for leaf in list(child.parametrizations):
            if any(hasattr(p, "erngen_block") for p in child.parametrizations[leaf]):
                unregister(child, leaf)
        if isinstance(child, nn.RNNBase):
            child.flatten_parameters()
    return module
