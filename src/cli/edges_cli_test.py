#!/usr/bin/env python3
# Tests of what surrounds the command - streams, signals, names, kinds of files, limits of the machine: python3 edges_cli_test.py ERNGEN.
# Needs nothing but the standard library; simulations are skipped without Icarus.
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
VERBS = ["new", "import", "build", "compress", "quantise", "run", "train", "features", "recognise", "score", "plan", "generate", "simulate",
         "explore", "synth", "unit fft", "unit ifft", "unit activation", "unit circulant", "devices"]


def npy(shape, values):
    """The bytes of a float32 .npy file."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)


class Edges(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.shared = pathlib.Path(directory.name)
        (cls.shared / "x.npy").write_bytes(npy((12, 3), [((n * 7919) % 2001 - 1000) / 500 for n in range(36)]))
        for words in [["new", "--cell", "gru", "--input", "3", "--hidden", "4", "--block", "2", "-o", "a.net"],
                      ["quantise", "a.net", "--calibration", "x.npy", "--weights", "8", "--activations", "8", "-o", "a.q"],
                      ["generate", "a.q", "--rows", "1", "--columns", "1", "--device", "xc7a35t", "-o", "design"]]:
            subprocess.run([ERNGEN, *words], cwd=cls.shared, check=True, capture_output=True)

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        for name in ["x.npy", "a.net", "a.q"]:
            shutil.copy(self.shared / name, self.path)

    def run_erngen(self, *words, timeout=60, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.run([ERNGEN, *words], cwd=self.path, timeout=timeout, **options)

    def refused(self, code, text, *words, **options):
        """The command fails with this code and text, promptly, and leaves the directory as it was."""
        before = sorted(os.listdir(os.fsencode(self.path)))
        run = self.run_erngen(*words, timeout=20, **options)
        self.assertEqual(run.returncode, code, run.stderr)
        self.assertIn(text.encode(), run.stderr)
        self.assertEqual(sorted(os.listdir(os.fsencode(self.path))), before)
        return run.stderr.decode()

    # --- standard streams ---------------------------------------------------

    def test_standard_error_may_be_closed_or_full(self):
        failing = {2: ["nonsense"], 3: ["run", "none", "--input", "x.npy", "-o", "y"], 6: ["compress", "a.net", "--block", "2", "-o", "none/y"]}
        failing.update({4: ["run", "a.q", "--input", "x.npy", "-o", "y"], 7: ["synth", str(self.shared / "design"), "--program", "./none"]})
        for code, words in failing.items():
            self.assertEqual(self.run_erngen(*words).returncode, code, words)
            self.assertEqual(self.run_erngen(*words, preexec_fn=lambda: os.close(2)).returncode, code)
            self.assertEqual(self.run_erngen(*words, preexec_fn=lambda: [os.close(n) for n in range(3)]).returncode, code)
            with open("/dev/full", "w") as full:
                self.assertEqual(self.run_erngen(*words, stderr=full).returncode, code)
        for verb in VERBS:  # without its arguments
            for close in [[2], [0, 2], [0, 1, 2]]:
                run = self.run_erngen(*verb.split(), preexec_fn=lambda: [os.close(n) for n in close])
                self.assertIn(run.returncode, [0, 2, 6], verb)

    def test_standard_output_may_be_closed_full_or_unread(self):
        words = ["compress", "a.net", "--block", "4", "-o", "b.net"]
        self.assertEqual(self.run_erngen(*words).returncode, 0)
        whole = (self.path / "b.net").read_bytes()

        def check(code, **options):
            (self.path / "b.net").unlink()
            run = self.run_erngen(*words, **options)
            self.assertEqual(run.returncode, code, run.stderr)
            self.assertEqual((self.path / "b.net").read_bytes(), whole)
            return run

        self.assertIn(b"standard output: cannot write", check(6, preexec_fn=lambda: os.close(1)).stderr)
        check(6, preexec_fn=lambda: [os.close(n) for n in range(3)])
        check(0, preexec_fn=lambda: os.close(0))
        with open("/dev/full", "w") as full:
            self.assertIn(b"No space left", check(6, stdout=full).stderr)
            for verb in VERBS:
                self.assertEqual(self.run_erngen(*verb.split(), "--help", stdout=full).returncode, 6, verb)
                self.assertEqual(self.run_erngen(*verb.split(), "--help", stdout=full, stderr=full).returncode, 6, verb)
        reading, writing = os.pipe()
        os.close(reading)
        check(0, stdout=writing)
        check(0, stdout=writing, stderr=writing)
        self.assertEqual(self.run_erngen("devices", "--json", "-", stdout=writing).returncode, 0)
        os.close(writing)

    # --- the command line ---------------------------------------------------

    def test_bare_verbs_print_their_help(self):
        run = self.run_erngen()
        self.assertEqual((run.returncode, run.stderr), (0, b""))
        self.assertEqual(run.stdout, self.run_erngen("--help").stdout)
        self.assertEqual(self.run_erngen("unit").stdout, self.run_erngen("unit", "--help").stdout)

    def test_the_nearest_word_is_offered(self):
        self.refused(2, "unknown verb 'simulat'\n  way out: did you mean 'simulate'? see erngen --help", "simulat")
        self.refused(2, "did you mean 'quantise'?", "qauntise")
        self.refused(2, "way out: see erngen --help", "transmogrify")
        self.refused(2, "did you mean 'ifft'? see erngen unit --help", "unit", "iftt")
        self.refused(2, "did you mean --device? see erngen plan --help", "plan", "a.q", "--devcie", "up5k")
        self.refused(2, "did you mean --vectors? see erngen unit fft --help", "unit", "fft", "-o", "y", "--vector=3")

    def test_numbers_are_taken_whole_or_refused(self):
        kinds = set("N INT UINT FLOAT BITS DB ULP S SEED HZ MS P E RHO".split())
        junk = ["-99999999999999999999", "99999999999999999999", "1e999", "nan", "inf", "-inf", "0x10", "1x", " 1", "", "1e3x", "+1", "1_0",
                "١"]
        tried = 0
        for verb in VERBS:
            text = self.run_erngen(*verb.split(), "--help").stdout.decode()
            for names, kind in re.findall(r"^  (--?[^ ]+) ([A-Z]+)(?= |$|=[-0-9.])", text, re.M):
                if kind not in kinds:
                    continue
                option = names.split(",")[-1]
                tried += 1
                for value in junk:
                    run = self.run_erngen(*verb.split(), f"{option}={value}" if value else option, *([] if value else [""]))
                    self.assertEqual(run.returncode, 2, (verb, option, value, run.stderr))
                    if value:  # without one the option may be said to lack it
                        self.assertTrue(any(name.encode() in run.stderr for name in names.split(",")), (verb, option, value, run.stderr))
        self.assertGreater(tried, 90)

    def test_numbers_have_limits(self):
        for option in ["--max-dsp", "--words", "--rows", "--columns", "--readout", "--ports", "--folding", "--streams", "--input-beat",
                       "--output-beat"]:
            for value in ["0", "-1", "2147483648", "1.5"]:
                self.refused(2, option, "plan", "a.q", f"{option}={value}")
                self.refused(2, option, "generate", "a.q", "-o", "y", f"{option}={value}")
        for option, value in [("--clock", "0"), ("--clock", "-1"), ("--clock", "2001"), ("--streams", "65"), ("--words", "3"), ("--readout", "3"),
                              ("--folding", "3"), ("--ports", "3"), ("--readout", "5")]:
            self.refused(2, option[2:], "plan", "a.q", option, value)
        new = ["new", "--cell", "gru", "-o", "y"]
        for option in ["--input", "--hidden", "--layers", "--projection", "--dense", "--seed"]:
            self.refused(2, option, *new, f"{option}=-1")
            self.refused(2, option, *new, option, "18446744073709551616")
        self.assertEqual(self.run_erngen(*new, "--seed", "18446744073709551615").returncode, 0)
        self.assertEqual(self.run_erngen(*new, "--seed", "010", "--json", "s.json").returncode, 0)  # ten, not eight
        self.assertEqual(self.run_erngen("new", "--cell", "gru", "-o", "z", "--seed", "10").returncode, 0)
        self.assertEqual((self.path / "y").read_bytes(), (self.path / "z").read_bytes())
        for words in [["fft", "--size", "12"], ["fft", "--width", "1"], ["fft", "--drop", "30"], ["ifft", "--vectors", "0"],
                      ["activation", "--input-fraction", "65"], ["activation", "--error", "0"], ["circulant", "--rows", "0"],
                      ["circulant", "--max-dsp", "0"], ["circulant", "--block", "3"]]:
            self.refused(2, words[1][2:], "unit", *words, "-o", "q")
        self.refused(2, "--max-dsp", "explore", "--phase", "2", "a.q", "--max-dsp", "0")
        self.refused(2, "--streams", "explore", "--phase", "2", "a.q", "--streams", "1,65")
        self.refused(2, "--stalls", "simulate", "design", "--input", "x.npy", "--stalls=-1")
        self.refused(2, "block sizes for layer 9", "compress", "a.net", "--block", "2", "--layer-block", "9=4", "-o", "q")

    # --- names --------------------------------------------------------------

    def test_names_that_cannot_be_modules(self):
        verbs = [["unit", "fft", "-o", "y"], ["unit", "circulant", "-o", "y"], ["generate", "a.q", "-o", "y"]]
        names = {"module": "keyword of Verilog", "logic": "keyword of Verilog", "Entity": "keyword of VHDL", "SIGNAL": "keyword of VHDL",
                 "puts": "command of Tcl", "": "it is empty", "a" * 65: "65 characters, the limit is 64", "a" * 120000: "the limit is 64",
                 "1a": "letters, digits", "a b": "letters, digits", "a;b": "letters, digits", "é": "letters, digits", "a\nb": "letters, digits",
                 "ern_fft": "begin with ern_", "../a": "letters, digits", "RAMB36E2": "a cell of AMD's or Lattice's parts",
                 "DP16KD": "a cell of AMD's or Lattice's parts", "SB_SPRAM256KA": "a cell of AMD's or Lattice's parts"}
        for words in verbs:
            for name, reason in names.items():
                self.assertLess(len(self.refused(2, reason, *words, "--name", name)), 800)

    def test_names_of_folders_and_files(self):
        if not shutil.which("iverilog"):
            self.skipTest("no Icarus")
        for name in [b"with space", "ünïcödé 😀".encode(), b"quote'\"", b"dollar$HOME", b"hash#", b"back\\slash", b"new\nline", b"not-\xff-utf8",
                     b"-dash", b"a;b&c"]:
            place = os.path.join(os.fsencode(self.path), name)
            os.mkdir(place)
            for file in ["x.npy", "a.q"]:
                shutil.copy(self.path / file, os.path.join(place, os.fsencode(file)))
            network = os.path.join(place, name + b".q")
            os.rename(os.path.join(place, b"a.q"), network)
            prefix = b"./" + name + b"/"
            start = time.monotonic()
            made = self.run_erngen("generate", prefix + name + b".q", "--rows", "1", "--columns", "1", "-o", prefix + b"d", "--json",
                                   prefix + b"g.json")
            self.assertEqual(made.returncode, 0, made.stderr)
            self.assertFalse(b"\n" in name and name in made.stdout, made.stdout)
            json.loads(pathlib.Path(os.fsdecode(place), "g.json").read_text())
            top = open(os.path.join(place, b"d/rtl/erngen_accelerator.v"), "rb").read()
            self.assertNotIn(name if b"\n" in name else b"\xff", top)
            top.decode()
            run = self.run_erngen("simulate", prefix + b"d", "--input", prefix + b"x.npy", "--simulator", "icarus", "-o", prefix + b"y.npy",
                                  "--waves", prefix + b"w.vcd", "--json", prefix + b"s.json")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertTrue(json.loads(pathlib.Path(os.fsdecode(place), "s.json").read_text())["passed"])
            self.assertGreater(os.path.getsize(os.path.join(place, b"w.vcd")), 1000)
            self.assertLess(time.monotonic() - start, 60)
            run.stdout.decode()  # valid UTF-8
            self.assertFalse(b"\n" in name and name in run.stdout, run.stdout)

    def test_names_in_a_design_reach_no_script(self):
        shutil.copytree(self.shared / "design", self.path / "design")
        manifest = json.loads((self.path / "design/manifest.json").read_text())
        files = (self.path / "design/rtl/files.f").read_text()
        verbs = [["simulate", "design", "--input", "x.npy", "--simulator", "icarus"], ["simulate", "design", "--input", "x.npy"],
                 ["synth", "design", "--scripts-only"], ["synth", "design", "--tool", "vivado", "--scripts-only"]]
        for top in ["a; exec touch owned", "[exec touch owned]", "a\nshell touch owned", "$x", "module", "a" * 300]:
            (self.path / "design/manifest.json").write_text(json.dumps({**manifest, "top": top}))
            for words in verbs:
                self.refused(3, "manifest.json", *words)
        (self.path / "design/manifest.json").write_text(json.dumps(manifest))
        for line in ["rtl/a.v; exec touch owned", "rtl/[exec touch owned].v", "-f/etc/passwd", "/etc/passwd", "../x.npy", "rtl/../../x.npy",
                     "rtl/none.v", "rtl/$HOME", "rtl/a b.v", 'rtl/"a".v']:
            (self.path / "design/rtl/files.f").write_text(files + line + "\n")
            for words in verbs:
                self.refused(3, "none.v" if "none" in line else "files.f", *words)
        self.assertFalse((self.path / "owned").exists() or (self.path / "design/images/owned").exists())

    # --- messages -----------------------------------------------------------

    def test_messages_show_no_control_characters_and_stay_short(self):
        wild = "\x1b[2J\x1b]0;title\x07\u202e" + "x" * 20000
        for words in [[wild], ["new", "--cell", wild, "-o", "y"], ["run", wild[:200], "--input", "x.npy", "-o", "y"], ["devices", "--" + wild],
                      ["plan", "a.q", "--device", wild], ["explore", "--phase", wild], ["unit", "fft", "-o", "y", "--name", wild],
                      ["import", "a.net", "--layers", wild, "-o", "y"], ["new", "--cell", "gru", "--seed", wild, "-o", "y"]]:
            run = self.run_erngen(*words)
            self.assertNotIn(run.returncode, [0, 70], words[0])
            self.assertLess(len(run.stderr), 4000)
            text = run.stderr.decode()
            self.assertFalse([c for c in text if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")], text[:300])
            self.assertTrue(all(line.startswith(("erngen: error: ", "  ")) for line in text.splitlines()), text[:300])
        run = self.run_erngen("run", b"\xff\xfe", "--input", "x.npy", "-o", "y")
        self.assertIn(rb"\xff\xfe", run.stderr)

    # --- kinds of files -----------------------------------------------------

    def test_inputs_that_never_end(self):
        os.mkfifo(self.path / "pipe")
        readers = [["import", "FILE", "-o", "y"], ["compress", "FILE", "--block", "2", "-o", "y"],
                   ["quantise", "FILE", "--calibration", "x.npy", "-o", "y"], ["quantise", "a.net", "--calibration", "FILE", "-o", "y"],
                   ["run", "FILE", "--input", "x.npy", "-o", "y"], ["run", "a.net", "--input", "FILE", "-o", "y"], ["plan", "FILE"],
                   ["generate", "FILE", "-o", "y"], ["explore", "--phase", "2", "FILE"], ["features", "FILE", "--network", "a.net", "-o", "y"],
                   ["features", "x.npy", "--network", "FILE", "-o", "y"], ["recognise", "FILE", "--outputs", "x.npy"],
                   ["score", "FILE", "--data", "."], ["simulate", str(self.shared / "design"), "--input", "FILE"],
                   ["simulate", str(self.shared / "design"), "--input", "x.npy", "--script", "FILE"],
                   ["synth", str(self.shared / "design"), "--tool", "vivado", "--scripts-only", "--activity", "FILE"]]
        for file in ["pipe", "/dev/zero", "/dev/urandom", "/dev/null", "."]:
            for words in readers:
                words = [file if word == "FILE" else word for word in words]
                if words[0] == "features" and words[1] == file:  # needs a front end first
                    continue
                run = self.run_erngen(*words, timeout=20)
                self.assertIn(run.returncode, [3, 4], (words, run.stderr))
                self.assertRegex(run.stderr.decode(), "is a (pipe|device|directory)|cannot read|no such", words)

    def test_a_pipe_as_an_output(self):
        os.mkfifo(self.path / "pipe")
        self.refused(6, "nothing reads the pipe", "compress", "a.net", "--block", "2", "-o", "pipe")
        with subprocess.Popen(["cat", "pipe"], cwd=self.path, stdout=subprocess.PIPE) as reader:
            time.sleep(0.2)
            self.assertEqual(self.run_erngen("compress", "a.net", "--block", "2", "-o", "pipe").returncode, 0)
            piped = reader.communicate()[0]
        self.assertEqual(self.run_erngen("compress", "a.net", "--block", "2", "-o", "b.net").returncode, 0)
        self.assertEqual(piped, (self.path / "b.net").read_bytes())

    # --- limits of the machine ----------------------------------------------

    def test_the_machine_runs_out(self):
        def limit(kind, value):
            return {"preexec_fn": lambda: resource.setrlimit(kind, (value, value))}

        shutil.copytree(self.shared / "design", self.path / "design")
        run = self.run_erngen("synth", "design", "--program", "/bin/true", **limit(resource.RLIMIT_NOFILE, 5))
        self.assertEqual(run.returncode, 8, run.stderr)
        self.assertIn(b"open files", run.stderr)
        (self.path / "big.npy").write_bytes(npy((2000000, 3), [0.0] * 6000000))
        run = self.run_erngen("run", "a.net", "--input", "big.npy", "-o", "y", **limit(resource.RLIMIT_AS, 60 << 20))
        self.assertEqual(run.returncode, 8, run.stderr)
        self.assertIn(b"memory", run.stderr)
        before = sorted(os.listdir(self.path))
        run = self.run_erngen("new", "--cell", "gru", "--hidden", "256", "--block", "1", "-o", "y", **limit(resource.RLIMIT_FSIZE, 4096))
        self.assertEqual(run.returncode, 6, run.stderr)
        self.assertIn(b"ulimit -f", run.stderr)
        self.assertEqual(sorted(os.listdir(self.path)), before)
        for words in [["devices"], ["run", "a.net", "--input", "x.npy", "-o", "y"]]:
            run = self.run_erngen(*words, env={})
            self.assertEqual(run.returncode, 0, run.stderr)
        run = self.run_erngen("unit", "fft", "-o", "f", "--simulate", env={"PATH": "/nowhere"})
        self.assertEqual(run.returncode, 7, run.stderr)

    # --- signals and tools --------------------------------------------------

    def fake_tools(self, script, name="verilator"):
        """A PATH whose Verilator, or another tool, says its version and then does what `script` says."""
        folder = self.path / "bin"
        folder.mkdir()
        tool = folder / name
        tool.write_text(f"#!/bin/sh\n[ \"$1\" = --version ] && echo 'Verilator 5.006' && exit 0\n{script}\n")
        tool.chmod(0o755)
        return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}

    def test_tools_end_with_the_command(self):
        pids = self.path / "pids"
        env = self.fake_tools(f"sleep 1000 & echo $$ $! > {pids}.new; mv {pids}.new {pids}; trap '' TERM INT HUP; sleep 1000; sleep 1000")
        for number in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL]:
            shutil.copytree(self.shared / "design", self.path / "design")
            run = self.start("simulate", "design", "--input", "x.npy", env=env)
            self.wait_until(pids.exists)
            run.send_signal(number)
            run.communicate(timeout=20)
            self.assertEqual(run.returncode, -number)
            for pid in map(int, pids.read_text().split()):
                self.wait_until(lambda: not self.runs(pid))
                self.assertFalse(self.runs(pid), number)
            pids.unlink()
            shutil.rmtree(self.path / "design")

    def start(self, *words, **options):
        return subprocess.Popen([ERNGEN, *words], cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    @staticmethod
    def wait_until(condition):
        """Waits for 20 seconds at most; the caller looks at what has come."""
        end = time.monotonic() + 20
        while not condition() and time.monotonic() < end:
            time.sleep(0.002)

    def temporaries(self):
        return [name for name in os.listdir(self.path) if name.endswith(".tmp")]

    @staticmethod
    def runs(pid):
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False

    def test_tools_have_a_time_limit(self):
        shutil.copytree(self.shared / "design", self.path / "design")
        env = self.fake_tools("sleep 1000")
        start = time.monotonic()
        run = self.run_erngen("simulate", "design", "--input", "x.npy", "--time-limit", "1", env=env)
        self.assertEqual(run.returncode, 7)
        self.assertIn(b"verilator: not finished after 1 seconds", run.stderr)
        self.assertIn(b"--time-limit", run.stderr)
        self.assertLess(time.monotonic() - start, 20)

    def test_units_have_a_time_limit(self):
        env = self.fake_tools("sleep 1000", "iverilog")
        run = self.run_erngen("unit", "fft", "--size", "4", "-o", "fft", "--simulate", "--time-limit", "1", env=env)
        self.assertEqual(run.returncode, 7)
        self.assertIn(b"iverilog: not finished after 1 seconds", run.stderr)

    def test_what_a_tool_leaves_running_is_ended(self):
        shutil.copytree(self.shared / "design", self.path / "design")
        env = self.fake_tools(f"sleep 1000 & echo $! > {self.path}/pid; exit 3")
        run = self.run_erngen("simulate", "design", "--input", "x.npy", env=env)
        self.assertEqual(run.returncode, 7)
        self.assertFalse(self.runs(int((self.path / "pid").read_text())))

    def test_temporary_files_do_not_stay(self):
        big = ["new", "--cell", "lstm", "--hidden", "1024", "--input", "512", "--block", "1", "-o", "big.net"]
        for number in [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]:
            run = self.start(*big)
            self.wait_until(self.temporaries)
            run.send_signal(number)
            run.communicate(timeout=20)
            self.assertIn(run.returncode, [-number, 0])
            self.assertFalse(self.temporaries())
        # What SIGKILL leaves, the next run removes.
        run = self.start(*big)
        self.wait_until(self.temporaries)
        run.kill()
        run.communicate(timeout=20)
        self.assertEqual(self.run_erngen("new", "--cell", "gru", "-o", "big.net").returncode, 0)
        self.assertFalse(self.temporaries())

    def test_two_writers_of_one_output(self):
        words = [ERNGEN, "generate", "a.q", "--rows", "1", "--columns", "1", "--device", "xc7a35t", "-o", "design"]
        runs = [subprocess.Popen(words, cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
        for run in runs:
            self.assertEqual((run.communicate(timeout=60)[1], run.returncode), (b"", 0))
        self.assertEqual(sorted(os.listdir(self.path)), ["a.net", "a.q", "design", "x.npy"])
        for file in ["manifest.json", "rtl/files.f", "network.safetensors"]:
            self.assertEqual((self.path / "design" / file).read_bytes(), (self.shared / "design" / file).read_bytes())


if __name__ == "__main__":
    # Whoever starts the tests in the background, or by nohup, ignores these signals, and so would all that is started here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    unittest.main(argv=sys.argv[:1], verbosity=2)
