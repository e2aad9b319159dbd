"""What the tests of the package share."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

import numpy as np

import erngen

#: The command of this build, to compare with; its tests are skipped where the package is tested alone.
COMMAND = os.environ.get("ERNGEN", "")
needs_command = unittest.skipUnless(COMMAND, "ERNGEN does not name the command")

try:
    import torch
except ImportError:
    torch = None
needs_torch = unittest.skipIf(torch is None, "PyTorch is not installed")


def command(*arguments, code=0):
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


def torchrun(script, *arguments):
    """What rank 0 of two prints in its last line, JSON. PyTorch 1.13's torchrun fails under Python 3.11: its ranks are started as it does."""
    command = [str(pathlib.Path(__file__).with_name(script)), *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    if int(torch.__version__.split(".")[0]) > 1:
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", *command]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().split("\n")[-1])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        environment.update(WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(free.getsockname()[1]))
    ranks = [subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, env={**environment, "RANK": n, "LOCAL_RANK": n})
             for n in "01"]
    outputs = [rank.communicate(timeout=600)[0] for rank in ranks]
    assert all(rank.returncode == 0 for rank in ranks)
    return json.loads(outputs[0].strip().split("\n")[-1])


class InFolder(unittest.TestCase):
    """Has an empty folder of its own, self.path."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)


def noise(*shape, seed=1):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


if torch is not None:
    class Stack(torch.nn.Module):
        """Recurrent layers and a linear one, as users write them."""

        def __init__(self, kind="gru", inputs=6, hidden=16, outputs=3, layers=1, batch_first=True, bias=True, proj_size=0, seed=0):
            super().__init__()
            torch.manual_seed(seed)
            more = {"proj_size": proj_size} if proj_size else {}
            self.rnn = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[kind](inputs, hidden, num_layers=layers, batch_first=batch_first,
                                                                            bias=bias, **more)
            self.drop = torch.nn.Dropout(0.3)
            self.fc = torch.nn.Linear(proj_size or hidden, outputs, bias=bias)

        def forward(self, x):
            y, _ = self.rnn(x)
            return self.fc(self.drop(y))


def main():
    unittest.main(argv=sys.argv[:1])
