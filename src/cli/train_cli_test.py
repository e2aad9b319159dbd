#!/usr/bin/env python3
# Tests of `erngen train` and `erngen explore` as commands: python3 train_cli_test.py ERNGEN. Needs nothing but the standard library; a build
# without libtorch has only the refusals to test.
import json
import math
import os
import pathlib
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import wave

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
ENVIRONMENT = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
SMALL = ["--hidden", 16, "--layers", 1, "--batch", 4, "--aligned-steps", 8, "--hold-out", 1, "--validation-utterances", 10, "--validate-every", 5,
         "--log-every", 5, "--threads", 1, "--speed", 0.02]


def write_voices(folder):
    """Ten tones in the FSDD layout."""
    folder.mkdir()
    for digit in range(10):
        for index in (0, 5, 6, 7):
            hz = 300 * 1.25**digit + 3 * index
            samples = [int(9000 * math.sin(2 * math.pi * hz * n / 8000)) for n in range(1200)]
            with wave.open(str(folder / f"{digit}_tone_{index}.wav"), "wb") as out:
                out.setnchannels(1)
                out.setsampwidth(2)
                out.setframerate(8000)
                out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


class Train(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.path = pathlib.Path(cls.directory.name)
        write_voices(cls.path / "voices")
        probe = cls.erngen("train", "--data", cls.path / "voices", *SMALL, "--steps", 1, "-o", "probe")
        cls.has_libtorch = probe.returncode != 7
        if cls.has_libtorch and probe.returncode != 0:
            raise AssertionError(probe.stderr)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    @classmethod
    def erngen(cls, *words, **more):
        return subprocess.run([ERNGEN, *map(str, words)], cwd=cls.path, capture_output=True, text=True, env=ENVIRONMENT, **more)

    def refused(self, code, text, *words):
        run = self.erngen(*words)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        self.assertIn(text, run.stderr)

    def words(self, output, *more):
        return ["train", "--data", "voices", *SMALL, "--method", "admm", "--cell", "gru", "--block", 4, "--dense-steps", 20, "--admm-steps", 20,
                "--admm-interval", 5, "--steps", 20, *more, "-o", output]

    def require_libtorch(self):
        if not self.has_libtorch:
            self.skipTest("built without libtorch")

    def test_options_are_refused_before_anything_is_read(self):
        self.refused(2, "needs a trained network", "train", "--data", "none", "--method", "admm", "-o", "net")
        self.refused(2, "rho is -1", "train", "--data", "none", "--rho", -1, "-o", "net")
        self.refused(2, "'x' is not one of direct", "train", "--data", "none", "--method", "x", "-o", "net")
        self.refused(2, "--plot draws the log", "train", "--data", "none", "--plot", "p.svg", "-o", "net")
        self.refused(2, "needs training data", "explore", "--phase", 1, "-o", "found")
        self.refused(2, "--phase", "explore", "--phase", 7, "-o", "found")
        self.refused(5, "block RAMs", "explore", "--phase", 1, "--data", "none", "--hidden", 16384, "--device", "up5k", "-o", "found")
        self.assertFalse((self.path / "found").exists())

    def test_kill_and_resume(self):
        self.require_libtorch()
        run = self.erngen(*self.words("whole", "--log", "whole.jsonl", "--plot", "whole.svg", "--calibration", "x.npy"))
        self.assertEqual(run.returncode, 0, run.stderr)
        lines = [json.loads(line) for line in (self.path / "whole.jsonl").read_text().splitlines()]
        self.assertEqual([l["stage"] for l in lines], ["dense"] * 4 + ["admm"] * 4 + ["retrain"] * 4)
        self.assertIn("primal_residual", lines[5])
        self.assertIn("error_rate", lines[-1])
        self.assertIn("<svg", (self.path / "whole.svg").read_text())
        self.assertEqual(self.erngen("quantise", "whole", "--calibration", "x.npy", "-o", "q").returncode, 0)
        words = [ERNGEN, *map(str, self.words("again", "--checkpoint", "state", "--log", "again.jsonl"))]
        running = subprocess.Popen(words, cwd=self.path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        deadline = time.monotonic() + 300
        while running.poll() is None and time.monotonic() < deadline:
            log = self.path / "again.jsonl"
            if log.exists() and len(log.read_text().splitlines()) >= 5:
                break
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.wait()
        self.assertTrue((self.path / "state").exists())
        self.assertEqual(self.erngen(*self.words("again", "--checkpoint", "state", "--log", "again.jsonl")).returncode, 0)
        self.assertEqual((self.path / "again").read_bytes(), (self.path / "whole").read_bytes())
        resumed = [json.loads(line) for line in (self.path / "again.jsonl").read_text().splitlines()]
        self.assertEqual([(l["step"], l["loss"]) for l in resumed], [(l["step"], l["loss"]) for l in lines])
        # A command with other options does not take the checkpoint.
        self.refused(3, "other options", *self.words("again", "--checkpoint", "state", "--seed", 2))

    def test_a_full_disk_leaves_the_old_checkpoint(self):
        self.require_libtorch()
        words = [ERNGEN, *map(str, self.words("full", "--checkpoint", "kept", "--log", "full.jsonl"))]
        running = subprocess.Popen(words, cwd=self.path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
        deadline = time.monotonic() + 300
        while running.poll() is None and time.monotonic() < deadline and not (self.path / "kept").exists():
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.wait()
        before = (self.path / "kept").read_bytes()
        names = set(os.listdir(self.path))

        def small_files():  # a write beyond 8 KiB fails, as on a full disk
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

        run = self.erngen(*words[1:], preexec_fn=small_files)
        self.assertEqual(run.returncode, 6, run.stderr)
        self.assertIn("kept", run.stderr)
        self.assertEqual((self.path / "kept").read_bytes(), before)
        self.assertEqual(set(os.listdir(self.path)) - names, set())  # neither a network nor a half checkpoint
        self.assertEqual(self.erngen(*words[1:]).returncode, 0)  # with room again it goes on from there

    def test_bad_recordings(self):
        self.require_libtorch()
        for name, make, text in (("mixed", lambda f: write_rate(f / "3_tone_8.wav", 16000), "16000 Hz"), ("empty",
            lambda f: write_rate(f / "3_tone_8.wav", 8000, 0), "no samples"),
                                 ("named", lambda f: (f / "three.wav").write_bytes(b""), "the name is not")):
            write_voices(self.path / name)
            make(self.path / name)
            self.refused(3, text, "train", "--data", name, *SMALL, "--steps", 1, "-o", "net-bad")
        self.assertFalse((self.path / "net-bad").exists())

    def test_read_sentences(self):
        self.require_libtorch()
        folder = self.path / "sentences"
        write_sentences(folder)
        data = ["--data", folder, "--split-file", folder / "split.json"]
        words = ["train", "--data-kind", "speech", *data, "--hidden", 24, "--layers", 1, "--block", 4, "--batch", 4, "--method", "admm",
                 "--dense-steps", 150, "--admm-steps", 60, "--steps", 60, "--snapshots", "0,20", "--warmup", 10, "--rate", 2e-2,
                 "--retrain-rate", 1e-2, "--admm-rate", 1e-2, "--validate-every", 30, "--log-every", 30, "--threads", 1, "--log", "speech.jsonl",
                 "--plot", "speech.svg", "--pools", "features", "--calibration", "speech.npy", "-o", "speech"]
        run = self.erngen(*words)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("4 sentences to train on, 4 to validate, 4 to test; left out: 0 with words", run.stderr)
        lines = [json.loads(line) for line in (self.path / "speech.jsonl").read_text().splitlines()]
        admm = [line for line in lines if line["stage"] == "admm"]
        self.assertEqual({"rho", "distance", "loss_ratio", "primal_residual", "dual_residual"} - set(admm[0]), set())
        self.assertLess(lines[-1]["error_rate"], 0.2)
        self.assertIn("|D| / |W|", (self.path / "speech.svg").read_text())
        self.assertEqual(len(list((self.path / "features").iterdir())), 4)
        # The output layer is dense, the others are not; the last snapshot is another network than the first.
        network = json.loads(self.erngen("compress", "speech", "--block", "4,4,4,1", "-o", "same", "--json", "-").stdout)
        self.assertEqual(network["layers"][-1]["block"], {"weight": 1})
        self.assertNotEqual((self.path / "speech.0").read_bytes(), (self.path / "speech.20").read_bytes())
        score = json.loads(self.erngen("score", "speech", *data, "--json", "-").stdout)
        self.assertEqual([row[0] for row in score["each"]["rows"]], ["c-0", "c-1", "c-2", "c-3"])
        self.assertEqual(sum(row[3] for row in score["each"]["rows"]), 10)
        self.assertLess(score["phones"]["rate"], 0.3)
        validation = json.loads(self.erngen("score", "speech", *data, "--split", "validation", "--json", "-").stdout)
        self.assertEqual(validation["phones"]["rate"], lines[-1]["error_rate"])  # the trainer's layers and the reference model
        heard = self.erngen("recognise", "speech", "--audio", folder / "a-1.wav")
        self.assertEqual((heard.returncode, heard.stdout), (0, "H L\n"), heard.stderr)
        self.assertEqual(self.erngen("quantise", "speech", "--calibration", "speech.npy", "-o", "speech.q").returncode, 0)
        fixed = json.loads(self.erngen("score", "speech.q", *data, "--json", "-").stdout)
        self.assertEqual(fixed["arithmetic"], "fixed")
        # What the folder lacks is said, and nothing is left behind.
        self.refused(2, "--split-file", "train", "--data-kind", "speech", "--data", folder, "-o", "none")
        (folder / "extra.wav").write_bytes(b"")
        self.refused(3, "extra.wav: has no transcript", *words[:-1], "none")
        self.assertFalse((self.path / "none").exists())

    def test_explore_finds_records_and_resumes(self):
        self.require_libtorch()
        words = ["explore", "--phase", 1, "--data", "voices", *SMALL, "--dense-steps", 10, "--admm-steps", 10, "--admm-interval", 5,
                 "--steps", 5, "--device", "xcku060", "--clock", 100, "-o", "search", "--json", "-"]
        run = self.erngen(*words, "--max-error", 1000)
        self.assertEqual(run.returncode, 0, run.stderr)
        first = json.loads(run.stdout)
        self.assertEqual(first["trained_now"], len(first["trials"]))
        self.assertLessEqual(len(first["trials"]), 5)
        self.assertIsNotNone(first["chosen"])
        self.assertTrue(all(t["cycles_per_frame"] for t in first["trials"] if t["block"] > 1))
        self.assertEqual(self.erngen("plan", "search/chosen.q.safetensors", "--device", "xcku060").returncode, 0)
        self.assertIn("<svg", (self.path / "search" / "phase1.svg").read_text())
        again = json.loads(self.erngen(*words, "--max-error", 1000).stdout)
        self.assertEqual(again.pop("trained_now"), 0)
        first.pop("trained_now")
        self.assertEqual(again, first)
        run = self.erngen(*words, "--max-error", 0)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("no network meets", run.stderr)
        self.assertTrue((self.path / "search" / "best.safetensors").exists())


    def test_explore_side_by_side(self):
        self.require_libtorch()
        words = ["explore", "--phase", 1, "--data", "voices", *SMALL, "--dense-steps", 10, "--admm-steps", 10, "--admm-interval", 5,
                 "--steps", 5, "--device", "xcku060", "--clock", 100, "--max-error", 1000, "--json", "-"]
        run = self.erngen(*words, "-o", "serial")
        self.assertEqual(run.returncode, 0, run.stderr)
        # A training is killed: it is begun again. Then the search itself is killed: the same command goes on.
        command = [ERNGEN, *map(str, words), "-o", "parallel", "--jobs", "local:3"]
        running = subprocess.Popen(command, cwd=self.path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=ENVIRONMENT, text=True)
        killed = kill_training(str(running.pid), 300)
        self.assertTrue(killed)
        deadline = time.monotonic() + 300
        while running.poll() is None and time.monotonic() < deadline and not (self.path / "parallel" / "lstm-dense.training.json").exists():
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        again = subprocess.run(command, cwd=self.path, capture_output=True, text=True, env=ENVIRONMENT)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("training LSTM k=", again.stderr)
        for name in ("phase1.json", "phase1.svg", "ledger.json", "chosen.safetensors", "chosen.q.safetensors"):
            self.assertEqual((self.path / "parallel" / name).read_bytes(), (self.path / "serial" / name).read_bytes(), name)
        trained = {path.name for path in (self.path / "serial").glob("*.training.json")}
        self.assertEqual(trained - {path.name for path in (self.path / "parallel").glob("*.training.json")}, set())
        for path in (self.path / "serial").glob("*.safetensors"):
            if "start" not in path.name:
                self.assertEqual((self.path / "parallel" / path.name).read_bytes(), path.read_bytes(), path.name)
        # What a training ends with by itself is the search's error.
        self.refused(3, "none", *words[:4], "none", *words[5:], "-o", "failing", "--jobs", "local:1")
        self.assertIn("none", (self.path / "failing" / "lstm-dense.txt").read_text())
        self.refused(2, "--jobs is 'pbs:3'", *words, "-o", "none", "--jobs", "pbs:3")


def kill_training(parent, seconds):
    """Kills the first descendant of `parent` that trains alone."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if b"--training=" in (process / "cmdline").read_bytes() and process.name != parent:
                    os.kill(int(process.name), signal.SIGKILL)
                    return True
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        time.sleep(0.01)
    return False


def write_sentences(folder):
    """Three speakers with four sentences each; every word is a tone."""
    folder.mkdir()
    (folder / "lexicon.txt").write_text("LOW L\nMID M\nHIGH H\n")
    (folder / "split.json").write_text('{"key": "([a-z])-.*", "validation": ["b"], "test": ["c"]}')
    lines = []
    for speaker in "abc":
        for number, words in enumerate(("LOW MID HIGH", "HIGH LOW", "MID HIGH LOW", "HIGH MID")):
            name = f"{speaker}-{number}"
            lines.append(f"{name} {words}\n")
            samples = [0] * 1600
            for word in words.split():
                hz = {"LOW": 400, "MID": 1000, "HIGH": 2500}[word] * (1 + 0.03 * "abc".index(speaker))
                samples += [int(9000 * math.sin(2 * math.pi * hz * n / 16000)) for n in range(4800)]
            write_samples(folder / f"{name}.wav", samples + [0] * 1600)
    (folder / "transcripts.txt").write_text("".join(lines))


def write_samples(path, samples):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16000)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def write_rate(path, rate, samples=2000):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"\1\0" * samples)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
