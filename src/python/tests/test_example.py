"""The keyword spotter on words of tones."""
import os
import pathlib
import re
import subprocess
import sys

from helpers import InFolder, main, needs_torch
from tones import write_words

EXAMPLE = pathlib.Path(__file__).resolve().parents[3] / "examples/keyword_spotter.py"


@needs_torch
class Example(InFolder):
    def test_from_training_to_hardware(self):
        write_words(self.path, words=40)
        done = subprocess.run([sys.executable, str(EXAMPLE), str(self.path)], capture_output=True, text=True, timeout=1500, env=os.environ)
        self.assertEqual(done.returncode, 0, done.stderr)
        dense, circulant, fixed = (float(n) for n in re.findall(r"([\d.]+) %", done.stdout))
        self.assertGreaterEqual(min(dense, circulant, fixed), 95)
        self.assertRegex(done.stdout, r"simulated +\d+ outputs of 50 words, all as predicted")


if __name__ == "__main__":
    main()
