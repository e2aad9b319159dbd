#!/usr/bin/env python3
# A plain dense PyTorch network, as the README's example imports it: writes model.safetensors, and x.npy with the outputs
# y.npy that PyTorch gives for it. Needs torch, numpy and safetensors (pip install torch numpy safetensors).
import numpy
import safetensors.torch
import torch


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = torch.nn.GRU(20, 64, batch_first=True)
        self.fc = torch.nn.Linear(64, 10)

    def forward(self, x):  # [sequences, frames, 20]
        return self.fc(self.gru(x)[0])


torch.manual_seed(1)
model = Model()
x = torch.randn(8, 50, 20)
safetensors.torch.save_file(model.state_dict(), "model.safetensors")
numpy.save("x.npy", x.numpy())
numpy.save("y.npy", model(x).detach().numpy())
