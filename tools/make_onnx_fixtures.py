#!/usr/bin/env python3
# Makes src/import/fixtures/onnx: PyTorch models with random weights as ONNX files of one of PyTorch's exporters, each with an
# input and the output that PyTorch computes. The fixtures are committed, so that the tests need neither.
#   python3 tools/make_onnx_fixtures.py torchscript|dynamo [FOLDER] [--real-size]
# Needs torch and numpy, `dynamo` torch 2.5 or later, onnxscript and onnx. --real-size makes models of real sizes (with external data
# in the case of dynamo), which are not committed.
# Inputs are [sequences, frames, features], outputs [sequences, frames, elements], or [sequences, elements] of the last frame.
import argparse
import pathlib
import warnings

import numpy as np
import torch
from torch import nn

warnings.filterwarnings("ignore")


class Recurrent(nn.Module):
    """nn.LSTM, nn.GRU or nn.RNN, and what follows. All of PyTorch's outputs, or only that of `pick`."""

    def __init__(self, layer, head=None, pick=None, states=False):
        super().__init__()
        self.layer, self.head, self.pick, self.states = layer, head, pick, states

    def forward(self, x):
        y, state = self.layer(x)
        if self.pick:
            y = self.pick(y, state)
        if self.head:
            y = self.head(y)
        return (y, state) if self.states else y


class TimeFirst(nn.Module):
    """Frames are the input's first axis in the model and the second one outside; the input is normalised by constants."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.randn(5))
        self.register_buffer("deviation", torch.rand(5) + 0.5)
        self.layer, self.out = nn.LSTM(5, 6), nn.Linear(6, 3)

    def forward(self, x):
        x = (x - self.mean) / self.deviation
        y, _ = self.layer(x.transpose(0, 1))
        return nn.functional.hardtanh(self.out(y.transpose(0, 1))) * 0.5 + 1


class Normalised(nn.Module):
    """Batch normalisation before the recurrent layer and between dense ones."""

    def __init__(self):
        super().__init__()
        self.before, self.between = nn.BatchNorm1d(5), nn.BatchNorm1d(4)
        self.layer, self.first, self.second = nn.GRU(5, 6, batch_first=True), nn.Linear(6, 4), nn.Linear(4, 2)
        for norm in (self.before, self.between):
            nn.init.normal_(norm.weight), nn.init.normal_(norm.bias), nn.init.normal_(norm.running_mean)
            nn.init.uniform_(norm.running_var, 0.5, 2)

    def forward(self, x):
        x = self.before(x.transpose(1, 2)).transpose(1, 2)
        y, _ = self.layer(x)
        y = self.between(self.first(nn.functional.dropout(y, 0.3, self.training)).transpose(1, 2)).transpose(1, 2)
        return self.second(nn.functional.leaky_relu(y, 0.1))


class Denoiser(nn.Module):
    """Like RNNoise: dense layers, three GRUs that read concatenations, two outputs."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 5)
        self.voice = nn.GRU(5, 4, batch_first=True)
        self.noise = nn.GRU(5 + 4 + 6, 5, batch_first=True)
        self.denoise = nn.GRU(4 + 5 + 6, 6, batch_first=True)
        self.activity, self.gains = nn.Linear(4, 1), nn.Linear(6, 3)

    def forward(self, x):
        dense = torch.tanh(self.first(x))
        voice, _ = self.voice(dense)
        noise, _ = self.noise(torch.cat([dense, voice, x], -1))
        denoise, _ = self.denoise(torch.cat([voice, noise, x], -1))
        return torch.sigmoid(self.gains(denoise)), torch.sigmoid(self.activity(voice))


class Effect(nn.Module):
    """An audio effect: what the network computes is added to the first input."""

    def __init__(self):
        super().__init__()
        self.layer, self.out = nn.LSTM(2, 8, batch_first=True), nn.Linear(8, 1)

    def forward(self, x):
        y, _ = self.layer(x)
        return self.out(y) + x[:, :, 0:1]


class Learned(nn.Module):
    """Initial states that are parameters, the same for each sequence."""

    def __init__(self):
        super().__init__()
        self.layer, self.out = nn.LSTM(3, 5, 2, batch_first=True), nn.Linear(5, 2)
        self.h, self.c = nn.Parameter(torch.randn(2, 1, 5)), nn.Parameter(torch.randn(2, 1, 5))

    def forward(self, x):
        states = [s.expand(-1, x.shape[0], -1).contiguous() for s in (self.h, self.c)]
        y, _ = self.layer(x, (states[0], states[1]))
        return self.out(y)


class Residual(nn.Module):
    """Two recurrent layers with a sum around the second one, and a ReLU that no dense layer makes."""

    def __init__(self):
        super().__init__()
        self.one, self.two = nn.LSTM(4, 6, batch_first=True), nn.LSTM(6, 6, batch_first=True)
        self.out = nn.Linear(6, 3)

    def forward(self, x):
        y, _ = self.one(x)
        z, _ = self.two(y)
        return self.out(torch.relu(y + z))


class Streaming(nn.Module):
    """The states come in and go out: one call is one frame, or several."""

    def __init__(self):
        super().__init__()
        self.layer, self.out = nn.LSTM(4, 5, 2, batch_first=True), nn.Linear(5, 2)

    def forward(self, x, h, c):
        y, (h, c) = self.layer(x, (h, c))
        return self.out(y), h, c


class OneFeature(nn.Module):
    """Samples [sequences, frames] without an axis of features, on either side."""

    def __init__(self):
        super().__init__()
        self.layer, self.out = nn.GRU(1, 6, batch_first=True), nn.Linear(6, 1)

    def forward(self, x):
        y, _ = self.layer(x.unsqueeze(-1))
        return self.out(y).squeeze(-1)


class ChannelsFirst(nn.Module):
    """The input is [sequences, features, frames]."""

    def __init__(self):
        super().__init__()
        self.layer, self.out = nn.GRU(4, 6, batch_first=True), nn.Linear(6, 3)

    def forward(self, x):
        y, _ = self.layer(x.permute(0, 2, 1))
        return self.out(y).argmax(-1)


def last(y, _):
    return y[:, -1]


def final_state(_, state):
    return (state[0] if isinstance(state, tuple) else state)[-1]


def final_states(_, state):
    h = state[0] if isinstance(state, tuple) else state
    return torch.cat((h[-2], h[-1]), -1)


def ends(y, _):
    """The last frame of the forward direction and the first one of the backward direction."""
    size = y.shape[-1] // 2
    return torch.cat((y[:, -1, :size], y[:, 0, size:]), -1)


def two_layers(size):
    return nn.Sequential(nn.Linear(size, 6), nn.ReLU(), nn.Linear(6, 3))


def gru(*sizes, **options):
    return nn.GRU(*sizes, batch_first=True, **options)


def lstm(*sizes, **options):
    return nn.LSTM(*sizes, batch_first=True, **options)


def zoo(real_size):
    """Name, model, features; the batch and the number of frames stay open in the file."""
    if real_size:
        return {
            "lstm_39_128": (Recurrent(lstm(39, 128, num_layers=2), nn.Linear(128, 40)), 39),
            "gru_40_256": (Recurrent(gru(40, 256), nn.Sequential(nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 12)), last), 40),
            "lstm_153_1024": (Recurrent(lstm(153, 1024)), 153),
        }
    relu_head = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3), nn.Softmax(-1))
    limits = nn.Sequential(nn.Linear(6, 6), nn.ReLU6(), nn.Linear(6, 4), nn.Hardsigmoid())
    return {
        "lstm": (Recurrent(lstm(4, 6), states=True), 4),
        "lstm_linear": (Recurrent(lstm(4, 6, num_layers=2), nn.Linear(6, 3)), 4),
        "lstm_no_bias": (Recurrent(lstm(4, 6, bias=False), nn.Linear(6, 3, bias=False)), 4),
        "gru_linear": (Recurrent(gru(4, 6, num_layers=2), nn.Linear(6, 3)), 4),
        "gru_keywords": (Recurrent(gru(4, 6), relu_head, last), 4),
        "lstm_final_state": (Recurrent(lstm(4, 6, num_layers=2), nn.Sequential(nn.Linear(6, 3), nn.LogSoftmax(-1)), final_state), 4),
        "rnn_tanh": (Recurrent(nn.RNN(4, 6, 2, batch_first=True), nn.Linear(6, 3)), 4),
        "rnn_relu": (Recurrent(nn.RNN(4, 6, batch_first=True, nonlinearity="relu"), limits), 4),
        "jets": (Recurrent(gru(6, 8), nn.Sequential(nn.Linear(8, 10), nn.ReLU(), nn.Linear(10, 1), nn.Sigmoid()), last), 6),
        "mask": (Recurrent(lstm(5, 6, num_layers=2), nn.Sequential(nn.Linear(6, 5), nn.Sigmoid())), 5),
        "time_first": (TimeFirst(), 5),
        "normalised": (Normalised(), 5),
        "denoiser": (Denoiser(), 6),
        "effect": (Effect(), 2),
        "learned": (Learned(), 3),
        "residual": (Residual(), 4),
        "streaming": (Streaming(), 4),
        "one_feature": (OneFeature(), 0),
        "channels_first": (ChannelsFirst(), 4),
        "bidirectional": (Recurrent(lstm(4, 6, bidirectional=True), nn.Linear(12, 3)), 4),
        "layer_norm": (Recurrent(lstm(4, 6), nn.LayerNorm(6)), 4),
        "bidirectional_stack": (Recurrent(gru(4, 5, num_layers=2, bidirectional=True), nn.Linear(10, 3)), 4),
        "bidirectional_relu": (Recurrent(lstm(4, 5, bidirectional=True), two_layers(10)), 4),
        "bidirectional_final": (Recurrent(lstm(4, 5, bidirectional=True), two_layers(10), final_states), 4),
        "bidirectional_last": (Recurrent(gru(4, 5, bidirectional=True), nn.Linear(10, 3), last), 4),
        "bidirectional_ends": (Recurrent(nn.RNN(4, 5, batch_first=True, bidirectional=True), two_layers(10), ends), 4),
    }


def as_output(y):
    """One array of what PyTorch gives: several outputs one behind the other, the classes of an argmax as they are."""
    parts = [part.detach() for part in (y if isinstance(y, tuple) else (y,)) if torch.is_tensor(part)]
    return torch.cat(parts, -1).numpy().astype(np.float32)


def export(exporter, model, inputs, path):
    axes = {f"x{n}": {0: "batch", 1: "frames"} for n in range(1)}
    names = [f"x{n}" for n in range(len(inputs))]
    if len(inputs) > 1:
        torch.onnx.export(model, inputs, str(path), input_names=names, **options(exporter))
    elif isinstance(model, ChannelsFirst):
        torch.onnx.export(model, inputs, str(path), input_names=names, **options(exporter))
    elif exporter == "torchscript":
        torch.onnx.export(model, inputs, str(path), input_names=names, dynamic_axes=axes, **options(exporter))
    else:
        shapes = ({0: torch.export.Dim("batch"), 1: torch.export.Dim("frames")},)
        torch.onnx.export(model, inputs, str(path), input_names=names, dynamic_shapes=shapes, **options(exporter))


def without_comments(path):
    """Takes out what the dynamo exporter tells of the Python source, nine tenths of a small file."""
    import onnx

    model = onnx.load(path, load_external_data=False)
    del model.graph.value_info[:], model.metadata_props[:]
    for thing in [model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del thing.metadata_props[:]
    onnx.save(model, path)


def options(exporter):
    if exporter == "dynamo":
        return {"dynamo": True}
    return {"dynamo": False} if hasattr(torch.onnx, "ONNXProgram") else {}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("exporter", choices=["torchscript", "dynamo"])
    arguments.add_argument("folder", nargs="?", default="src/import/fixtures/onnx")
    arguments.add_argument("--real-size", action="store_true")
    arguments = arguments.parse_args()
    folder = pathlib.Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    for name, (model, features) in zoo(arguments.real_size).items():
        model.eval()
        torch.manual_seed(2)
        x = torch.randn(3, 7, features) if features else torch.randn(3, 7)
        if isinstance(model, ChannelsFirst):
            x = torch.randn(3, 4, 7)
        inputs = (x, torch.zeros(2, 3, 5), torch.zeros(2, 3, 5)) if isinstance(model, Streaming) else (x,)
        stem = folder / f"{name}.{arguments.exporter}"
        try:
            path = stem.with_name(stem.name + ".onnx")
            export(arguments.exporter, model, inputs, path)
            if arguments.exporter == "dynamo":
                without_comments(path)
        except Exception as error:  # exporters fail in their own ways, which is a result, too
            print(f"{name}: {arguments.exporter} fails: {str(error).strip().splitlines()[-1][:200]}")
            continue
        y = model(*inputs)
        y = as_output(y[0] if isinstance(model, (Streaming, Recurrent)) and isinstance(y, tuple) else y)
        if isinstance(model, ChannelsFirst):
            x = x.permute(0, 2, 1)
        if not features:
            x, y = x[..., None], y[..., None]
        np.save(folder / f"{name}.x.npy", x.numpy())
        np.save(folder / f"{name}.y.npy", y)
        print(f"{name}: {stem.name}.onnx, torch {torch.__version__}")


main()
