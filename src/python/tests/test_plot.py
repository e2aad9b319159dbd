"""Pictures hold what reports say; needs matplotlib."""
import unittest

import erngen
from helpers import main, needs_torch, noise, torch

try:
    import matplotlib
    matplotlib.use("Agg")
    import erngen.plot
except ImportError:
    matplotlib = None

if torch is not None:
    from helpers import Stack


@needs_torch
@unittest.skipIf(matplotlib is None, "matplotlib is not installed")
class Plots(unittest.TestCase):
    def test_formats(self):
        net = erngen.compile(Stack("lstm"), noise(40, 6))
        axes = erngen.plot.formats(net)
        signals = [s for s in net.report()["signals"] if s["max_abs"] > 0]
        self.assertEqual(len(axes.patches), len(signals))
        bar, signal = axes.patches[0], signals[0]
        self.assertEqual((bar.get_x(), bar.get_width()), (-signal["fraction"], signal["width"] - 1))

    def test_errors_fall_with_the_bits(self):
        x = noise(40, 6)
        (line,) = erngen.plot.errors(Stack(), x, (6, 10, 14)).lines
        values = list(line.get_ydata())
        self.assertEqual(values, sorted(values))
        self.assertGreater(values[2] - values[0], 30)
        self.assertEqual(values[1], erngen.compile(Stack(), x, weights=10, activations=10).report()["output_sqnr_db"])


if __name__ == "__main__":
    main()
