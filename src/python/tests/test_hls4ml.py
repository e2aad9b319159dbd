"""erngen as a back end of hls4ml, of which Debian has no package: hls4ml's calls give what erngen's own do."""
import os
import unittest

import numpy as np

import erngen
from helpers import InFolder, main, noise, torch

os.environ.setdefault("KERAS_BACKEND", "numpy")
try:
    import hls4ml
    import keras
except ImportError:
    hls4ml = None


def keras_model():
    return keras.Sequential([keras.Input((12, 5)), keras.layers.GRU(9, return_sequences=True), keras.layers.LSTM(6),
                             keras.layers.Dense(3, activation="relu")])


@unittest.skipIf(hls4ml is None, "hls4ml or Keras is not installed")
class BackEnd(InFolder):
    def converted(self, **options):
        return hls4ml.converters.convert_from_keras_model(self.model, backend="erngen", output_dir=str(self.path / "design"),
                                                          project_name="tagger", **options)

    def setUp(self):
        super().setUp()
        self.model, self.x = keras_model(), noise(6, 12, 5)

    def test_hls4ml_finds_the_back_end(self):
        self.assertIn("erngen", hls4ml.backends.get_available_backends())

    def test_a_keras_model_becomes_a_design(self):
        model = self.converted(calibration=self.x, part="xc7z020", clock_period=8, min_rate=1000)
        model.compile()
        own = erngen.compile(self.model, self.x, device="xc7z020", clock=125, min_rate=1000, weights=16, activations=16)
        np.testing.assert_array_equal(model.predict(self.x), own.predict(self.x))
        report = model.build(frames=12)
        self.assertEqual(report["simulation"]["mismatches"], 0)
        self.assertEqual(report["cycles_per_frame"], own.report()["cycles_per_frame"])
        self.assertTrue((self.path / "design/rtl/tagger.v").is_file())

    @unittest.skipIf(torch is None, "PyTorch is not installed")
    def test_a_pytorch_model_and_a_file_of_frames(self):
        class Tagger(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.lstm, self.head = torch.nn.LSTM(5, 8, batch_first=True), torch.nn.Linear(8, 2)

            def forward(self, x):
                y, state = self.lstm(x)
                return self.head(y)

        module = Tagger().eval()
        np.save(self.path / "x.npy", self.x)
        model = hls4ml.converters.convert_from_pytorch_model(
            module, backend="erngen", output_dir=str(self.path / "design"), input_data_tb=str(self.path / "x.npy"),
            hls_config={"Model": {"Precision": "ap_fixed<10,3>", "ReuseFactor": 1}, "InputShape": [(12, 5)]})
        model.compile()
        own = erngen.compile(module, self.x, weights=10, activations=10)
        np.testing.assert_array_equal(model.predict(self.x), own.predict(self.x))

    def test_what_it_does_not_have_is_refused(self):
        for settings, words in [({"Model": {"Precision": "fixed<16,6>", "ReuseFactor": 4}}, "ReuseFactor"),
                                ({"Model": {"Precision": "auto", "ReuseFactor": 1}}, "Precision"),
                                ({"Model": {"Precision": "fixed<16,6>", "ReuseFactor": 1},
                                  "LayerType": {"GRU": {"Precision": "fixed<8,3>"}}}, "LayerType")]:
            with self.subTest(words), self.assertRaisesRegex(erngen.UnsupportedError, words):
                self.converted(calibration=self.x, hls_config=settings).compile()
        with self.assertRaisesRegex(erngen.InputError, "calibration"):
            self.converted().compile()
        with self.assertRaisesRegex(erngen.InputError, "board"):
            self.converted(calibration=self.x, board="pynq-z2")
        self.assertFalse((self.path / "design").exists())


if __name__ == "__main__":
    main()
