"""Block-circulant and quantised training in your own PyTorch loop.

    admm = erngen.torch.ADMM(model, {"gru": 8}, steps=800)      # before the optimiser is made
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for x, y in batches:
        optimizer.zero_grad(); loss = criterion(model(x), y); loss.backward(); admm.step(optimizer, loss)
    admm.project()                                              # weights are block-circulant from here on

Works with PyTorch 1.13 and newer; nothing here needs the extension module but `fake_quantise`.
"""
from .admm import ADMM, Residuals
from .circulant import circulant, dense, weights_of
from .fake_quantise import FakeQuantised, fake_quantise
from .projection import Projection, distance, project

__all__ = ["ADMM", "FakeQuantised", "Projection", "Residuals", "circulant", "dense", "distance", "fake_quantise", "project", "weights_of"]
