"""ADMM as a callback of Lightning's Trainer; the LightningModule stays as it is."""
from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    from pytorch_lightning.callbacks import Callback

from .admm import ADMM


class ADMMCallback(Callback):
    """Constrains a LightningModule's weights from the start of fit() and projects them at its end.

    blocks and options: as ADMM's; `admm` is there from setup() on. The module must optimise automatically with one optimiser, and its
    training_step() return the loss, or a dictionary with it.
    """

    def __init__(self, blocks: Mapping[str, int], project_at_end: bool = True, **options: Any):
        self._blocks, self._options, self._project = blocks, options, project_at_end
        self._waiting: Optional[Mapping[str, Any]] = None
        self.admm: Optional[ADMM] = None

    def setup(self, trainer: Any, pl_module: Any, stage: Optional[str] = None) -> None:
        if stage == "fit" and self.admm is None:  # before configure_optimizers()
            self.admm = ADMM(pl_module, self._blocks, **self._options)
            if self._waiting is not None:
                self.admm.load_state_dict(self._waiting)

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        self._steps_seen = trainer.global_step  # of a run that is resumed

    def on_train_batch_end(self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int) -> None:
        if trainer.global_step == self._steps_seen:  # gradients are being accumulated
            return
        self._steps_seen = trainer.global_step
        loss = outputs["loss"] if isinstance(outputs, Mapping) else outputs
        self.admm.after_step(trainer.optimizers[0], loss.detach() * trainer.accumulate_grad_batches)

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        if self._project:
            self.admm.project()

    def state_dict(self) -> Dict[str, Any]:
        return {} if self.admm is None else self.admm.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        if not state:
            return
        if self.admm is None:
            self._waiting = state
        else:
            self.admm.load_state_dict(state)

    _steps_seen = 0
