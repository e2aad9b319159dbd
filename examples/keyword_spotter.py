"""A keyword spotter from PyTorch to simulated Verilog: dense training, ADMM to blocks of 8, quantisation-aware training, hardware.

    python examples/keyword_spotter.py [FOLDER]     # of the Free Spoken Digit Dataset; without it: synthesised voices
"""
import sys

import numpy as np
import torch

import erngen
import erngen.torch
from spoken_digits import BANDS, load


class Spotter(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = torch.nn.GRU(BANDS, 64, batch_first=True)
        self.fc = torch.nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.gru(x)[0])


def batch(words, digits, chosen):
    """Words padded to one length, which frames are words, digits."""
    x = torch.nn.utils.rnn.pad_sequence([torch.from_numpy(words[n]) for n in chosen], batch_first=True)
    lengths = torch.tensor([len(words[n]) for n in chosen])
    return x, torch.arange(x.shape[1]) < lengths[:, None], torch.tensor([digits[n] for n in chosen])


def train(model, data, steps, rate, admm=None):
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps) if admm is None else None
    for _ in range(steps):
        x, mask, y = batch(*data, np.random.randint(len(data[0]), size=32))
        scores = (model(x) * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)  # of a word: the mean over its frames
        loss = torch.nn.functional.cross_entropy(scores, y)
        optimizer.zero_grad()
        loss.backward()
        admm.step(optimizer, loss) if admm else optimizer.step()
        if schedule:
            schedule.step()


def accuracy(outputs, digits):
    return 100 * np.mean([y.mean(0).argmax() == d for y, d in zip(outputs, digits)])


def outputs(model, words):
    with torch.no_grad():
        return [model(torch.from_numpy(w)[None])[0].numpy() for w in words]


torch.set_num_threads(1)  # more gain nothing with matrices as small as these
torch.manual_seed(1)
np.random.seed(1)
training, (words, digits) = load(*sys.argv[1:])
model = Spotter()
train(model, training, 1000, 1e-2)
print(f"dense                {accuracy(outputs(model, words), digits):.1f} %")

admm = erngen.torch.ADMM(model, {"gru": 8}, steps=400)
train(model, training, 400, 3e-3, admm)
admm.project()
train(model, training, 600, 6e-3)
print(f"blocks of 8          {accuracy(outputs(model, words), digits):.1f} %")

quantised = erngen.torch.fake_quantise(model, training[0][::20], weights=12, activations=12)
train(quantised, training, 100, 1e-3)
net = erngen.compile(quantised, training[0][::20], device="xc7a100t", clock=100, goal="rate", overlap=False)
predicted = net.predict(words)
print(f"12 bits              {accuracy(predicted, digits):.1f} %")

simulation = net.simulate(words)
equal = all(np.array_equal(hardware, y) for hardware, y in zip(simulation.outputs, predicted))
print(f"simulated            {simulation['outputs_checked']} outputs of {len(words)} words, {'all' if equal else 'NOT all'} as predicted")
print(f"a frame in           {net.report()['cycles_per_frame']:.0f} cycles, {net.report()['dsp']} DSP blocks")
