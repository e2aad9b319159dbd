"""The notebooks of examples/notebooks run from their first to their last cell; needs nbclient and ipykernel."""
import os
import pathlib
import unittest

from helpers import InFolder, main, torch
from tones import write_words

try:
    import ipykernel  # noqa: F401  the kernel
    import matplotlib  # noqa: F401  erngen.plot
    import nbclient
    import nbformat
except ImportError:
    nbclient = None

NOTEBOOKS = pathlib.Path(__file__).resolve().parents[3] / "examples/notebooks"


@unittest.skipIf(nbclient is None or torch is None, "nbclient, ipykernel, matplotlib or PyTorch is not installed")
class Notebooks(InFolder):
    def executed(self, name):
        """The results of the cells: text of each, or "" for none."""
        notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
        nbformat.validate(notebook)
        nbclient.NotebookClient(notebook, timeout=1200, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
        return [[output for output in cell.outputs if output.output_type != "stream"] for cell in notebook.cells if cell.cell_type == "code"]

    def value(self, outputs):
        (output,) = outputs
        return eval(output.data["text/plain"], {"np": __import__("numpy")})

    def test_keyword_spotting(self):
        write_words(self.path, words=25)
        os.environ["FSDD"] = str(self.path)
        self.addCleanup(os.environ.pop, "FSDD")
        cells = self.executed("keyword_spotting")
        dense, circulant = self.value(cells[2])
        self.assertGreater(min(dense, circulant, self.value(cells[3])), 0.9)
        self.assertIn("<td>cycles_per_frame</td>", cells[4][0].data["text/html"])
        self.assertIn("image/png", cells[5][0].data)
        self.assertIn("<td>mismatches</td><td>0</td>", cells[6][0].data["text/html"])

    def test_audio_effect(self):
        cells = self.executed("audio_effect")
        real, plan, fixed = (self.value(cells[n]) for n in (1, 2, 3))
        self.assertLess(real, 0.1)
        self.assertLess(fixed, 1.05 * real)
        self.assertGreaterEqual(plan["frames_per_second"], 44100)
        self.assertIn("image/png", cells[4][-1].data)
        self.assertIn("<td>mismatches</td><td>0</td>", cells[5][0].data["text/html"])

    def test_bits_and_blocks(self):
        cells = self.executed("bits_and_blocks")
        noise, left = self.value(cells[0])
        self.assertLess(left, 0.4 * noise)
        self.assertIn("image/png", cells[1][-1].data)
        self.assertIn("image/png", cells[2][-1].data)
        table = cells[3][0].data["text/html"]
        self.assertIn("<th>error, trained</th>", table)
        self.assertEqual(table.count("<tr><td>"), 5)


if __name__ == "__main__":
    main()
