"""Compiled networks: arrays of every form, the simulated hardware, reports and errors."""
import math
import unittest

import numpy as np

import erngen
from helpers import InFolder, main, needs_torch, noise, torch

if torch is not None:
    from helpers import Stack


@needs_torch
class Arrays(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.x = noise(3, 25, 6)
        cls.net = erngen.compile(Stack("lstm"), cls.x)

    def test_forms(self):
        y = self.net.predict(self.x)
        self.assertEqual((y.shape, y.dtype), ((3, 25, 3), np.float32))
        np.testing.assert_array_equal(self.net.predict(self.x[1]), y[1])
        np.testing.assert_array_equal(self.net.predict(torch.from_numpy(self.x)), y)
        np.testing.assert_array_equal(self.net.predict(np.asfortranarray(self.x, np.float64)), y)
        parts = self.net.predict([self.x[0][:7], self.x[1], self.x[2][:1]])
        for part, whole, length in zip(parts, y, (7, 25, 1)):
            np.testing.assert_array_equal(part, whole[:length])

    def test_a_stream_goes_on_where_it_was(self):
        y, stream = self.net.predict(self.x), self.net.stream()
        for _ in range(2):
            np.testing.assert_array_equal([stream.step(frame) for frame in self.x[0]], y[0])
            stream.reset()
        self.assertFalse(np.array_equal([stream.step(frame) for frame in self.x[1]], y[0]))
        self.assertFalse(np.array_equal([stream.step(frame) for frame in self.x[1]], y[1]))
        with self.assertRaises(erngen.InputError):
            stream.step(self.x[0][0][:5])

    def test_traces_are_on_the_grids_of_their_formats(self):
        signals = self.net.trace(self.x)
        np.testing.assert_array_equal(signals["y1"], self.net.predict(self.x))
        for signal in self.net.report()["signals"]:
            if signal["name"][0] in "zZ":  # sums have more bits than what the activations take of them
                continue
            values = signals[signal["name"]]
            self.assertEqual(values.shape[:2], (3, 25))
            steps = values.astype(np.float64) * 2.0 ** signal["fraction"]
            np.testing.assert_array_equal(steps, np.round(steps), signal["name"])

    def test_wrong_arrays(self):
        bad = np.zeros((4, 6), np.float32)
        bad[2, 3] = np.inf
        for x, text in [(np.zeros((4, 5)), "5 elements, the network takes 6"), (bad, "not finite"), (np.zeros(6), "shape"), ([], "shape"),
                        (np.zeros((0, 6)), "shape"), (np.zeros((4, 6), complex), "complex"), ([np.zeros((0, 6)), bad[:2]], "no frame"),
                        ([np.zeros((2, 6)), np.zeros((2, 5))], "different widths"), (np.array([["a"]]), "type")]:
            with self.assertRaisesRegex(erngen.InputError, text):
                self.net.predict(x)

    def test_check(self):
        y = self.net.predict(self.x)
        self.assertEqual(self.net.check(self.x, y)["max_error"], 0)
        wrong = y.copy()
        wrong[2, 5, 1] += 0.25
        result = self.net.check(self.x, wrong)
        self.assertEqual((result["max_error"], result["worst_frame"], result["worst_output"]), (0.25, 55, 1))
        with self.assertRaises(erngen.MismatchError):
            self.net.check(self.x, wrong, max_error=0.2)
        with self.assertRaises(erngen.InputError):
            self.net.check(self.x, y[:, :, :2])
        with self.assertRaises(erngen.InputError):
            self.net.check(self.x, y[:2])

    def test_reports(self):
        report = self.net.report()
        for key in ("cycles_per_frame", "latency_cycles", "dsp", "bram36", "lut", "signals", "comparison", "input_format"):
            self.assertIn(key, report)
        page = report._repr_html_()
        self.assertIn("<td>cycles_per_frame</td>", page)
        self.assertIn("<th>sqnr_db</th>", page)
        self.assertIn("&lt;", erngen.Report({"<b>": 1})._repr_html_())


@needs_torch
class Hardware(InFolder):
    def test_simulated_words_are_the_predicted_ones(self):
        x = noise(2, 12, 6)
        net = erngen.compile(Stack("gru"), x, streams=2)
        for stalls in (None, 7):
            simulation = net.simulate(x, stalls=stalls)
            np.testing.assert_array_equal(simulation.outputs, net.predict(x))
            self.assertEqual((simulation["mismatches"], simulation["outputs_checked"]), (0, 72))
        # A fault in the design is found.
        design = net.write(self.path / "design")
        image = next(p for p in sorted((design / "images").iterdir()) if "weight" in p.name)
        lines = image.read_text().split("\n")
        lines[0] = "".join("f" if digit != "f" else "0" for digit in lines[0])
        image.write_text("\n".join(lines))
        with self.assertRaisesRegex(erngen.MismatchError, "mismatches; the first"):
            erngen.load(design).simulate(x)

    def test_limits_are_kept(self):
        x = noise(30, 6)
        self.assertRaisesRegex(erngen.CapacityError, "frames per second", erngen.compile, Stack(), x, min_rate=1e9)
        self.assertRaisesRegex(erngen.UsageError, "did you mean", erngen.compile, Stack(), x, device="xc7a10t")
        self.assertRaises(erngen.UsageError, erngen.compile, Stack(), x, weights=3)
        self.assertRaisesRegex(erngen.InputError, "goal", erngen.compile, Stack(), x, goal="small")
        few = erngen.compile(Stack(), x, max_dsp=40).report()
        self.assertLessEqual(few["dsp"], 40)
        self.assertIn("xc7a100t", erngen.devices())
        for bound in (0, -1, math.nan, math.inf):
            self.assertRaisesRegex(erngen.UsageError, "rate", erngen.compile, Stack(), x, min_rate=bound)
            self.assertRaisesRegex(erngen.UsageError, "latency", erngen.compile, Stack(), x, max_latency=bound)

    def test_the_size_that_is_needed(self):
        x = noise(30, 6)
        fast, enough, small = (erngen.compile(Stack(), x, **wanted).report()
                               for wanted in ({"goal": "rate"}, {"min_rate": 100_000}, {"goal": "area"}))
        self.assertGreater(fast["dsp"], 2 * enough["dsp"])
        self.assertGreaterEqual(enough["frames_per_second"], 100_000)
        self.assertLessEqual(small["dsp"], enough["dsp"])
        soon = erngen.compile(Stack(), x, max_latency=5).report()
        self.assertLessEqual(soon["latency_us"], 5)

    def test_overlap_of_frames(self):
        x = noise(30, 6)
        auto, off, on, prompt = (erngen.compile(Stack(), x, **wanted).report()
                                 for wanted in ({"goal": "rate"}, {"goal": "rate", "overlap": False}, {"goal": "latency", "overlap": True},
                                                {"goal": "latency"}))
        self.assertEqual([report["frames_in_flight"] for report in (auto, off, on, prompt)], [2, 1, 2, 1])
        self.assertLess(auto["cycles_per_frame"], off["cycles_per_frame"])
        self.assertLess(prompt["latency_cycles"], auto["latency_cycles"])
        self.assertRaisesRegex(erngen.UsageError, "overlap", erngen.compile, Stack(), x, overlap=True, streams=2)

    def test_what_is_there_already_is_not_replaced(self):
        net = erngen.compile(Stack(), noise(30, 6))
        (self.path / "mine").mkdir()
        (self.path / "mine/thesis.txt").write_text("precious")
        self.assertRaises(erngen.OutputError, net.write, self.path / "mine")
        self.assertTrue((self.path / "mine/thesis.txt").exists())
        self.assertRaises(erngen.UsageError, net.write, self.path / "new", name="module")


if __name__ == "__main__":
    main()
