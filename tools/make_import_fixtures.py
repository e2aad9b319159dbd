#!/usr/bin/env python3
# Makes src/import/fixtures: PyTorch modules with random weights, as safetensors state dicts, with an input and the
# output that PyTorch computes. Needs torch, numpy and safetensors; run from the top of the source tree.
# The fixtures are committed, so that the tests need none of them.
import pathlib

import numpy as np
import torch
import torch.nn.utils.prune
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


class WeightNorm(torch.nn.Module):
    """What torch.nn.utils.parametrizations.weight_norm registers since torch 2.0."""

    def forward(self, g, v):
        return torch._weight_norm(v, g, 0)

    def right_inverse(self, weight):
        return torch.norm_except_dim(weight, 2, 0), weight


class Symmetric(torch.nn.Module):
    """A function of the user's own: a state dict does not show it."""

    def forward(self, weight):
        return weight + weight.flip(1)


nn = torch.nn
parametrize = torch.nn.utils.parametrize


def head(change_fc, change_lstm=None):
    """An LSTM and a linear layer, parametrised."""
    model = Stack(lstm=nn.LSTM(4, 6, batch_first=True), fc=nn.Linear(6, 3))
    change_fc(model.fc)
    if change_lstm:
        change_lstm(model.lstm)
    return model.eval()


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


def save(name, model):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)  # PyTorch's initial weights are small: reach the curved part of the functions
        first = next(parameter for name, parameter in model.named_parameters() if "weight_ih" in name)
        x = torch.randn(2, 6, first.shape[1])
        y = model(x)
        y = y[0] if isinstance(y, tuple) else y
    tensors = {key: value.numpy() for key, value in model.state_dict().items()}
    save_file(tensors, folder / f"{name}.safetensors", metadata={"format": "pt"})
    np.save(folder / f"{name}.x.npy", x.numpy())
    np.save(folder / f"{name}.y.npy", y.numpy())


for name, model in cases.items():
    save(name, model)
# Made after the others, so that these draw the same numbers as without them.
parametrised = {
    "weight_norm": head(lambda fc: parametrize.register_parametrization(fc, "weight", WeightNorm()),
                        lambda lstm: parametrize.register_parametrization(lstm, "weight_hh_l0", WeightNorm())),
    "old_weight_norm": head(lambda fc: nn.utils.weight_norm(fc, dim=None), lambda lstm: nn.utils.weight_norm(lstm, "weight_hh_l0")),
    "spectral_norm": head(nn.utils.parametrizations.spectral_norm),
    "old_spectral_norm": head(nn.utils.spectral_norm, lambda lstm: nn.utils.spectral_norm(lstm, "weight_hh_l0")),
    "pruned": head(lambda fc: nn.utils.prune.random_unstructured(fc, "weight", 0.5),
                   lambda lstm: nn.utils.prune.l1_unstructured(lstm, "weight_hh_l0", 0.75)),
    "orthogonal": head(nn.utils.parametrizations.orthogonal),
    "symmetric": head(lambda fc: parametrize.register_parametrization(fc, "weight", Symmetric())),
    "plain_parametrized": head(lambda fc: parametrize.register_parametrization(fc, "weight", nn.Identity())),
}
for name, model in parametrised.items():
    save(name, model)


class Begun(torch.nn.Module):
    """An LSTM and a GRU that begin with learned states, and a plain recurrent layer that does not."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 6, 2, batch_first=True, proj_size=5)
        self.h0, self.c0 = nn.Parameter(torch.randn(2, 1, 5)), nn.Parameter(torch.randn(2, 6))
        self.decoder = nn.Module()
        self.decoder.gru, self.decoder.init_h = nn.GRU(5, 5, batch_first=True), nn.Parameter(torch.randn(5))
        self.rnn = nn.RNN(5, 3, 2, batch_first=True)

    def forward(self, x):
        sequences = x.shape[0]
        y, _ = self.lstm(x, (self.h0.expand(-1, sequences, -1).contiguous(), self.c0[:, None].repeat(1, sequences, 1)))
        y, _ = self.decoder.gru(y, self.decoder.init_h.expand(1, sequences, -1).contiguous())
        return self.rnn(y)[0]


save("learned_states", Begun())
save("bidirectional", nn.LSTM(5, 6, num_layers=2, proj_size=4, bidirectional=True, batch_first=True))
save("bidirectional_fc", Stack(gru=nn.GRU(5, 6, bidirectional=True, batch_first=True), fc=nn.Linear(12, 3)))
