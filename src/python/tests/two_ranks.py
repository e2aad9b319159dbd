"""Two processes of torchrun (gloo) train one model with ADMM on different batches; rank 0 prints the largest difference of their weights.

With the argument `lightning`: somebody else's module, pytorch-forecasting's, with Lightning's trainer and ADMMCallback.
"""
import json
import os
import sys

import torch
import torch.distributed as dist

import erngen.torch as et
from helpers import Stack


def loop(rank):
    """ADMM in a loop of one's own, with DistributedDataParallel."""
    dist.init_process_group("gloo")
    module = Stack("lstm", hidden=16)
    module.drop.p = 0.0
    admm = et.ADMM(module, {"rnn": 4}, steps=100)
    parallel = torch.nn.parallel.DistributedDataParallel(module)
    optimizer = torch.optim.Adam(module.parameters(), 1e-2)
    for n in range(100):
        x = torch.randn(4, 7, 6, generator=torch.Generator().manual_seed(2 * n + rank))
        optimizer.zero_grad()
        loss = (parallel(x) - x[:, :, :3].cumsum(1).tanh()).square().mean() * (1 + rank)
        loss.backward()
        admm.step(optimizer, loss)
    return module, admm


def fit(rank):
    """Each rank has half of the data: Lightning's distributed sampler."""
    from forecasting import forecaster, trained

    model, data = forecaster()
    callback = trained(model, data, epochs=4, strategy="ddp", devices=2)
    return model, callback.admm


def main():
    torch.set_num_threads(1)
    rank = int(os.environ["RANK"])
    module, admm = (fit if sys.argv[1:] == ["lightning"] else loop)(rank)
    mine = torch.cat([p.detach().reshape(-1) for p in module.parameters()])
    both = [torch.zeros_like(mine) for _ in range(2)]
    dist.all_gather(both, mine)
    if rank == 0:
        print(json.dumps({"difference": float((both[0] - both[1]).abs().max()), "rho": admm.rho, "distance": admm.distance()}), flush=True)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
