"""The alternating direction method of multipliers for block-circulant weights, in any training loop.

The rule is that of `erngen train` (src/train/admm.hpp; E-RNN, HPCA 2019, section 4; Boyd et al. 2011, section 3). W = C + D, C the
block-circulant part given by its first columns, D the orthogonal complement. Z, the block-circulant matrix nearest to W + U, is C
always, for U is a sum of complements; the penalty rho/2 |W - Z + U|^2 is rho/2 |D + U|^2. The optimiser steps on C and D as two
parameters - Adam on the entries of W would let C, which is all that stays, learn several times more slowly - and pull() then minimises
the penalty plus the squared distance from there over twice the step's rate, exactly:  D <- (D - rate rho U) / (1 + rate rho).
"""
from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Union

import torch
from torch import nn

from .circulant import Columns, Weight, chosen, register, unregister
from .projection import Projection


class Residuals(NamedTuple):
    """How far W and Z are from each other and from standing still, at the last update."""

    rho: float
    primal: float  #: |W - Z| / |W|, Frobenius norm over all constrained matrices
    dual: float  #: |Z - Z before| / |W|


class _Sum(torch.autograd.Function):
    """C + D. D's gradient is the complement of W's: what a step in the block-circulant part would do is C's own."""

    @staticmethod
    def forward(context: Any, columns: torch.Tensor, complement: torch.Tensor, projection: Projection) -> torch.Tensor:
        context.projection = projection
        return projection.dense(columns) + complement

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> Any:
        return context.projection.sums(gradient), context.projection.complement(gradient), None


class Split(nn.Module):
    """Parametrization of a weight by C's first columns and D."""

    def __init__(self, projection: Projection):
        super().__init__()
        self.projection = projection

    @property
    def erngen_block(self) -> int:
        return 1  # until project() the weight is dense

    def forward(self, columns: torch.Tensor, complement: torch.Tensor) -> torch.Tensor:
        return _Sum.apply(columns, complement, self.projection)

    def right_inverse(self, weight: torch.Tensor) -> List[torch.Tensor]:
        columns = self.projection.means(weight)
        return [columns, weight - self.projection.dense(columns)]


class _Bound:
    """A constrained weight with what ADMM keeps for it."""

    def __init__(self, weight: Weight, block: int):
        self.weight = weight
        self.projection = weight.projection(block)
        register(weight, Split(self.projection))
        self.before = self.columns.detach().clone()
        self.dual = torch.zeros_like(self.complement)

    def move_to(self, device: torch.device) -> None:
        """The module may have moved since."""
        self.before, self.dual = self.before.to(device), self.dual.to(device)

    @property
    def _list(self) -> Any:
        return self.weight.module.parametrizations[self.weight.leaf]

    @property
    def columns(self) -> torch.Tensor:
        return self._list.original0

    @property
    def complement(self) -> torch.Tensor:
        return self._list.original1


def _square(x: torch.Tensor) -> float:
    return float(x.detach().double().square().sum())


class ADMM:
    """Block-circulant weights by ADMM.

    module      its weights are parametrized in place; make the optimiser afterwards, from module.parameters()
    blocks      {name of a module or weight, with * and ?: block size}, as for erngen.torch.circulant
    steps       optimiser steps that the method has: rho grows so that it ends at rho_last
    rho, rho_last   at the first and, if the loss allows, at the last update
    interval    optimiser steps between two updates of U and rho
    loss_limit  rho rises only while the loss, smoothed over 20 steps, is at most this multiple of the dense network's; 0: always
    dense_loss  of the network before the first step; default: the mean of the first `interval` losses
    tolerance   `converged` is true when both residuals are below

    Z and U are functions of W alone: under torch.distributed every rank computes the same; only the loss that holds rho back is
    averaged over the ranks.
    """

    SMOOTHING_STEPS = 20

    def __init__(self, module: nn.Module, blocks: Mapping[str, int], *, steps: int = 800, rho: float = 0.5, rho_last: float = 60.0,
                 interval: int = 10, loss_limit: float = 6.0, dense_loss: Optional[float] = None, tolerance: float = 0.01):
        if not (rho > 0 and rho_last >= rho and interval >= 1 and steps >= interval and loss_limit >= 0):
            raise ValueError(f"rho {rho}, rho_last {rho_last}, interval {interval}, steps {steps}, loss_limit {loss_limit}: "
                             "0 < rho <= rho_last, 1 <= interval <= steps and loss_limit >= 0 are expected")
        self.steps, self.interval, self.rho_last, self.loss_limit, self.tolerance = steps, interval, rho_last, loss_limit, tolerance
        self._bound = [_Bound(weight, block) for weight, block in chosen(module, blocks) if block > 1]
        self.rho, self.dense_loss, self.smoothed_loss = rho, dense_loss, 0.0
        self._count, self._updates, self._pulled = 0, 0, 0.0
        self.residuals: Optional[Residuals] = None

    def step(self, optimizer: torch.optim.Optimizer, loss: Union[float, torch.Tensor]) -> None:
        """optimizer.step(), and ADMM's part of the step. loss: of this step's batch."""
        optimizer.step()
        self.after_step(optimizer, loss)

    def after_step(self, optimizer: torch.optim.Optimizer, loss: Union[float, torch.Tensor]) -> None:
        """ADMM's part of a step that the optimiser has taken."""
        self.pull(self._rates(optimizer))
        self._count += 1
        self._follow(self._mean_over_ranks(loss))
        if self._count % self.interval == 0:
            limit = self.loss_limit
            self.update(limit == 0 or (self.dense_loss is not None and self.smoothed_loss <= limit * self.dense_loss))

    @torch.no_grad()
    def pull(self, rates: Union[float, List[float]]) -> None:
        """D <- (D - rate rho U) / (1 + rate rho); rates: of the optimiser's step, one or one for each constrained weight."""
        rates = rates if isinstance(rates, list) else [rates] * len(self._bound)
        for bound, rate in zip(self._bound, rates):
            weight = rate * self.rho
            d = bound.complement
            bound.move_to(d.device)
            d.sub_((d + bound.dual) * (weight / (1 + weight)))
        self._pulled += (rates[0] if rates else 0.0) * self.rho

    @torch.no_grad()
    def update(self, may_grow: bool) -> Residuals:
        """What the optimiser moved out of the complement goes from D to C (W stays); U <- U + g D; rho grows if it may, and U shrinks
        with it, so that the unscaled dual rho U stays. g = min(1, w / 4), w the sum of rate rho since the last update: the largest
        step without overshoot (src/train/admm.hpp)."""
        step = min(1.0, self._pulled / 4)
        size = primal = dual = 0.0
        for bound in self._bound:
            p, c, d = bound.projection, bound.columns, bound.complement
            stray = p.means(d)
            c.add_(stray)
            d.sub_(p.dense(stray))
            bound.dual.add_(d, alpha=step)
            complement = _square(d)
            size += _square(p.dense(c)) + complement  # orthogonal
            primal += complement
            dual += _square(p.dense(c - bound.before))
            bound.before.copy_(c)
        self.residuals = Residuals(self.rho, math.sqrt(primal / size), math.sqrt(dual / size))
        self._pulled = 0.0
        self._updates += 1
        left = self.steps // self.interval - self._updates
        if may_grow and left > 0:
            factor = (self.rho_last / self.rho) ** (1.0 / left)
            self.rho *= factor
            for bound in self._bound:
                bound.dual /= factor
        return self.residuals

    @torch.no_grad()
    def distance(self) -> float:
        """|D| / |W| now."""
        size = complement = 0.0
        for bound in self._bound:
            p, d = bound.projection, bound.complement
            complement += _square(p.complement(d))
            size += _square(p.dense(bound.columns) + d)
        return math.sqrt(complement / size) if size > 0 else 0.0

    @property
    def converged(self) -> bool:
        """Whether both residuals of the last update were within the tolerance."""
        r = self.residuals
        return r is not None and r.primal <= self.tolerance and r.dual <= self.tolerance

    @torch.no_grad()
    def project(self) -> None:
        """The hard projection: weights become their nearest block-circulant ones, C's first columns - the same parameters, with what
        an optimiser keeps for them - their only ones. ADMM ends with it; make a new optimiser or go on with the old one."""
        for bound in self._bound:
            columns = bound.columns
            columns.add_(bound.projection.means(bound.complement))
            unregister(bound.weight.module, bound.weight.leaf)
            register(bound.weight, Columns(bound.projection))
            bound.weight.module.parametrizations[bound.weight.leaf].original = columns
        self._bound = []

    def state_dict(self) -> Dict[str, Any]:
        """Everything of ADMM that an interrupted run must keep beside the module's and the optimiser's state dicts."""
        numbers = {name: getattr(self, name) for name in self._NUMBERS}
        return {**numbers, "residuals": None if self.residuals is None else tuple(self.residuals),
                "weights": {b.weight.name: {"before": b.before.clone(), "dual": b.dual.clone()} for b in self._bound}}

    @torch.no_grad()
    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Continues where state_dict() was taken. Raises ValueError for the state of other weights."""
        names = [b.weight.name for b in self._bound]
        if sorted(names) != sorted(state["weights"]):
            raise ValueError(f"the state is of {', '.join(state['weights'])}; this ADMM constrains {', '.join(names)}")
        for name in self._NUMBERS:
            setattr(self, name, state[name])
        self.residuals = None if state["residuals"] is None else Residuals(*state["residuals"])
        for bound in self._bound:
            bound.before.copy_(state["weights"][bound.weight.name]["before"])
            bound.dual.copy_(state["weights"][bound.weight.name]["dual"])

    _NUMBERS = ("rho", "dense_loss", "smoothed_loss", "_count", "_updates", "_pulled", "_first_losses")

    def _rates(self, optimizer: torch.optim.Optimizer) -> List[float]:
        """The rate of each constrained weight's D. Raises ValueError if the optimiser does not have it."""
        rates = {id(p): float(group["lr"]) for group in optimizer.param_groups for p in group["params"]}
        for bound in self._bound:
            if id(bound.complement) not in rates:
                raise ValueError(f"the optimiser does not have {bound.weight.name}: make it from module.parameters() after ADMM")
        return [rates[id(bound.complement)] for bound in self._bound]

    def _follow(self, loss: float) -> None:
        """Smooths the loss; the first ones are the dense network's, unless that was given."""
        first = self._count == 1
        self.smoothed_loss = loss if first else self.smoothed_loss + (loss - self.smoothed_loss) / self.SMOOTHING_STEPS
        if self.dense_loss is None:
            self._first_losses = loss if first else self._first_losses + loss
            if self._count == self.interval:
                self.dense_loss = self._first_losses / self.interval

    _first_losses = 0.0

    def _mean_over_ranks(self, loss: Union[float, torch.Tensor]) -> float:
        value, distributed = float(loss.detach() if torch.is_tensor(loss) else loss), torch.distributed
        if not (distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1):
            return value
        mean = torch.as_tensor(value, dtype=torch.float64, device=loss.device if torch.is_tensor(loss) else None)
        distributed.all_reduce(mean)
        return float(mean) / distributed.get_world_size()
