"""erngen.torch: block-circulant weights and ADMM in PyTorch, against dense oracles and the command."""
import copy
import itertools
import unittest

import numpy as np

import erngen
from helpers import InFolder, command, main, needs_command, needs_torch, noise, torch, torchrun

if torch is not None:
    import erngen.torch as et
    from helpers import Stack


def nearest_by_hand(w, k):
    """The mean of each wrapped diagonal of each k x k block, entry by entry."""
    result = np.zeros_like(w)
    for i, j, d in itertools.product(range(0, w.shape[0], k), range(0, w.shape[1], k), range(k)):
        entries = [(r, c) for r in range(i, min(i + k, w.shape[0])) for c in range(j, min(j + k, w.shape[1])) if (r - c) % k == d]
        for r, c in entries:
            result[r, c] = np.mean([w[e] for e in entries], dtype=np.float64)
    return result


@needs_torch
class Projecting(InFolder):
    def test_projection_is_the_mean_of_wrapped_diagonals(self):
        for rows, cols, k in itertools.product((1, 5, 8), (3, 8, 13), (1, 2, 4, 8)):
            w = noise(2 * rows, cols, seed=rows)
            got = et.project(torch.from_numpy(w), k, gates=2).numpy()
            want = np.concatenate([nearest_by_hand(w[:rows], k), nearest_by_hand(w[rows:], k)])
            np.testing.assert_allclose(got, want, rtol=1e-6, atol=1e-7)
            self.assertAlmostEqual(et.distance(torch.from_numpy(w), k, 2), np.linalg.norm(w - want) / np.linalg.norm(w), 6)

    @needs_command
    def test_projection_is_that_of_the_command_entry_for_entry(self):
        for kind, k in itertools.product(("gru", "lstm"), (2, 8, 16)):
            module = Stack(kind, hidden=19, outputs=5, seed=k)
            dense, _ = network_of(module)
            dense.write(self.path / "dense.net")
            command("compress", self.path / "dense.net", "--block", k, "-o", self.path / "c.net")
            et.circulant(module, {"*": k})
            network_of(module)[0].write(self.path / "mine.net")
            self.assertEqual((self.path / "mine.net").read_bytes(), (self.path / "c.net").read_bytes())


def network_of(module):
    from erngen._fx import Exported

    exported = Exported(module)
    return exported.network(), exported


@needs_torch
class Circulant(unittest.TestCase):
    def net(self, kind="lstm"):
        return et.circulant(Stack(kind, layers=2), {"rnn.weight_hh*": 8, "rnn": 4, "fc": 2})

    def test_weights_are_circulant_and_the_forward_pass_uses_them(self):
        for kind in ("lstm", "gru"):
            module = self.net(kind)
            x = torch.randn(3, 5, 6)
            for weight in et.weights_of(module):
                block = 8 if "hh" in weight.name else 4 if "rnn" in weight.name else 2
                self.assertLess(et.distance(weight.tensor.detach(), block, weight.gates), 1e-7)
            plain = et.dense(copy.deepcopy(module))
            self.assertEqual(sorted(plain.state_dict()), sorted(Stack(kind, layers=2).state_dict()))
            self.assertTrue(torch.equal(plain.eval()(x), module.eval()(x)))

    def test_gradients_are_those_of_a_dense_oracle(self):
        for kind in ("lstm", "gru"):
            module = self.net(kind).double().eval()
            plain = et.dense(copy.deepcopy(module))
            x = torch.randn(3, 5, 6, dtype=torch.float64)
            module(x).square().sum().backward()
            plain(x).square().sum().backward()
            for mine, theirs in zip(et.weights_of(module), et.weights_of(plain)):
                columns = mine.module.parametrizations[mine.leaf].original
                sums = mine.module.parametrizations[mine.leaf][0].projection.sums(theirs.tensor.grad)
                torch.testing.assert_close(columns.grad, sums)

    def test_steps_move_the_outputs(self):  # PyTorch issue 65688: a recurrent kernel that goes on with the former weights
        module, x = self.net().eval(), torch.randn(3, 5, 6)
        before = module(x).detach()
        optimizer = torch.optim.SGD([p for n, p in module.named_parameters() if "weight_hh" in n], 1.0)
        module(x).square().sum().backward()
        optimizer.step()
        self.assertGreater((module(x) - before).abs().max(), 1e-3)

    def test_state_dicts_copies_and_averages(self):
        module, x = self.net().eval(), torch.randn(3, 5, 6)
        other = self.net().eval()
        with torch.no_grad():
            for p in other.parameters():
                p.add_(torch.randn_like(p))
        other.load_state_dict(module.state_dict())
        self.assertTrue(torch.equal(other(x), module(x)))
        module(x).sum().backward()
        average = torch.optim.swa_utils.AveragedModel(module)
        average.update_parameters(module)
        self.assertTrue(torch.equal(average(x), module(x)))
        et.dense(copy.deepcopy(module))
        self.assertEqual(module(x).shape, (3, 5, 3))  # the copy's end is not the original's

    def test_compile_sees_the_blocks(self):
        module = self.net()
        x = noise(2, 30, 6)
        report = erngen.compile(module, x).report()
        self.assertEqual(report["words"], 8)
        self.assertGreater(report["comparison"]["sqnr_db"], 100)

    def test_wrong_patterns(self):
        for patterns, text in [({"none": 8}, "fits no weight"), ({"rnn": 3}, "power of two"), ({"rnn": 128}, "64")]:
            with self.assertRaisesRegex(ValueError, text):
                et.circulant(Stack(), patterns)


def train(module, admm, optimizer, steps, begin=0):
    """Regression onto a fixed teacher, a batch a step."""
    for n in range(begin, begin + steps):
        generator = torch.Generator().manual_seed(n)
        x = torch.randn(4, 7, 6, generator=generator)
        y = x[:, :, :3].cumsum(1).tanh()
        optimizer.zero_grad()
        loss = (module(x) - y).square().mean()
        loss.backward()
        admm.step(optimizer, loss)
    return float(loss)


@needs_torch
class Admm(unittest.TestCase):
    def make(self, **options):
        module = Stack("gru", hidden=16).train()
        module.drop.p = 0.0
        admm = et.ADMM(module, {"rnn": 4}, **{"steps": 200, **options})
        return module, admm, torch.optim.Adam(module.parameters(), 3e-3)

    def test_splitting_changes_nothing(self):
        module, x = Stack("lstm", layers=2, proj_size=5).eval(), torch.randn(3, 5, 6)
        before = module(x).detach()
        et.ADMM(module, {"*": 8})
        torch.testing.assert_close(module(x), before)

    def test_one_step_is_the_formula(self):
        """In double precision, on a linear layer: what admm.hpp says, written with dense matrices."""
        torch.manual_seed(0)
        module = torch.nn.Linear(8, 8, bias=False).double()
        w = module.weight.detach().numpy().copy()
        admm = et.ADMM(module, {"*": 4}, rho=2.0, steps=100, interval=2, dense_loss=1.0)
        optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
        c, u, rho, pulled = nearest_by_hand(w, 4), np.zeros_like(w), 2.0, 0.0
        d = w - c
        for n in range(6):
            x, y = noise(5, 8, seed=n).astype(np.float64), noise(5, 8, seed=100 + n).astype(np.float64)
            loss = (module(torch.from_numpy(x)) - torch.from_numpy(y)).square().mean()
            optimizer.zero_grad()
            loss.backward()
            admm.step(optimizer, loss)
            g = 2 * (x @ (c + d).T - y).T @ x / y.size
            near = nearest_by_hand(g, 4)
            # A column stands for the 4 entries of its diagonal: its gradient is their sum.
            c, d = c - 0.1 * 4 * near, d - 0.1 * (g - near)
            d, pulled = d - (d + u) * (0.1 * rho / (1 + 0.1 * rho)), pulled + 0.1 * rho
            if n % 2 == 1:
                u, pulled = u + min(1.0, pulled / 4) * d, 0.0
                factor = (60 / rho) ** (1 / (50 - (n + 1) // 2))
                rho, u = rho * factor, u / factor
            np.testing.assert_allclose(module.weight.detach().numpy(), c + d, atol=1e-12)
        self.assertAlmostEqual(admm.rho, rho, 9)

    def test_it_ends_block_circulant(self):
        module, admm, optimizer = self.make()
        self.assertGreater(admm.distance(), 0.5)
        train(module, admm, optimizer, 200)
        self.assertLess(admm.residuals.primal, 0.05)
        self.assertAlmostEqual(admm.rho, 60, 6)
        before = {id(p) for p in module.parameters()}
        admm.project()
        self.assertTrue({id(p) for p in module.parameters()} < before)
        for weight in et.weights_of(module.rnn):
            self.assertLess(et.distance(weight.tensor.detach(), 4, weight.gates), 1e-6)
        self.assertEqual(erngen.compile(module, noise(2, 20, 6)).report()["words"], 4)

    def test_rho_waits_while_the_loss_is_high(self):
        module, admm, optimizer = self.make(dense_loss=1e-9)
        train(module, admm, optimizer, 40)
        self.assertEqual(admm.rho, 0.5)
        admm.loss_limit = 0
        train(module, admm, optimizer, 10, 40)
        self.assertGreater(admm.rho, 0.5)

    def test_a_run_that_goes_on_is_one_that_never_stopped(self):
        module, admm, optimizer = self.make()
        train(module, admm, optimizer, 37)
        kept = copy.deepcopy((module.state_dict(), optimizer.state_dict(), admm.state_dict()))
        train(module, admm, optimizer, 33, 37)
        again, second, other = self.make()
        again.load_state_dict(kept[0])
        other.load_state_dict(kept[1])
        second.load_state_dict(kept[2])
        train(again, second, other, 33, 37)
        for (name, mine), theirs in zip(module.state_dict().items(), again.state_dict().values()):
            self.assertTrue(torch.equal(mine, theirs), name)
        self.assertEqual(admm.residuals, second.residuals)

    def test_wrong_uses(self):
        self.assertRaises(ValueError, et.ADMM, Stack(), {"rnn": 4}, rho=-1)
        module = Stack()
        early = torch.optim.Adam(module.parameters())
        admm = et.ADMM(module, {"rnn": 4})
        module(torch.randn(2, 3, 6)).sum().backward()
        self.assertRaisesRegex(ValueError, "after ADMM", admm.step, early, 1.0)

    @unittest.skipUnless(torch is not None and torch.distributed.is_available(), "PyTorch has no torch.distributed")
    def test_two_ranks_stay_equal(self):
        result = torchrun("two_ranks.py")
        self.assertEqual(result["difference"], 0.0)
        self.assertGreater(result["rho"], 0.5)
        self.assertLess(result["distance"], 0.7)


@needs_torch
class FakeQuantised(unittest.TestCase):
    def test_forward_is_the_hardware_before_and_after_steps(self):
        x = noise(3, 20, 6)
        for kind, layers, batch_first, k in [("gru", 1, True, 1), ("lstm", 2, False, 4), ("gru", 2, False, 8), ("lstm", 1, True, 1)]:
            module = Stack(kind, layers=layers, batch_first=batch_first)
            if k > 1:
                et.circulant(module, {"rnn": k})
            quantised = et.fake_quantise(module.eval(), x, weights=8, activations=10)
            optimizer = torch.optim.SGD(module.parameters(), 0.05)
            given = torch.from_numpy(x if batch_first else x.swapaxes(0, 1).copy())
            for step in range(3):
                y = quantised(given)
                want = quantised.quantised().run(x.reshape(-1, 6), [20] * 3).reshape(3, 20, 3)
                got = y.detach().numpy() if batch_first else y.detach().numpy().swapaxes(0, 1)
                np.testing.assert_array_equal(got, want)
                net = erngen.compile(quantised, x)
                np.testing.assert_array_equal(got, net.predict(x))
                signals = {s["name"]: s for s in net.report()["signals"]}
                self.assertGreater(signals["h0"]["sqnr_db"], 15)
                if step == 0:  # but for the biases, which quantising anew shifts by the mean of what rounded weights do wrong
                    again = erngen.compile(module, x, weights=8, activations=10).predict(x)
                    self.assertLess(np.abs(again - got).max(), 0.02)
                optimizer.zero_grad()
                y.square().sum().backward()
                optimizer.step()
                self.assertTrue(all(p.grad is not None for p in module.parameters()))

    def test_every_cell_and_head(self):
        class Graph(torch.nn.Module):
            def __init__(self, cell, last):
                super().__init__()
                self.cell, self.last, self.a, self.b = cell, last, torch.nn.Linear(8, 8), torch.nn.Linear(14, 3)

            def forward(self, x):
                y, _ = self.cell(x)
                y = torch.cat([torch.relu(self.a(y)) + y, x], -1)
                return torch.tanh(self.b(y[:, -1] if self.last else y))

        x = noise(3, 20, 6)
        for cell in (torch.nn.LSTM(6, 8, batch_first=True), torch.nn.GRU(6, 8, 2, batch_first=True), torch.nn.LSTM(6, 12, proj_size=8,
                     batch_first=True), torch.nn.RNN(6, 8, batch_first=True), torch.nn.RNN(6, 8, nonlinearity="relu", batch_first=True)):
            for last in (False, True):
                module = Graph(cell, last)
                quantised = et.fake_quantise(module, x)
                optimizer = torch.optim.SGD(module.parameters(), 0.01)
                for _ in range(2):
                    y = quantised(torch.from_numpy(x))
                    fixed = quantised.quantised().run(x.reshape(-1, 6), [20] * 3).reshape(3, 20, 3)
                    np.testing.assert_array_equal(y.detach().numpy(), fixed[:, -1] if last else fixed)
                    optimizer.zero_grad()
                    y.square().sum().backward()
                    optimizer.step()

    def test_initial_states_are_trained(self):
        class Begun(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.cell, self.h0 = torch.nn.GRU(6, 8, batch_first=True), torch.nn.Parameter(torch.zeros(1, 1, 8))

            def forward(self, x):
                return self.cell(x, self.h0.repeat(1, x.shape[0], 1))[0]

        x, module = noise(3, 20, 6), Begun().train()
        quantised = et.fake_quantise(module, x)
        optimizer = torch.optim.SGD(module.parameters(), 0.3)
        for _ in range(3):
            y = quantised(torch.from_numpy(x))
            np.testing.assert_array_equal(y.detach().numpy(), quantised.quantised().run(x.reshape(-1, 6), [20] * 3).reshape(3, 20, 8))
            optimizer.zero_grad()
            (y - 0.5).square().sum().backward()
            optimizer.step()
        self.assertTrue(module.training)
        self.assertGreater(module.h0.detach().abs().max(), 0.05)
        np.testing.assert_array_equal(erngen.compile(quantised, x).predict(x), quantised(torch.from_numpy(x)).detach().numpy())

    def test_backward_is_that_of_real_numbers(self):
        x, module = torch.from_numpy(noise(3, 20, 6)), Stack().eval()
        weights = torch.randn(3, 20, 3)
        (et.fake_quantise(module, x)(x) * weights).sum().backward()
        straight = [p.grad.clone() for p in module.parameters()]
        module.zero_grad()
        (module(x) * weights).sum().backward()
        for mine, theirs in zip(straight, module.parameters()):
            self.assertTrue(torch.equal(mine, theirs.grad))


if __name__ == "__main__":
    main()
