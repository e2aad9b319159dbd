"""Two processes (gloo) train one model with ADMM on different batches; prints the largest difference of their weights."""
import json
import tempfile

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

import erngen.torch as et
from helpers import Stack


def run(rank, folder, queue):
    dist.init_process_group("gloo", init_method=f"file://{folder}/meet", rank=rank, world_size=2)
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
    mine = torch.cat([p.detach().reshape(-1) for p in module.parameters()])
    both = [torch.zeros_like(mine) for _ in range(2)]
    dist.all_gather(both, mine)
    if rank == 0:
        queue.put({"difference": float((both[0] - both[1]).abs().max()), "rho": admm.rho, "distance": admm.distance()})
    dist.destroy_process_group()


if __name__ == "__main__":
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        queue = mp.get_context("spawn").SimpleQueue()
        mp.spawn(run, (folder, queue), nprocs=2)
        print(json.dumps(queue.get()))
