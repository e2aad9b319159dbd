#!/usr/bin/env python3
# Makes the audio models of src/import/fixtures/audio: random networks as the training programs of guitar-amplifier models write them, in JSON,
# with an input and the output that PyTorch computes. Needs torch and numpy (made with PyTorch 1.13.1); run from the top of the source tree. The
# fixtures are committed, so that the tests need neither.
import json
import pathlib

import numpy as np
import torch

folder = pathlib.Path("src/import/fixtures/audio")
folder.mkdir(exist_ok=True)
torch.manual_seed(1)
nn = torch.nn
SAMPLES = 12


def numbers(tensor):
    return [numbers(part) for part in tensor] if tensor.dim() else round(tensor.item(), 7)


def save(name, model, x, y):
    (folder / f"{name}.json").write_text(json.dumps(model) + "\n")
    np.save(folder / f"{name}.x.npy", x.numpy())
    np.save(folder / f"{name}.y.npy", y.detach().numpy())


def rounded(module):
    """Numbers as they stand in the file, of a size that reaches the curved part of the functions."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_((2 * parameter * 1e4).round() / 1e4)
    return module


class SimpleRNN(nn.Module):
    """GuitarML's model: a recurrent unit, a linear layer, and the first inputs added to the output."""

    def __init__(self, inputs, outputs, unit, hidden, count, skip, bias=True):
        super().__init__()
        self.description = {"model": "SimpleRNN", "input_size": inputs, "skip": skip, "output_size": outputs, "unit_type": unit,
                            "num_layers": count, "hidden_size": hidden, "bias_fl": bias}
        self.rec = getattr(nn, unit)(inputs, hidden, count, batch_first=True)
        self.lin = nn.Linear(hidden, outputs, bias=bias)
        self.skip = skip

    def forward(self, x):
        y = self.lin(self.rec(x)[0])
        return y + x[:, :, :self.skip] if self.skip else y


def guitarml(name, *arguments, **options):
    model = rounded(SimpleRNN(*arguments, **options))
    x = torch.randn(2, SAMPLES, arguments[0])
    state = {key: numbers(value) for key, value in model.state_dict().items()}
    save(name, {"model_data": model.description, "state_dict": state}, x, model(x))


def keras_order(weight, gates, order):
    """[gates * units, inputs] of PyTorch as Keras has it: [inputs, gates * units], the gates in another order."""
    parts = weight.chunk(gates)
    return torch.cat([parts[n] for n in order]).t()


def rtneural(name, unit, dense, in_gain=None, out_gain=None, skip=None):
    inputs, hidden = unit.input_size, unit.hidden_size
    if isinstance(unit, nn.LSTM):
        gates, order = 4, (0, 1, 2, 3)
        bias = unit.bias_ih_l0 + unit.bias_hh_l0
    else:
        gates, order = 3, (1, 0, 2)
        biases = [torch.cat([b.chunk(3)[n] for n in order]) for b in (unit.bias_ih_l0, unit.bias_hh_l0)]
        bias = torch.stack(biases)
    weights = [keras_order(unit.weight_ih_l0, gates, order), keras_order(unit.weight_hh_l0, gates, order), bias]
    model = {"in_shape": [None, None, inputs], "layers": [
        {"type": "lstm" if gates == 4 else "gru", "activation": "tanh", "shape": [None, None, hidden], "weights": [numbers(w) for w in weights]},
        {"type": "time-distributed-dense", "activation": "tanh", "shape": [None, None, 2],
         "weights": [numbers(dense[0].weight.t()), numbers(dense[0].bias)]},
        {"type": "dense", "activation": "", "shape": [None, None, 1], "weights": [numbers(dense[1].weight.t()), numbers(dense[1].bias)]}]}
    if skip is not None:
        model.update({"in_skip": skip, "in_gain": in_gain, "out_gain": out_gain, "metadata": {"name": "fixture"}})
    x = torch.randn(2, SAMPLES, inputs)
    gain = torch.ones(inputs)
    gain[0] = 10 ** ((in_gain or 0) / 20)
    z = x * gain
    y = dense[1](torch.tanh(dense[0](unit(z)[0])))
    y = (y + z[:, :, :1] if skip else y) * 10 ** ((out_gain or 0) / 20)
    save(name, model, x, y)


def neural_amp_modeler(name, hidden, count):
    unit, head = rounded(nn.LSTM(1, hidden, count, batch_first=True)), rounded(nn.Linear(hidden, 1))
    h0, c0 = ((torch.randn(count, 1, hidden) * 1e4).round() / 1e4 for _ in range(2))
    weights = []
    for n in range(count):
        w, u = getattr(unit, f"weight_ih_l{n}"), getattr(unit, f"weight_hh_l{n}")
        bias = getattr(unit, f"bias_ih_l{n}") + getattr(unit, f"bias_hh_l{n}")
        for part in (torch.cat([w, u], 1), bias, h0[n, 0], c0[n, 0]):
            weights += numbers(part.flatten())
    weights += numbers(head.weight.flatten()) + numbers(head.bias)
    x = torch.randn(2, SAMPLES, 1)
    start = tuple(state.expand(count, 2, hidden).contiguous() for state in (h0, c0))
    config = {"input_size": 1, "hidden_size": hidden, "num_layers": count}
    save(name, {"version": "0.5.0", "architecture": "LSTM", "config": config, "weights": weights, "sample_rate": 48000}, x, head(unit(x, start)[0]))


guitarml("guitarml_lstm", 1, 1, "LSTM", 5, 1, skip=1)
guitarml("guitarml_gru", 2, 1, "GRU", 4, 2, skip=1, bias=False)
dense = [rounded(nn.Linear(4, 2)), rounded(nn.Linear(2, 1))]
rtneural("rtneural_lstm", rounded(nn.LSTM(1, 4, batch_first=True)), dense)
rtneural("rtneural_gru", rounded(nn.GRU(1, 4, batch_first=True)), dense)
rtneural("aidax", rounded(nn.LSTM(2, 4, batch_first=True)), dense, in_gain=-3.0, out_gain=2.5, skip=1)
neural_amp_modeler("nam", 4, 2)
model = rounded(nn.LSTM(1, 4, batch_first=True))
x = torch.randn(2, SAMPLES, 1)
save("state_dict", {f"lstm.{key}": numbers(value) for key, value in model.state_dict().items()}, x, model(x)[0])
