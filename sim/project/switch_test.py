#!/usr/bin/env python3
"""Another network at run time: switch_test.py ERNGEN. Ten captures of one audio network, each loaded by the driver into the one Verilated design,
give the words of their own models; what does not fit is refused with the first difference."""
import json
import pathlib
import struct
import sys
import tempfile
import unittest

import project
from driver_test import Host, model, real_frames

ERNGEN = sys.argv[1]
SHAPE = ("--rows", 4, "--columns", 1, "--readout", 1)


class Captures(project.Network):
    """Networks of one shape, `name`0.net ..., quantised in formats that hold all of them."""

    def __init__(self, directory, name, shape, count, bits=(12, 12), initial=()):
        super().__init__(ERNGEN, directory, name, shape, bits, seed=11)
        for n in range(count):
            self.command("new", *shape.split(), "--seed", 100 + n, "-o", f"{name}{n}.net")
            for kind, size in initial:
                add_initial_state(self.directory / f"{name}{n}.net", kind, [self.draw(2001) / 2000 - 0.5 for _ in range(size)])
        nets = [f"{name}{n}.net" for n in range(count)]
        self.command("quantise", nets[0], "--calibration", "calibration.npy", "--weights", bits[0], "--activations", bits[1], "-o", f"{name}0.q",
                     *(["--together-with", *nets[1:]] if count > 1 else []))
        for n in range(1, count):
            said = self.command("quantise", nets[n], "--calibration", "calibration.npy", "--formats-of", f"{name}0.q", "-o", f"{name}{n}.q")
            assert "saturate: quantise" not in said, said
        self.name = f"{name}0"

    def refused(self, *words):
        try:
            self.command(*words)
        except AssertionError as error:
            return str(error)
        raise AssertionError(f"not refused: {words}")


def add_initial_state(path, kind, values):
    """Gives layer 0 of a network file an initial state: kind is hidden or cell."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header, tensors = json.loads(data[8:8 + size]), data[8 + size:]
    network = json.loads(header["__metadata__"]["network"])
    network["layers"][0][f"initial_{kind}"] = True
    header["__metadata__"]["network"] = json.dumps(network, separators=(",", ":"))
    header[f"layers.0.initial.{kind}"] = {"dtype": "F32", "shape": [len(values)], "data_offsets": [len(tensors), len(tensors) + 4 * len(values)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + tensors + struct.pack(f"<{len(values)}f", *values))


def change_tensor(path, to, name, change):
    """Copies a safetensors file with one int32 tensor changed."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    begin, end = json.loads(data[8:8 + size])[name]["data_offsets"]
    at, count = 8 + size + begin, (end - begin) // 4
    values = change(list(struct.unpack(f"<{count}i", data[at:at + 4 * count])))
    to.write_bytes(data[:at] + struct.pack(f"<{count}i", *values) + data[at + 4 * count:])


class Switch(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def streams(self, captures, design, names):
        for name in names:
            captures.command("weights", f"{name}.q", "--for", design.top, "-o", f"{design.top}/{name}.ern")

    def test_ten_captures(self):
        """One design; each capture's words, and the first one's again at the end."""
        captures = Captures(self.path, "amp", "--cell lstm --input 1 --hidden 8 --peephole --dense 1 --block 1", 10,
                            initial=(("hidden", 8), ("cell", 8)))
        design = captures.generate("amp", *SHAPE, "--loadable", "constants")
        host, lengths = Host(design), (20, 9)
        names = [f"amp{n}" for n in (*range(10), 0)]
        self.streams(captures, design, sorted(set(names)))
        frames = real_frames(captures, sum(lengths), 1.0)
        expected = {name: model(captures, frames, lengths, f"{name}.q") for name in set(names)}
        self.assertEqual(len({tuple(words) for words in expected.values()}), 10)
        (design.directory / "x.f32").write_bytes(struct.pack(f"<{len(frames)}f", *frames))
        host.run(*[word for n, name in enumerate(names) for word in ("load", f"{name}.ern", "predict", "x.f32", f"y{n}.f32", *lengths)])
        for n, name in enumerate(names):
            words = (design.directory / f"y{n}.f32").read_bytes()
            self.assertEqual(list(struct.unpack(f"<{len(words) // 4}f", words)), expected[name], name)
        # Everything that can go wrong, and a stream whose data has another CRC than its header says.
        host.run("errors", "amp1.ern")
        data = bytearray((design.directory / "amp1.ern").read_bytes())
        data[24] ^= 1
        data[-4:] = struct.pack("<I", __import__("zlib").crc32(data[:-4]))
        (design.directory / "wrong.ern").write_bytes(data)
        host.run("wrong_crc", "wrong.ern", "load", "amp2.ern")

    def test_tables(self):
        """GRU, two streams; the tables of the activations are loaded, too."""
        captures = Captures(self.path, "gru", "--cell gru --input 3 --hidden 6 --dense 2 --block 2", 2, (10, 10), initial=(("hidden", 6),))
        change_tensor(self.path / "gru1.q", self.path / "other.q", "sigmoid.entries",
                      lambda values: [v - v // 16 for v in values[:len(values) // 2]] + values[len(values) // 2:])
        design = captures.generate("gru", *SHAPE, "--loadable", "tables", "--streams", 2)
        host, lengths = Host(design), (7, 5, 6)
        self.streams(captures, design, ("gru0", "gru1", "other"))
        frames = real_frames(captures, sum(lengths), 1.0)
        expected = {name: model(captures, frames, lengths, f"{name}.q") for name in ("gru0", "gru1", "other")}
        self.assertNotEqual(expected["gru1"], expected["other"])
        for name in ("gru1", "other", "gru0"):
            self.assertEqual(host.predict(frames, lengths, "load", f"{name}.ern"), expected[name], name)
        without = captures.generate("fixed", *SHAPE, "--loadable", "constants", "--streams", 2)
        self.assertIn("sigmoid.hex differs", captures.refused("weights", "other.q", "--for", without.top, "-o", "no.ern"))

    def test_refusals(self):
        """What does not fit is named."""
        captures = Captures(self.path, "net", "--cell lstm --input 3 --hidden 6 --dense 2 --block 2", 2, (10, 10))
        design = captures.generate("net", *SHAPE)
        refused = lambda name: captures.refused("weights", f"{name}.q", "--for", design.top, "-o", "no.ern")
        self.assertIn("bias_0.hex differs", refused("net1"))   # this design loads weights only
        self.assertIn("--loadable constants", refused("net1"))
        captures.command("quantise", "net1.net", "--calibration", "calibration.npy", "--weights", 10, "--activations", 9, "-o", "narrow.q")
        self.assertIn("formats.activation_width: 10 in the design, 9 in the network", refused("narrow"))
        captures.command("new", *"--cell lstm --input 3 --hidden 8 --dense 2 --block 2".split(), "-o", "larger.net")
        captures.command("quantise", "larger.net", "--calibration", "calibration.npy", "-o", "larger.q")
        self.assertIn("another structure: layers[0]", refused("larger"))
        self.assertIn("other layers, sizes or blocks",
                      captures.refused("quantise", "larger.net", "--calibration", "calibration.npy", "--formats-of", "net0.q", "-o", "no.q"))
        self.assertFalse((self.path / "no.ern").exists() or (self.path / "no.q").exists())
        (design.directory / "images/net_bias_0.hex").write_text("0\n")
        self.assertIn("its images are not those of its network", refused("net0"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
