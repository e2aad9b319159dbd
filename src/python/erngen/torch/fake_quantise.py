"""Quantisation-aware training: forward the bit-exact fixed-point model, backward the network in real numbers."""
from __future__ import annotations

from typing import Any

import torch
from torch import nn

from .. import _core
from .._frames import Input, as_frames


class FakeQuantised(nn.Module):
    """A module whose forward pass gives what the hardware would, bit for bit.

    forward(x): x [sequences, frames, features], as the module takes it (with [frames, sequences, features] for batch_first=False);
    returns what the module does, in its own order of axes. The backward pass is that of the module in real numbers
    (straight-through estimator: Bengio et al. 2013). `module` shares its parameters with the module that was given. Give this object to
    erngen.compile to get exactly the hardware that was trained.
    """

    def __init__(self, module: nn.Module, calibration: Input, weights: int, activations: int):
        super().__init__()
        from .._fx import Exported

        self.module = module
        self.exported = Exported(module)
        batch = as_frames(calibration, "calibration")
        self._formats = self.exported.network().quantised(batch.frames, batch.lengths, weights, activations)

    def quantised(self) -> "_core.QuantisedModel":
        """The fixed-point model with the weights as they are now, in the formats of the calibration."""
        return self._formats.with_weights(self.exported.network())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        sequences = self.exported.frames_first(x)
        real = self.exported.run(sequences)
        batch, quantised = as_frames(sequences), self.quantised()
        outputs = quantised.run(batch.frames, batch.lengths)
        # What is cut off at the end, such as softmax, is computed here as the host computes it.
        fixed = torch.from_numpy(quantised.finished(outputs, batch.lengths)).to(real).reshape(real.shape)
        return self.exported.own_order(_Straight.apply(real, fixed))


class _Straight(torch.autograd.Function):
    """The second argument, with the gradient of the first."""

    @staticmethod
    def forward(context: Any, real: torch.Tensor, fixed: torch.Tensor) -> torch.Tensor:
        return fixed.clone()

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> Any:
        return gradient, None


def fake_quantise(module: nn.Module, calibration: Input, *, weights: int = 12, activations: int = 12) -> FakeQuantised:
    """Chooses number formats from typical frames (as erngen.compile takes them) and returns a module with the same parameters whose
    forward pass is the fixed-point model. weights, activations: bits, 4..18. Raises UnsupportedError as erngen.compile."""
    return FakeQuantised(module, calibration, weights, activations)
