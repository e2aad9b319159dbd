#!/usr/bin/env python3
# Tests of what stands between a user's model and a network: comparisons with outputs of that model, readings of a state
# dict, sequences, files of other kinds. python3 reference_cli_test.py ERNGEN FIXTURES. Needs nothing but the standard library.
import io
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
FIXTURES = pathlib.Path(sys.argv[2]).resolve()


def npy(shape, values, descr="<f4", fortran=False):
    """The bytes of a .npy file."""
    code = {"f4": "f", "f8": "d", "f2": "e", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "b1": "?"}[descr[1:]]
    header = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    order = ">" if descr[0] == ">" else "<"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"{order}{len(values)}{code}", *values)


def npz(**arrays):
    """The bytes of an archive as numpy.savez_compressed makes one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in arrays.items():
            archive.writestr(f"{name}.npy", contents)
    return buffer.getvalue()


def floats(data):
    """The values of a .npy file of float32."""
    start = 10 + struct.unpack("<H", data[8:10])[0]
    return list(struct.unpack(f"<{(len(data) - start) // 4}f", data[start:]))


def shape(data):
    header = data[10:10 + struct.unpack("<H", data[8:10])[0]].decode()
    return eval(header)["shape"]


def state_dict(path, **tensors):
    """Writes tensors of these shapes, filled with small different numbers; "__" in a name stands for a dot."""
    header, data = {}, b""
    for count, (name, extents) in enumerate(tensors.items()):
        size = math.prod(extents)
        values = [((n * 7919 + count * 131) % 199 - 99) / 150 for n in range(size)]
        header[name.replace("__", ".")] = {"dtype": "F32", "shape": list(extents), "data_offsets": [len(data), len(data) + 4 * size]}
        data += struct.pack(f"<{size}f", *values)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Reference(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def erngen(self, *words, code=0):
        run = subprocess.run([ERNGEN, *map(str, words)], cwd=self.path, capture_output=True, text=True)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout, run.stderr

    def refused(self, code, text, *words):
        """The command must fail with this code and text, and leave the directory as it was."""
        before = sorted(os.listdir(self.path))
        self.assertIn(text, self.erngen(*words, code=code)[1])
        self.assertEqual(sorted(os.listdir(self.path)), before)

    def write(self, name, contents):
        (self.path / name).write_bytes(contents)

    def network(self, block=4):
        self.erngen("new", "--cell", "lstm", "--input", 3, "--hidden", 8, "--block", block, "--dense", 4, "-o", "a.net")

    def sequences(self):
        """Three sequences of 4, 2 and 5 frames of 3 features."""
        values = [((n * 7919) % 2001 - 1000) / 500 for n in range(33)]
        self.write("x.npz", npz(features=npy((11, 3), values), lengths=npy((3,), [4, 2, 5], "<i8")))
        padded = values[:12] + [9] * 3 + values[12:18] + [9] * 9 + values[18:]
        self.write("padded.npz", npz(features=npy((3, 5, 3), padded), lengths=npy((3,), [4, 2, 5], "<i4"), labels=npy((1,), [1], "<u1")))
        for n, (begin, end) in enumerate([(0, 4), (4, 6), (6, 11)]):
            self.write(f"x{n}.npy", npy((end - begin, 3), values[3 * begin:3 * end]))

    # --- comparisons ---

    def test_run_compares_with_a_reference(self):
        self.network()
        self.write("x.npy", npy((6, 3), [((n * 31) % 19 - 9) / 9 for n in range(18)]))
        run = ["run", "a.net", "--input", "x.npy", "--output", "y.npy"]
        self.erngen(*run)
        y = floats((self.path / "y.npy").read_bytes())
        same = json.loads(self.erngen(*run, "--reference", "y.npy", "--min-sqnr", 200, "--json", "-")[0])["comparison"]
        self.assertEqual((same["max_error"], same["sqnr_db"], same["agreement"], same["passed"]), (0, None, 1, True))
        other = list(y)
        other[9] += 0.25  # frame 2, output 1
        other[4:8] = [v if n != y[4:8].index(max(y[4:8])) else min(y[4:8]) - 1 for n, v in enumerate(y[4:8])]  # another largest output
        self.write("r.npy", npy((6, 4), other, "<f8"))
        found = json.loads(self.erngen(*run, "--reference", "r.npy", "--json", "-")[0])["comparison"]
        errors = [abs(a - b) for a, b in zip(y, other)]
        self.assertAlmostEqual(found["max_error"], max(errors), places=6)
        self.assertEqual(found["max_error_at"], {"sequence": 0, "frame": 1, "output": errors.index(max(errors)) - 4})
        first_largest = [[row.index(max(row)) for row in (v[n:n + 4] for n in range(0, 24, 4))] for v in (y, other)]
        agreement = sum(a == b for a, b in zip(*first_largest)) / 6
        self.assertLess(agreement, 1)
        self.assertAlmostEqual(found["agreement"], agreement)
        self.assertAlmostEqual(found["sqnr_db"], 10 * math.log10(sum(b * b for b in other) / sum(e * e for e in errors)), places=4)
        os.remove(self.path / "y.npy")
        self.refused(1, "r.npy: the SQNR is", *run, "--reference", "r.npy", "--min-sqnr", found["sqnr_db"] + 0.1)
        self.refused(1, "the largest error is", *run, "--reference", "r.npy", "--max-error", 0.2)
        self.erngen(*run, "--reference", "r.npy", "--min-sqnr", found["sqnr_db"] - 0.1, "--max-error", 3)
        self.refused(2, "--reference Y.npy", *run, "--min-sqnr", 20)
        self.refused(2, "is not a number from 0 to", *run, "--reference", "r.npy", "--max-error", -1)
        self.write("narrow.npy", npy((6, 3), [0] * 18))
        self.refused(3, "narrow.npy: has shape [6, 3], but the outputs have [6, 4]", *run, "--reference", "narrow.npy")
        self.write("last.npy", npy((1, 4), y[-4:]))
        self.refused(3, "give --last", *run, "--reference", "last.npy")
        self.erngen(*run, "--reference", "last.npy", "--last", "--max-error", 1e-6)
        self.assertEqual(shape((self.path / "y.npy").read_bytes()), (1, 4))

    def test_quantise_checks_outputs(self):
        self.network()
        self.write("x.npy", npy((40, 3), [((n * 7919) % 2001 - 1000) / 700 for n in range(120)]))
        self.erngen("run", "a.net", "--input", "x.npy", "--output", "y.npy")
        quantise = ["quantise", "a.net", "--calibration", "x.npy", "-o", "a.q"]
        check = ["--check", "x.npy", "y.npy"]
        report = json.loads(self.erngen(*quantise, *check, "--json", "-")[0])
        found = report["comparison"]
        self.assertAlmostEqual(found["sqnr_db"], report["signals"][-1]["sqnr_db"], places=2)
        self.erngen(*quantise, *check, "--min-sqnr", found["sqnr_db"] - 1)
        os.remove(self.path / "a.q")
        self.refused(1, "y.npy: the SQNR is", *quantise, *check, "--min-sqnr", found["sqnr_db"] + 1)
        self.refused(1, "more than 1e-06", *quantise, *check, "--max-error", 1e-6)
        self.refused(2, "--check X.npy Y.npy", *quantise, "--min-sqnr", 20)  # no default, and nothing to compare with
        self.refused(2, "--check X.npy Y.npy", *quantise, "--search", "--max-error", 1)
        search = json.loads(self.erngen(*quantise, "--search", "--min-sqnr", 20, *check, "--json", "-")[0])
        self.assertGreaterEqual(search["comparison"]["sqnr_db"], 20)
        self.assertEqual(search["min_sqnr_db"], 20)
        os.remove(self.path / "a.q")
        self.erngen("new", "--cell", "lstm", "--input", 4, "--hidden", 8, "--block", 4, "-o", "b.net")
        self.write("w.npy", npy((4, 4), [0.5] * 16))
        self.refused(3, "x.npy: frames have 3 elements, the network takes 4", "quantise", "b.net", "--calibration", "w.npy", "-o", "q", *check)

    def test_compress_says_what_it_destroys(self):
        self.network(block=1)
        compress = ["compress", "a.net", "--block", 4, "-o", "c.net"]
        out = self.erngen(*compress)[0]
        self.assertIn("warning: the projection takes 7", out)
        report = json.loads(self.erngen(*compress, "--json", "-")[0])
        self.assertTrue(0.6 < report["energy_lost"] < 0.8)
        norms = sum(m["norm"] ** 2 for m in report["matrices"])
        self.assertAlmostEqual(report["energy_lost"], sum(m["norm"] ** 2 * m["energy_lost"] for m in report["matrices"]) / norms)
        self.assertNotIn("warning", self.erngen("compress", "c.net", "--block", 4, "-o", "d.net")[0])
        self.write("x.npy", npy((6, 3), [((n * 31) % 19 - 9) / 9 for n in range(18)]))
        self.erngen("run", "a.net", "--input", "x.npy", "--output", "y.npy")
        self.assertLess(json.loads(self.erngen(*compress, "--check", "x.npy", "y.npy", "--json", "-")[0])["comparison"]["sqnr_db"], 20)
        os.remove(self.path / "c.net")
        self.refused(1, "y.npy: the SQNR is", *compress, "--check", "x.npy", "y.npy", "--min-sqnr", 40)

    # --- readings of a state dict ---

    def test_import_needs_an_order_and_a_check(self):
        source = FIXTURES / "lstm_fc"
        model, check = ["import", f"{source}.safetensors", "-o", "a.net"], ["--check", f"{source}.x.npy", f"{source}.y.npy"]
        self.refused(4, "--layers lstm,fc --check X.npy Y.npy", *model)
        self.refused(4, "say --unchecked", *model, "--layers", "lstm,fc")
        self.refused(4, "'gelu', an operation that erngen does not have there", *model, "--layers", "lstm,gelu,fc", *check)
        self.refused(2, "excludes", *model, "--layers", "lstm,fc", *check, "--unchecked")
        report = json.loads(self.erngen(*model, "--layers", "lstm,fc", *check, "--json", "-")[0])
        self.assertGreater(report["comparison"]["sqnr_db"], 100)
        self.assertEqual(report["comparison"]["agreement"], 1)
        self.assertNotIn("not_shown", report)
        out = self.erngen(*model, "--layers", "lstm,fc", "--unchecked")[0]
        self.assertIn("nothing was compared: a state dict does not show", out)
        self.assertIn("nothing was compared", self.erngen("import", FIXTURES / "lstm_bare.safetensors", "-o", "b.net")[0])

    def test_import_refuses_another_function(self):
        # What forward() does is not in the file: the outputs of a model with a ReLU, or a residual, do not pass.
        source = FIXTURES / "lstm_fc"
        y = floats(pathlib.Path(f"{source}.y.npy").read_bytes())
        self.write("relu.npy", npy((2, 6, 3), [max(v, 0) for v in y]))
        model = ["import", f"{source}.safetensors", "--layers", "lstm,fc", "-o", "a.net", "--check", f"{source}.x.npy"]
        self.refused(1, "relu.npy: the SQNR is", *model, "relu.npy")
        self.refused(1, "the network is not the model", *model, "relu.npy")
        self.erngen(*model, "relu.npy", "--min-sqnr", -10)  # the user's own limit
        os.remove(self.path / "a.net")
        self.write("half.npy", npy((2, 6, 3), y, "<f2"))
        self.erngen(*model, "half.npy")
        os.remove(self.path / "a.net")
        last = y[15:18] + y[33:36]
        self.write("last.npy", npy((2, 3), last))
        self.refused(3, "give --last", *model, "last.npy")
        self.erngen(*model, "last.npy", "--last")

    def test_equal_modules_are_not_taken_without_a_word(self):
        names = {}
        for n in range(3):
            for leaf, extents in {"weight_ih_l0": (16, 4), "weight_hh_l0": (16, 4), "bias_ih_l0": (16,), "bias_hh_l0": (16,)}.items():
                names[f"layers__{n}__{leaf}"] = extents
        state_dict(self.path / "m.safetensors", **names)
        self.refused(4, "--layers layers.0,layers.1,layers.2 --check X.npy Y.npy", "import", "m.safetensors", "-o", "a.net")

    def test_what_is_left_out_is_said(self):
        state_dict(self.path / "m.safetensors", lstm__weight_ih_l0=(16, 3), lstm__weight_hh_l0=(16, 4), ln__weight=(4,), ln__bias=(4,),
                   conv__weight=(3, 1, 5))
        self.refused(4, "--ignore conv. --check X.npy Y.npy", "import", "m.safetensors", "--ignore", "ln.", "-o", "a.net")
        ignore = ["import", "m.safetensors", "--ignore", "ln.", "--ignore", "conv.", "-o", "a.net"]
        self.refused(4, "leaves out ln", *ignore)
        report = json.loads(self.erngen(*ignore, "--unchecked", "--json", "-")[0])
        self.assertEqual([(item["name"], item["kind"]) for item in report["left_out"]],
                         [("ln", "a normalisation"), ("conv", "a convolution")])
        self.assertIn("ln is left out: a normalisation (ln.weight, ln.bias); the host must compute it", self.erngen(*ignore, "--unchecked")[0])

    def test_parametrised_weights(self):
        for name, code in [("spectral_norm", 0), ("symmetric", 1), ("plain_parametrized", 0), ("orthogonal", 4)]:
            source = FIXTURES / name
            self.erngen("import", f"{source}.safetensors", "--layers", "lstm,fc", "--check", f"{source}.x.npy", f"{source}.y.npy", "-o",
                        f"{name}.net", code=code)
            self.assertEqual((self.path / f"{name}.net").exists(), code == 0)

    # --- sequences ---

    def test_sequences_of_different_lengths(self):
        self.network()
        self.sequences()
        self.erngen("quantise", "a.net", "--calibration", "x.npz", "-o", "a.q")
        self.erngen("quantise", "a.net", "--calibration", "padded.npz", "-o", "b.q")
        self.assertEqual((self.path / "a.q").read_bytes(), (self.path / "b.q").read_bytes())
        for arithmetic, network in [("float", "a.net"), ("fixed", "a.q")]:
            run = ["run", network, "--arithmetic", arithmetic, "--input"]
            alone = []
            for n in range(3):
                self.erngen(*run, f"x{n}.npy", "--output", f"y{n}.npy")
                alone.append(floats((self.path / f"y{n}.npy").read_bytes()))
            out = self.erngen(*run, "x.npz", "--output", "y.npz")[0]
            self.assertIn("3 sequences, 11 frames", out)
            with zipfile.ZipFile(self.path / "y.npz") as archive:
                self.assertEqual(archive.namelist(), ["outputs.npy", "lengths.npy"])
                self.assertEqual(floats(archive.read("outputs.npy")), sum(alone, []))
                self.assertEqual(shape(archive.read("outputs.npy")), (11, 4))
                self.assertEqual(struct.unpack("<3q", archive.read("lengths.npy")[-24:]), (4, 2, 5))
            self.erngen(*run, "padded.npz", "--output", "p.npz")
            with zipfile.ZipFile(self.path / "p.npz") as archive:
                self.assertEqual(shape(archive.read("outputs.npy")), (3, 5, 4))
                self.assertEqual(floats(archive.read("outputs.npy"))[20:28], alone[1])
                self.assertEqual(floats(archive.read("outputs.npy"))[28:40], [0] * 12)
            self.erngen(*run, "x.npz", "--output", "last.npy", "--last")
            self.assertEqual(floats((self.path / "last.npy").read_bytes()), sum((y[-4:] for y in alone), []))
            report = json.loads(self.erngen(*run, "x.npz", "--output", "y.npz", "--reference", "y.npz", "--json", "-")[0])
            self.assertEqual((report["comparison"]["max_error"], report["frames"], report["frames_in_all"]), (0, None, 11))
        self.refused(2, "different lengths", "run", "a.net", "--input", "x.npz", "--output", "y.npy")

    def test_arrays_of_other_kinds_are_converted(self):
        self.network()
        values = [(n * 5) % 7 - 3 for n in range(18)]
        self.write("x.npy", npy((6, 3), values))
        self.erngen("run", "a.net", "--input", "x.npy", "--output", "y.npy")
        wanted = (self.path / "y.npy").read_bytes()
        transposed = [values[3 * frame + feature] for feature in range(3) for frame in range(6)]
        for contents in [npy((6, 3), values, "<f2"), npy((6, 3), values, "<f8"), npy((6, 3), values, ">f4"), npy((6, 3), values, "<i8"),
                         npy((6, 3), values, ">i2"), npy((6, 3), transposed, "<f4", True), npy((6, 3), transposed, "<i4", True)]:
            self.write("other.npy", contents)
            self.erngen("run", "a.net", "--input", "other.npy", "--output", "z.npy")
            self.assertEqual((self.path / "z.npy").read_bytes(), wanted)

    # --- files of other kinds ---

    def test_files_of_other_kinds_are_named(self):
        self.network()
        self.write("x.npy", npy((6, 3), [0.5] * 18))
        onnx = b"\x08\x08\x12\x07pytorch:\x06\x12\x04main"
        kinds = {"onnx": (onnx, "an ONNX model"), "h5": (b"\x89HDF\r\n\x1a\n" + b"\0" * 99, "an HDF5 file"),
                 "tflite": (b"\x1c\0\0\0TFL3" + b"\0" * 9, "a TensorFlow Lite model"), "pkl": (b"\x80\x04\x95\x0f", "a Python pickle"),
                 "json": (b'{"a": 1}', "a JSON file"), "gz": (b"\x1f\x8b\x08", "a gzip archive"), "csv": (b"1,2\n", "a text file"),
                 "empty": (b"", "empty"), "npz": (npz(a=npy((1,), [1])), "a NumPy .npz archive")}
        for name, (contents, kind) in kinds.items():
            file = f"file.{name}"
            self.write(file, contents)
            for verb in (["quantise", file, "--calibration", "x.npy"], ["run", file, "--input", "x.npy"], ["compress", file, "--block", 4]):
                self.refused(3, f"{file}: is {kind}", *verb, *(["--output", "o"]))
            # What import reads is refused for what is wrong with it.
            text = {"h5": "file.h5: its HDF5 cannot be read"}.get(name, f"{file}: is {kind}")
            if name != "onnx":
                self.refused(3 if name in ("csv", "empty", "h5") else 4, text, "import", file, "-o", "o")
            if name != "npz":
                self.refused(3, f"{file}: is {kind}", "run", "a.net", "--input", file, "--output", "o")
                self.refused(3, f"{file}: is {kind}", "quantise", "a.net", "--calibration", file, "-o", "o")
                self.refused(3, f"{file}: is {kind}", "run", "a.net", "--input", "x.npy", "--reference", file, "--output", "o")
        (self.path / "saved").mkdir()
        self.write("saved/saved_model.pb", b"\x08\x01")
        self.refused(4, "saved: is a directory: a TensorFlow SavedModel", "import", "saved", "-o", "o")
        self.refused(3, "saved: is a directory", "run", "a.net", "--input", "saved", "--output", "o")
        self.refused(3, "is a NumPy .npy array, not a network file of erngen", "run", "x.npy", "--input", "x.npy", "--output", "o")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
