"""erngen.compile: modules and files become bit-exact models; what cannot be expressed is refused by name."""
import pathlib

import numpy as np

import erngen
from helpers import InFolder, command, main, needs_command, needs_torch, noise, torch

if torch is not None:
    import erngen.torch
    from helpers import Stack


@needs_torch
class Modules(InFolder):
    def test_every_shape_computes_what_the_module_does(self):
        x = noise(3, 40, 6)
        for kind, layers, batch_first, bias, projection in [("gru", 1, True, True, 0), ("gru", 2, False, False, 0), ("lstm", 1, False, True, 5),
                                                            ("lstm", 2, True, True, 0), ("lstm", 2, True, False, 5)]:
            with self.subTest(kind=kind, layers=layers, batch_first=batch_first, bias=bias, projection=projection):
                module = Stack(kind, layers=layers, batch_first=batch_first, bias=bias, proj_size=projection)
                net = erngen.compile(module, x, device="xc7a100t")
                given = torch.from_numpy(x)
                with torch.no_grad():
                    y = module.eval()(given if batch_first else given.transpose(0, 1))
                y = (y if batch_first else y.transpose(0, 1)).numpy()
                self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)
                self.assertGreater(net.check(x, y)["sqnr_db"], 40)
                self.assertEqual(net.predict(x).shape, y.shape)

    def test_a_module_keeps_its_mode_and_its_weights(self):
        module = Stack().train()
        before = {name: value.clone() for name, value in module.state_dict().items()}
        erngen.compile(module, noise(20, 6))
        self.assertTrue(module.training)
        for name, value in module.state_dict().items():
            self.assertTrue(torch.equal(value, before[name]), name)

    def test_wide_floats_and_bare_layers(self):
        x = noise(2, 30, 4)
        for module in (torch.nn.LSTM(4, 8, batch_first=True), torch.nn.GRU(4, 8), torch.nn.Linear(4, 3), Stack(inputs=4).double()):
            net = erngen.compile(module, x)
            self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)

    def test_what_lies_between_is_followed(self):
        class Transposed(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.a, self.b, self.c = torch.nn.Linear(6, 8), torch.nn.LSTM(8, 8), torch.nn.Linear(8, 2)

            def forward(self, x):
                h, (_, _) = self.b(self.a(x).transpose(0, 1).contiguous())
                h = torch.nn.functional.dropout(h, 0.5, training=self.training)
                return self.c(h.permute(1, 0, 2))

        net = erngen.compile(Transposed(), noise(3, 20, 6))
        self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)

    def module(self, forward, **layers):
        """A module with rnn and fc of 6 values, and what is given."""
        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                torch.manual_seed(2)
                for name, layer in {"rnn": torch.nn.GRU(6, 6, batch_first=True), "fc": torch.nn.Linear(6, 6), **layers}.items():
                    setattr(self, name, layer)

            def forward(self, x):
                return forward(self, x)

        return Model()

    def refused(self, forward, text, **layers):
        with self.assertRaisesRegex(erngen.UnsupportedError, text):
            erngen.compile(self.module(forward, **layers), noise(2, 20, 6))

    def test_graphs_compute_what_the_module_does(self):
        nn, f = torch.nn, torch.nn.functional
        x = noise(3, 30, 6)
        graphs = {
            "residual": lambda m, x: m.fc(m.rnn(x)[0] + x),
            "residual of a dense layer": lambda m, x: m.fc(m.rnn(x)[0]) + x,
            "concatenation": lambda m, x: m.wide(torch.cat([m.rnn(x)[0], x], dim=-1)),
            "two outputs": lambda m, x: torch.cat([m.fc(m.rnn(x)[0]), m.head(x)], 2),
            "activations": lambda m, x: m.fc(m.act(f.relu(m.rnn(x)[0]))).tanh(),
            "a value before and after its activation": lambda m, x: (lambda y: m.head(torch.relu(y)) + y)(m.fc(x)),
            "limits": lambda m, x: m.fc(x).clamp(-0.5, 0.25) + f.hardtanh(m.head(x)),
            "plain recurrent layers": lambda m, x: m.fc(m.plain(x)[0]),
            "the same layer twice": lambda m, x: m.fc(m.fc(x).relu()),
            "a layer that nobody needs": lambda m, x: (m.fc(m.rnn(x)[0]), x.size(0), m.rnn(x)[1] * 2)[0],
            "an inner module": lambda m, x: m.inner(m.rnn(x)[0]),
        }
        layers = dict(wide=nn.Linear(12, 4), head=nn.Linear(6, 6), act=nn.ReLU6(), plain=nn.RNN(6, 6, 2, nonlinearity="relu", batch_first=True),
                      inner=nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 2), nn.Sigmoid()))
        for name, forward in graphs.items():
            with self.subTest(name):
                module = self.module(forward, **layers)
                net = erngen.compile(module, x)
                self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)
                with torch.no_grad():
                    y = module.eval()(torch.from_numpy(x)).numpy()
                self.assertGreater(net.check(x, y)["sqnr_db"], 30)

    def test_last_frames(self):
        x = noise(3, 30, 6)
        forms = {
            "the last frame": lambda m, x: m.fc(m.rnn(x)[0][:, -1]),
            "the last frame, all of it": lambda m, x: m.fc(m.rnn(x)[0][:, -1, :]),
            "the last state": lambda m, x: m.fc(m.rnn(x)[1][-1]),
            "the last state alone": lambda m, x: m.rnn(x)[1].squeeze(0),
            "of both layers": lambda m, x: (lambda h: torch.cat([h[0], h[1]], -1))(m.deep(x)[1][0]),
        }
        for name, forward in forms.items():
            with self.subTest(name):
                module = self.module(forward, deep=torch.nn.LSTM(6, 5, 2, batch_first=True))
                net = erngen.compile(module, x)
                with torch.no_grad():
                    y = module.eval()(torch.from_numpy(x)).numpy()
                self.assertEqual(net.predict(x).shape, y.shape)
                self.assertEqual(net.predict(x[0]).shape, y[0].shape)
                self.assertGreater(net.check(x, y)["sqnr_db"], 30)
                again = erngen.load(net.write(self.path / name))
                np.testing.assert_array_equal(again.predict(x), net.predict(x))

    def test_what_the_host_computes_at_the_end_is_cut_off(self):
        nn, f = torch.nn, torch.nn.functional
        x, parts = noise(3, 30, 6), [noise(30, 6), noise(7, 6, seed=2)]
        scores = erngen.compile(self.module(lambda m, x: m.fc(m.rnn(x)[0])), x).predict(x)
        for forward in (lambda m, x: m.fc(m.rnn(x)[0]).softmax(-1), lambda m, x: f.log_softmax(m.fc(m.rnn(x)[0]), dim=2),
                        lambda m, x: m.end(m.fc(m.rnn(x)[0])), lambda m, x: torch.argmax(m.fc(m.rnn(x)[0]), -1)):
            module = self.module(forward, end=nn.LogSoftmax(dim=-1))
            net = erngen.compile(module, x)
            np.testing.assert_array_equal(net.predict(x), scores)
            with torch.no_grad():
                y = module.eval()(torch.from_numpy(x))
            self.assertGreater(net.check(x, y)["sqnr_db"], 15)
            for other in (x[0], parts):
                self.assertGreater(erngen.compile(module, other).report()["comparison"]["sqnr_db"], 100)
            last = self.module(lambda m, x, forward=forward: forward(m, x)[:, -1], end=nn.LogSoftmax(dim=-1))
            self.assertRaisesRegex(erngen.UnsupportedError, "elsewhere", erngen.compile, last, x)
        for end in (nn.Softmax(1), nn.LogSoftmax(-1)):
            module = self.module(lambda m, x: m.end(m.fc(m.rnn(x)[0][:, -1])), end=end)
            self.assertGreater(erngen.compile(module, x).report()["comparison"]["sqnr_db"], 100)
            quantised = erngen.torch.fake_quantise(module, x)
            fixed = torch.from_numpy(erngen.compile(quantised, x).predict(x))
            torch.testing.assert_close(quantised(torch.from_numpy(x)).detach(), end(fixed))

    def test_initial_states(self):
        """Zeros as people write them, and parameters; each is that of the module's own outputs."""
        x, nn = noise(3, 12, 6), torch.nn

        def unpacked(m, x):
            sequences, frames, features = x.shape
            return m.fc(m.rnn(x, torch.zeros(1, sequences, features, device=x.device))[0])

        def method(m, x):
            sizes = x.size()
            return m.deep(x, (m.h0.expand(-1, sizes[0], -1).contiguous(), m.c0.unsqueeze(1).repeat(1, x.shape[0], 1)))[0]

        forms = {
            "zeros": (unpacked, False),
            "zeros like the input": (lambda m, x: m.fc(m.rnn(x, x.new_zeros(1, x.size(0), 6))[0]), False),
            "zeros of a batch": (lambda m, x: m.fc(m.rnn(x, torch.zeros(1, 3, 6))[0]), False),
            "none": (lambda m, x: m.fc(m.rnn(x, None)[0]), False),
            "parameters": (method, True),
            "a function of a parameter": (lambda m, x: m.plain(x, hx=torch.tanh(m.start).expand(1, x.size(0), 5))[0], True),
            "through a layer": (lambda m, x: m.rnn(x, m.fc(m.row).expand(1, x.size(0), 6))[0], True),
            "numbers": (lambda m, x: m.rnn(x, torch.full((1, x.size(0), 6), 0.5).to(x))[0], True),
        }
        parameters = dict(deep=nn.LSTM(6, 8, 2, batch_first=True, proj_size=5), plain=nn.RNN(6, 5, batch_first=True),
                          h0=nn.Parameter(torch.randn(2, 1, 5)), c0=nn.Parameter(torch.randn(2, 8)), start=nn.Parameter(torch.randn(1, 1, 5)),
                          row=nn.Parameter(torch.randn(1, 1, 6)))
        for name, (forward, begins) in forms.items():
            with self.subTest(name):
                module = self.module(forward, **parameters)
                net = erngen.compile(module, x)
                self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)
                with torch.no_grad():
                    y = module.eval()(torch.from_numpy(x)).numpy()
                self.assertGreater(net.check(x, y)["sqnr_db"], 35)
                net.save(self.path / "q")
                written = (self.path / "q").read_bytes()
                self.assertEqual(b"first_bias" in written or b"initial" in written, begins)
        net = erngen.compile(self.module(method, **parameters), x)
        np.testing.assert_array_equal(net.simulate(x).outputs, net.predict(x))

    def test_a_state_that_may_be_given_is_left_out(self):
        class Recurrent(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn, self.fc = torch.nn.LSTM(6, 8, batch_first=True), torch.nn.Linear(8, 2)

            def forward(self, x, states=None):
                y, states = self.rnn(x, states)
                return self.fc(y), states

        x = noise(3, 20, 6)
        self.assertGreater(erngen.compile(Recurrent(), x).report()["comparison"]["sqnr_db"], 100)

    def test_one_output(self):
        for x in (noise(3, 20, 6), noise(20, 6), [noise(20, 6), noise(7, 6)]):
            self.assertGreater(erngen.compile(Stack(outputs=1), x).report()["comparison"]["sqnr_db"], 100)
            for forward in (lambda m, x: m.one(m.rnn(x)[0]).tanh().squeeze(-1), lambda m, x: torch.squeeze(m.one(m.rnn(x)[0][:, -1]), 1)):
                module = self.module(forward, one=torch.nn.Linear(6, 1))
                net = erngen.compile(module, x)
                self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)
                self.assertIn(np.shape(net.predict(x)[0]), ((20, 1), (1,), ()))
        self.refused(lambda m, x: m.fc(m.rnn(x)[0]).squeeze(-1), "squeeze")

    def test_both_directions(self):
        """Against the module's own outputs; a pass more for each layer of a stack, and for a head with functions."""
        x = noise(3, 11, 6)
        both = {"batch_first": True, "bidirectional": True}
        cases = {
            "bare": (lambda m, x: m.bi(x)[0], torch.nn.LSTM(6, 5, **both), ()),
            "head": (lambda m, x: m.fc(m.bi(x)[0]), torch.nn.GRU(6, 5, **both), (10, 3)),
            "relu": (lambda m, x: torch.relu(m.fc(m.bi(x)[0])), torch.nn.RNN(6, 5, **both), (10, 3)),
            "stack": (lambda m, x: m.fc(m.bi(x)[0]), torch.nn.LSTM(6, 5, 2, proj_size=3, **both), (6, 3)),
            "states": (lambda m, x: torch.relu(m.fc(torch.cat([m.bi(x)[1][-2], m.bi(x)[1][-1]], 1))), torch.nn.GRU(6, 5, **both), (10, 3)),
            "ends": (lambda m, x: (lambda y: m.fc(torch.cat((y[:, -1, :5], y[:, 0, 5:]), -1)))(m.bi(x)[0]), torch.nn.GRU(6, 5, **both), (10, 3)),
            "last": (lambda m, x: m.fc(m.bi(x)[0][:, -1]), torch.nn.GRU(6, 5, **both), (10, 3)),
            "flip": (lambda m, x: m.fc(torch.flip(m.rnn(torch.flip(m.rnn(x)[0], [1]))[0], [1]) + m.rnn(x)[0]), None, (6, 3)),
            "initial": (lambda m, x: m.bi(x, m.h0.expand(-1, x.size(0), -1).contiguous())[0], torch.nn.GRU(6, 5, **both), ()),
        }
        for name, (forward, layer, sizes) in cases.items():
            with self.subTest(name):
                module = self.module(forward, h0=torch.nn.Parameter(torch.randn(2, 1, 5)), **({"bi": layer} if layer else {}),
                                     **({"fc": torch.nn.Linear(*sizes)} if sizes else {}))
                net = erngen.compile(module, x)
                self.assertGreater(net.report()["comparison"]["sqnr_db"], 100)
                own = module(torch.from_numpy(x)).detach().numpy()
                self.assertEqual(np.shape(net.predict(x)), own.shape)
                self.assertGreater(net.check(x, own)["sqnr_db"], 30)
        self.refused(lambda m, x: m.bi(x)[0][:, 0], "getitem", bi=torch.nn.GRU(6, 6, **both))
        self.refused(lambda m, x: m.bi(x)[0] * 2, "mul", bi=torch.nn.GRU(6, 6, **both))

    def test_blocks_in_both_directions(self):
        module = self.module(lambda m, x: m.fc(m.bi(x)[0]), bi=torch.nn.GRU(8, 8, batch_first=True, bidirectional=True), fc=torch.nn.Linear(16, 4))
        erngen.torch.circulant(module, {"bi": 4, "fc": 4})
        self.assertGreater(erngen.compile(module, noise(3, 20, 8)).report()["comparison"]["sqnr_db"], 100)

    def test_what_the_format_cannot_express_is_refused_by_name(self):
        self.refused(lambda m, x: m.rnn(x)[0][:, 0], "getitem")
        self.refused(lambda m, x: m.rnn(x)[1], "no sequence")
        self.refused(lambda m, x: m.fc(m.rnn(x)[0]).softmax(1), "softmax along another axis")
        self.refused(lambda m, x: m.fc(m.rnn(x)[0].softmax(-1)), "softmax elsewhere than at the very end")
        self.refused(lambda m, x: torch.nn.functional.gelu(m.fc(x)), "gelu")
        self.refused(lambda m, x: m.fc(m.rnn(x)[0]) * 2, "mul")
        self.refused(lambda m, x: m.fc(m.rnn(x)[0]) + 1, "add with a constant")
        self.refused(lambda m, x: m.cell(x)[1][1], "state of a cell", cell=torch.nn.LSTM(6, 6, batch_first=True))
        self.refused(lambda m, x: m.fc(torch.cat([x, m.rnn(x)[0]], 1)), "another axis")
        self.refused(lambda m, x: m.other(m.rnn(x)[0][:, -1])[0], "over last frames", other=torch.nn.GRU(6, 6, batch_first=True))
        self.refused(lambda m, x: m.rnn(x, x[:, :1].transpose(0, 1))[0], r"computed from the input \(the operation getitem\)")
        self.refused(lambda m, x: m.rnn(x, m.rnn(x)[1])[0], "rnn: an initial state that is another layer's")
        self.refused(lambda m, x: m.rnn(x, m.rnn(x)[1] * 0.5)[0], "rnn: an initial state that is computed from the input")
        self.refused(lambda m, x: m.rnn(x, torch.ones(1, 2, 6).cumsum(1))[0], "not the same for all sequences")
        self.refused(lambda m, x: m.rnn(x, torch.zeros(2, x.size(0), 6))[0], r"rnn: an initial state of shape \(2, 3, 6\)")
        self.refused(lambda m, x: m.norm(m.rnn(x)[0]), "norm: the module LayerNorm", norm=torch.nn.LayerNorm(6))
        self.refused(lambda m, x: m.fc(torch.nn.functional.dropout(m.rnn(x)[0], 0.5)), "dropout that is active")
        self.refused(lambda m, x: m.fc(x) if x.sum() > 0 else x, "cannot follow forward")
        self.refused(lambda m, x: m.other(m.rnn(x)[0])[0], "batch_first", other=torch.nn.GRU(6, 6))

    def test_randomness_is_found_by_the_comparison(self):
        class Sneaky(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.fc = torch.nn.Linear(6, 6)
                self.fc.register_forward_hook(lambda module, given, y: y * 1.1)

            def forward(self, x):
                return self.fc(x)

        with self.assertRaisesRegex(erngen.MismatchError, "the network is not the model"):
            erngen.compile(Sneaky(), noise(2, 20, 6))

    @needs_command
    def test_predict_is_erngen_run(self):
        """190,000 words of ten networks."""
        for n in range(10):
            module = Stack(("gru", "lstm")[n % 2], inputs=13 + n, hidden=32 + 8 * n, outputs=5 + n, layers=1 + n % 2, seed=n)
            erngen.torch.circulant(module, {"rnn": (1, 4, 8)[n % 3]})
            x = noise(4, 500, 13 + n, seed=n)
            net = erngen.compile(module, x[:, :60], weights=8 + n % 6, activations=10 + n % 4)
            net.save(self.path / "q")
            np.save(self.path / "x.npy", x)
            command("run", self.path / "q", "--input", self.path / "x.npy", "--arithmetic", "fixed", "-o", self.path / "y.npy")
            np.testing.assert_array_equal(net.predict(x), np.load(self.path / "y.npy"))


@needs_command
class Files(InFolder):
    def test_a_network_file(self):
        command("new", "--cell", "lstm", "--input", 5, "--hidden", 16, "--dense", 3, "--block", 4, "-o", self.path / "a.net")
        x = noise(200, 5)
        net = erngen.compile(self.path / "a.net", x, device="lfe5u-45f", clock=60)
        np.save(self.path / "x.npy", x)
        command("quantise", self.path / "a.net", "--calibration", self.path / "x.npy", "-o", self.path / "q")
        net.save(self.path / "mine")
        self.assertEqual((self.path / "mine").read_bytes(), (self.path / "q").read_bytes())
        command("generate", self.path / "q", "--device", "lfe5u-45f", "--clock", 60, "-o", self.path / "theirs")
        net.write(self.path / "design")
        differing = [p for p in (self.path / "theirs").rglob("*") if p.is_file()
                     and p.read_bytes() != (self.path / "design" / p.relative_to(self.path / "theirs")).read_bytes()]
        # Only the command line in the headers differs, and the fingerprint over it.
        self.assertLess(len(differing), 6, differing)

    def test_onnx_models_are_compared_with_their_own_outputs(self):
        fixtures = pathlib.Path(__file__).resolve().parents[2] / "import/fixtures/onnx"
        for name, shape in [("lstm_linear.dynamo", (3, 7, 3)), ("keras_functional", (3, 7, 2)), ("residual.torchscript", (3, 7, 3)),
                            ("gru_keywords.dynamo", (3, 3)), ("channels_first.dynamo", None)]:
            x, y = (np.load(fixtures / f"{name.split('.')[0]}.{axis}.npy") for axis in "xy")
            net = erngen.compile(fixtures / f"{name}.onnx", x, check=(x, y), device="xcku060")
            self.assertGreater(net.report()["comparison"]["sqnr_db"], 100, name)
            if shape:
                self.assertEqual(net.predict(x).shape, shape)
            with self.assertRaises(erngen.MismatchError):
                erngen.compile(fixtures / f"{name}.onnx", x, check=(x, np.roll(y, 1, 0)), device="xcku060")

    def test_messages_are_the_commands(self):
        self.assertIn("none.net: cannot read", command("compress", self.path / "none.net", "--block", 2, "-o", "b.net", code=3))
        with self.assertRaises(erngen.InputError) as caught:
            erngen.compile(self.path / "none.net", noise(3, 3))
        self.assertEqual(caught.exception.kind, 3)
        self.assertIn("none.net: cannot read", str(caught.exception))

    def test_a_design_is_loaded_again(self):
        command("new", "--cell", "gru", "--input", 4, "--hidden", 8, "-o", self.path / "a.net")
        x = noise(50, 4)
        net = erngen.compile(self.path / "a.net", x)
        again = erngen.load(net.write(self.path / "design", name="top"))
        np.testing.assert_array_equal(again.predict(x), net.predict(x))
        self.assertEqual(again.report()["cycles_per_frame"], net.report()["cycles_per_frame"])
        with self.assertRaisesRegex(erngen.InputError, "is not a design"):
            erngen.load(self.path)


if __name__ == "__main__":
    main()
