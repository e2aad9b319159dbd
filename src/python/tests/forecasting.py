"""A Lightning module of somebody else: pytorch-forecasting's recurrent network on a sine."""
import numpy as np
import pandas as pd
import lightning.pytorch as pl
from pytorch_forecasting import RecurrentNetwork, TimeSeriesDataSet

from erngen.torch.lightning import ADMMCallback

STEPS = 10  # an epoch


def forecaster():
    """(module, data)"""
    pl.seed_everything(1, verbose=False)
    t = np.arange(400)
    table = pd.DataFrame({"t": t, "group": "a", "y": np.sin(t / 7) + 0.1 * np.cos(t)})
    data = TimeSeriesDataSet(table, time_idx="t", target="y", group_ids=["group"], max_encoder_length=24, max_prediction_length=6,
                             time_varying_unknown_reals=["y"])
    return RecurrentNetwork.from_dataset(data, cell_type="LSTM", hidden_size=16, rnn_layers=1, dropout=0.0, learning_rate=1e-2), data


def trained(model, data, epochs, of=None, keep=None, begin=None, **more):
    """Fits to the end of `epochs` of `of` (all) epochs; keep: the checkpoint to write; begin: the one to go on from. Returns the callback."""
    callback = ADMMCallback({"rnn": 4}, steps=STEPS * (of or epochs), loss_limit=0, project_at_end=of in (None, epochs))
    trainer = pl.Trainer(max_epochs=epochs, callbacks=[callback], logger=False, enable_progress_bar=False, enable_model_summary=False,
                         enable_checkpointing=False, accelerator="cpu", limit_train_batches=STEPS, **more)
    trainer.fit(model, data.to_dataloader(train=True, batch_size=16, shuffle=False), ckpt_path=begin, weights_only=False)
    if keep:
        trainer.save_checkpoint(keep)
    return callback
