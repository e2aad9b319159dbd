"""ADMM as a Lightning callback: modules stay as they are; needs Lightning, of which Debian has no package."""
import importlib.util
import unittest
import warnings

from helpers import InFolder, main, noise, torch, torchrun

try:
    import lightning.pytorch as pl
except ImportError:
    pl = None

if pl is not None:
    import erngen
    import erngen.torch as et
    from erngen.torch.lightning import ADMMCallback
    from helpers import Stack

    class Plain(pl.LightningModule):
        """A module that knows nothing of erngen."""

        def __init__(self):
            super().__init__()
            self.net = Stack("gru", hidden=16)
            self.net.drop.p = 0.0

        def training_step(self, batch, batch_idx):
            x, y = batch
            return torch.nn.functional.mse_loss(self.net(x), y)

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), 1e-2)

    def batches():
        x = torch.from_numpy(noise(64, 7, 6))
        return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, x[:, :, :3].cumsum(1).tanh()), batch_size=8)

    def trainer(folder, epochs, callback, **more):
        return pl.Trainer(max_epochs=epochs, callbacks=[callback], default_root_dir=folder, logger=False, enable_progress_bar=False,
                          enable_model_summary=False, accelerator="cpu", **more)


@unittest.skipIf(pl is None, "Lightning is not installed")
class Callback(InFolder):
    def setUp(self):
        super().setUp()
        warnings.simplefilter("ignore")

    def test_a_module_becomes_block_circulant(self):
        module, callback = Plain(), ADMMCallback({"net.rnn": 4}, steps=160)
        trainer(self.path, 20, callback).fit(module, batches())
        self.assertLess(callback.admm.residuals.primal, 0.1)
        for weight in et.weights_of(module.net.rnn):
            self.assertLess(et.distance(weight.tensor.detach(), 4, weight.gates), 1e-6)
        self.assertEqual(erngen.compile(module.net, noise(2, 20, 6)).report()["words"], 4)

    def test_the_steps_are_those_of_a_loop(self):
        module, callback = Plain(), ADMMCallback({"net.rnn": 4}, steps=160, project_at_end=False)
        trainer(self.path, 2, callback).fit(module, batches())
        other = Plain()
        admm = et.ADMM(other, {"net.rnn": 4}, steps=160)
        optimizer = other.configure_optimizers()
        for _ in range(2):
            for batch in batches():
                optimizer.zero_grad()
                loss = other.training_step(batch, 0)
                loss.backward()
                admm.step(optimizer, loss)
        for mine, theirs in zip(module.state_dict().values(), other.state_dict().values()):
            self.assertTrue(torch.equal(mine, theirs))
        self.assertEqual(callback.admm.residuals, admm.residuals)

    def test_accumulated_gradients_count_once(self):
        callback = ADMMCallback({"net.rnn": 4}, steps=160, project_at_end=False)
        trainer(self.path, 2, callback, accumulate_grad_batches=4).fit(Plain(), batches())
        self.assertEqual(callback.admm.state_dict()["_count"], 4)

    def test_a_resumed_fit_is_one_that_never_stopped(self):
        whole = Plain()
        trainer(self.path, 4, ADMMCallback({"net.rnn": 4}, steps=160)).fit(whole, batches())
        half = trainer(self.path, 2, ADMMCallback({"net.rnn": 4}, steps=160, project_at_end=False))
        half.fit(Plain(), batches())
        half.save_checkpoint(self.path / "half.ckpt")
        resumed = Plain()
        trainer(self.path, 4, ADMMCallback({"net.rnn": 4}, steps=160)).fit(resumed, batches(), ckpt_path=self.path / "half.ckpt")
        for name, value in whole.state_dict().items():
            self.assertTrue(torch.equal(value, resumed.state_dict()[name]), name)

    @unittest.skipUnless(importlib.util.find_spec("pytorch_forecasting"), "pytorch-forecasting is not installed")
    def test_a_module_of_somebody_else(self):
        from forecasting import forecaster, trained

        model, data = forecaster()
        callback = trained(model, data, epochs=10)
        self.assertEqual(callback.admm.state_dict()["_count"], 100)
        for weight in et.weights_of(model.rnn):
            self.assertLess(et.distance(weight.tensor.detach(), 4, weight.gates), 1e-6)
        trained(forecaster()[0], data, epochs=5, of=10, keep=self.path / "half.ckpt")
        resumed = forecaster()[0]
        trained(resumed, data, epochs=10, begin=self.path / "half.ckpt")
        for name, value in model.state_dict().items():
            self.assertTrue(torch.equal(value, resumed.state_dict()[name]), name)

    @unittest.skipUnless(importlib.util.find_spec("pytorch_forecasting"), "pytorch-forecasting is not installed")
    def test_two_ranks_of_somebody_elses_module_stay_equal(self):
        result = torchrun("two_ranks.py", "lightning")
        self.assertEqual(result["difference"], 0.0)
        self.assertLess(result["distance"], 1e-6)


if __name__ == "__main__":
    main()
