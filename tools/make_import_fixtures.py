#!/usr/bin/env python3
# Makes src/import/fixtures: PyTorch modules with random weights, as safetensors state dicts, with an input and the
# output that PyTorch computes. Needs torch, numpy and safetensors; run from the top of the source tree.
# The fixtures are committed, so that the tests need none of them.
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file

folder = pathlib.Path("src/import/fixtures")
torch.manual_seed(1)


class Stack(torch.nn.Module):
    """Recurrent modules and linear layers, applied in the order given."""

    def __init__(self, **modules):
        super().__init__()
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, x):
        for module in self.children():
            x = module(x)
            if isinstance(x, tuple):
                x = x[0]
        return x


class Cell(torch.nn.Module):
    """A cell unrolled over the frames."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x):
        state, frames = None, []
        for t in range(x.shape[1]):
            state = self.cell(x[:, t], state)
            frames.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(frames, 1)


nn = torch.nn
cases = {
    "lstm_fc": Stack(lstm=nn.LSTM(5, 6, num_layers=2, batch_first=True), fc=nn.Linear(6, 3)),
    "lstm_bare": nn.LSTM(4, 7, batch_first=True),
    "lstm_no_bias": Stack(rnn=nn.LSTM(5, 6, bias=False, batch_first=True), head=nn.Linear(6, 2, bias=False)),
    "lstm_projected": Stack(lstm=nn.LSTM(5, 8, num_layers=2, proj_size=3, batch_first=True)),
    "lstm_cell": Cell(nn.LSTMCell(3, 5)),
    "gru_fc": Stack(gru=nn.GRU(5, 6, num_layers=2, batch_first=True), fc=nn.Linear(6, 3)),
    "gru_no_bias": nn.GRU(3, 8, bias=False, batch_first=True),
    "gru_cell": Cell(nn.GRUCell(3, 5)),
    # Names in alphabetical order are not the order of application; sizes or numbers decide.
    "two_modules": Stack(second=nn.LSTM(4, 9, batch_first=True), first=nn.GRU(9, 3, batch_first=True), out=nn.Linear(3, 2)),
    "numbered": Stack(**{f"rnn{n}": nn.GRU(4, 4, batch_first=True) for n in range(9, 12)}),
}

for name, model in cases.items():
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)  # PyTorch's initial weights are small: reach the curved part of the functions
        first = next(iter(model.parameters()))
        x = torch.randn(2, 6, first.shape[1])
        y = model(x)
        y = y[0] if isinstance(y, tuple) else y
    tensors = {key: value.numpy() for key, value in model.state_dict().items()}
    save_file(tensors, folder / f"{name}.safetensors", metadata={"format": "pt"})
    np.save(folder / f"{name}.x.npy", x.numpy())
    np.save(folder / f"{name}.y.npy", y.numpy())
