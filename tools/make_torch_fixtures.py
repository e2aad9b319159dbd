#!/usr/bin/env python3
# Makes the files of src/import/fixtures/torch that the PyTorch at hand writes: one network in every kind of file that torch.save() makes of
# it, with an input and PyTorch's output. Needs torch and numpy; run from the top of the source tree, once with PyTorch 1.13.1 and once with
# 2.15.0: the names begin with the version. The fixtures are committed, so that the tests need neither.
import argparse
import collections
import pathlib
import sys
import types
import zipfile

import numpy as np
import torch

folder = pathlib.Path("src/import/fixtures/torch")
folder.mkdir(exist_ok=True)
version = "".join(torch.__version__.split(".")[:2])
torch.manual_seed(1)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(3, 4, batch_first=True)
        self.fc = torch.nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(self.lstm(x)[0])


class AttributeDict(dict):
    """Stands for the class of that name in PyTorch Lightning, whose checkpoints hold one."""


lightning = types.ModuleType("pytorch_lightning.utilities.parsing")
lightning.AttributeDict = AttributeDict
AttributeDict.__module__ = lightning.__name__
for name in ("pytorch_lightning", "pytorch_lightning.utilities", lightning.__name__):
    sys.modules[name] = lightning


def save(name, value, **options):
    torch.save(value, folder / f"t{version}_{name}", **options)


def compute(name, model):
    with torch.no_grad():
        np.save(folder / f"t{version}_{name}.npy", model(x).numpy())


def swap_bytes(source, target):
    """What a big-endian machine would write: every storage of float32, and byteorder."""
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as write:
        for entry in read.namelist():
            data = read.read(entry)
            if "/data/" in entry:
                data = np.frombuffer(data, "<f4").astype(">f4").tobytes()
            if not entry.endswith("byteorder"):
                write.writestr(zipfile.ZipInfo(entry), data)
        write.writestr(zipfile.ZipInfo(read.namelist()[0].split("/")[0] + "/byteorder"), b"big")


model = Model().eval()
with torch.no_grad():
    for parameter in model.parameters():
        parameter.mul_(2)
x = torch.randn(2, 5, 3)
np.save(folder / f"t{version}_x.npy", x.numpy())
compute("y", model)
weights = model.state_dict()
save("state_dict.pt", weights)
save("older.pth", weights, _use_new_zipfile_serialization=False)
save("parameters.pt", dict(model.named_parameters()))
save("double.pt", {name: tensor.double() for name, tensor in weights.items()})
swap_bytes(folder / f"t{version}_state_dict.pt", folder / f"t{version}_big_endian.pt")

# Views: matrices stored transposed, all in one storage, with gaps, from behind.
pool = torch.zeros(400)
views, begin = collections.OrderedDict(), 7
for name, tensor in weights.items():
    rows, columns = tensor.shape if tensor.dim() == 2 else (tensor.shape[0], 1)
    view = pool.as_strided((columns, 2 * rows), (2 * rows, 1), begin).t()[::2]
    view = view if tensor.dim() == 2 else view[:, 0]
    view.copy_(tensor)
    views[name] = view
    begin += 2 * rows * columns
save("views.pt", views)

optimiser = torch.optim.Adam(model.parameters())
model(x).sum().backward()
optimiser.step()
compute("checkpoint_y", model)
schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, [3, 4])
save("checkpoint.ckpt", {
    "epoch": 3, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimiser.state_dict(), "schedule": schedule.state_dict(),
    "args": argparse.Namespace(rate=1e-3, folder=pathlib.PurePosixPath("runs")), "loss": torch.tensor(0.5), "best": np.float64(3.5),
    "seed": 2 ** 80})
prefixed = collections.OrderedDict((f"net.{name}", tensor) for name, tensor in model.state_dict().items())
save("lightning.ckpt", {
    "epoch": 1, "pytorch-lightning_version": "2.2", "state_dict": prefixed, "loops": {"fit_loop": {"state_dict": {}}},
    "hparams_name": "kwargs", "hyper_parameters": AttributeDict(rate=0.1, sizes=[3, 4]), "optimizer_states": [optimiser.state_dict()]})
averaged = {name: 2 * tensor for name, tensor in weights.items()}
save("two.pt", {"student": weights, "teacher": averaged})

compute("half_y", model.half().float())
save("half.pt", model.half().state_dict())
compute("bfloat_y", model.bfloat16().float())
save("bfloat.pt", model.bfloat16().state_dict())

# What is refused: a pickled module, a programme, an element type.
model.float()
save("module.pt", model)
torch.jit.script(model).save(str(folder / f"t{version}_script.pt"))
save("complex.pt", {"weight": torch.zeros(2, 2, dtype=torch.complex64)})
if hasattr(torch, "export"):
    save("float8.pt", {"weight": torch.zeros(2, 2).to(torch.float8_e4m3fn)})
    torch.export.save(torch.export.export(torch.nn.Linear(2, 2), (torch.zeros(1, 2),)), folder / f"t{version}_program.pt2")


class Head(torch.nn.Module):
    """Activations between the linear layers, which a state dict does not show."""

    def __init__(self):
        super().__init__()
        self.gru = torch.nn.GRU(3, 4, batch_first=True)
        for n, size in enumerate((5, 4, 5, 4, 2), 1):
            setattr(self, f"fc{n}", torch.nn.Linear((4, 5, 4, 5, 4)[n - 1], size))

    def forward(self, x):
        f = torch.nn.functional
        y = f.relu(self.fc1(self.gru(x)[0]))
        y = f.hardsigmoid(self.fc3(f.leaky_relu(self.fc2(y))))
        return torch.tanh(self.fc5(f.relu6(self.fc4(y))))


head = Head().eval()
with torch.no_grad():
    for parameter in head.parameters():
        parameter.mul_(3)
compute("head_y", head)
save("head.pt", head.state_dict())
