#!/usr/bin/env python3
# Tests of the verbs for speech: python3 speech_cli_test.py ERNGEN EXAMPLES. Needs nothing but the standard library.
import json
import math
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import wave

ERNGEN = str(pathlib.Path(sys.argv[1]).resolve())
EXAMPLES = pathlib.Path(sys.argv[2]).resolve()
NETWORKS = [EXAMPLES / "digits-lstm.safetensors", EXAMPLES / "digits-gru.safetensors"]


def write_wav(path, samples, rate=8000, channels=1):
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def tone(hz, seconds, rate=8000):
    return [int(8000 * math.sin(2 * math.pi * hz * n / rate)) for n in range(int(seconds * rate))]


class Speech(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)

    def erngen(self, *words, code=0):
        run = subprocess.run([ERNGEN, *map(str, words)], cwd=self.path, capture_output=True, text=True)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        if code != 0:
            self.assertTrue(run.stderr.startswith("erngen: error: "), run.stderr)
        return run.stdout, run.stderr

    def refused(self, code, text, *words):
        """The command must fail with this code and text, and leave the directory as it was."""
        before = sorted(os.listdir(self.path))
        self.assertIn(text, self.erngen(*words, code=code)[1])
        self.assertEqual(sorted(os.listdir(self.path)), before)

    def test_the_examples_are_recognised(self):
        for network in NETWORKS:
            for audio in sorted(EXAMPLES.glob("digits-*.wav")):
                said = " ".join(audio.stem.removeprefix("digits-"))
                self.assertEqual(self.erngen("recognise", network, "--audio", audio)[0], said + "\n")

    def test_features_run_decode_is_the_same_as_recognise(self):
        audio = EXAMPLES / "digits-31415.wav"
        self.erngen("features", audio, "--network", NETWORKS[0], "-o", "x.npy")
        self.erngen("run", NETWORKS[0], "--input", "x.npy", "-o", "y.npy")
        answer = json.loads(self.erngen("recognise", NETWORKS[0], "--outputs", "y.npy", "--json", "-")[0])
        self.assertEqual(answer["digits"], [3, 1, 4, 1, 5])
        self.assertEqual(answer["words"][0], "three")
        self.assertEqual(answer["phones"][:3], ["TH", "R", "IY"])
        report = json.loads(self.erngen("features", audio, audio, "--network", NETWORKS[0], "-o", "two.npy", "--json", "-")[0])
        self.assertEqual(report["frames"], 2 * answer["frames"])
        self.assertEqual(report["features"], 39)

    def test_quantised_networks_answer_in_fixed_point(self):
        self.erngen("quantise", NETWORKS[0], "--calibration", EXAMPLES / "calibration.npy", "-o", "q")
        self.assertEqual(self.erngen("recognise", "q", "--audio", EXAMPLES / "digits-31415.wav")[0], "3 1 4 1 5\n")

    def test_score_is_repeatable(self):
        for digit in range(10):
            for index in (0, 4, 5):
                write_wav(self.path / f"{digit}_tone_{index}.wav", tone(200 + 100 * digit + index, 0.3))
        words = ["score", NETWORKS[0], "--data", self.path, "--utterances", 5, "--json", "-"]
        first = self.erngen(*words)[0]
        self.assertEqual(first, self.erngen(*words)[0])
        report = json.loads(first)
        self.assertEqual(report["utterances"], 5)
        self.assertEqual(report["arithmetic"], "float")
        self.assertGreater(report["digits"]["reference"], 14)
        self.assertIn("rate", report["phones"])
        each = [dict(zip(report["each"]["columns"], row)) for row in report["each"]["rows"]]
        self.assertEqual([row["name"] for row in each], [f"{n}_tone" for n in range(5)])
        self.assertEqual(sum(row["errors"] for row in each), report["phones"]["errors"])
        self.assertEqual(sum(row["reference"] for row in each), report["phones"]["reference"])
        self.assertEqual(sum(row["digit_errors"] for row in each), report["digits"]["errors"])
        self.assertEqual(sum(len(row["key"]) for row in each), report["digits"]["reference"])
        self.assertNotEqual(first, self.erngen(*words, "--seed", 3)[0])
        self.assertIn("digit error rate", self.erngen("score", NETWORKS[0], "--data", self.path, "--utterances", 2, "--split", "train")[0])

    def test_bad_audio(self):
        write_wav(self.path / "rate.wav", tone(440, 0.5, 16000), 16000)
        write_wav(self.path / "stereo.wav", tone(440, 0.5), channels=2)
        write_wav(self.path / "short.wav", tone(440, 0.01))
        write_wav(self.path / "empty.wav", [])
        write_wav(self.path / "whole.wav", tone(440, 0.5))
        (self.path / "cut.wav").write_bytes((self.path / "whole.wav").read_bytes()[:3000])
        (self.path / "text.wav").write_text("not audio")
        for name, text in [("rate.wav", "16000 Hz"), ("stereo.wav", "2 channels"), ("short.wav", "less than one frame"),
                           ("empty.wav", "no samples"), ("cut.wav", "truncated"), ("text.wav", "text.wav: is a text file, not an audio file"),
                           ("none.wav", "No such file")]:
            self.refused(3, text, "recognise", NETWORKS[0], "--audio", name)
            self.refused(3, text, "features", name, "--network", NETWORKS[0], "-o", "x.npy")

    def test_bad_networks_and_outputs(self):
        self.erngen("new", "--cell", "gru", "--input", 39, "--hidden", 8, "--dense", 11, "-o", "silent")
        self.erngen("features", EXAMPLES / "digits-31415.wav", "--network", NETWORKS[0], "-o", "x.npy")
        self.refused(3, "silent: front end", "recognise", "silent", "--audio", EXAMPLES / "digits-31415.wav")
        self.refused(3, "[frames, 11] is expected", "recognise", NETWORKS[0], "--outputs", "x.npy")
        self.refused(2, "", "recognise", NETWORKS[0])
        self.refused(2, "", "recognise", NETWORKS[0], "--outputs", "x.npy", "--audio", "a.wav")
        self.refused(3, "no .wav files", "score", NETWORKS[0], "--data", self.path)
        self.refused(3, "cannot be listed", "score", NETWORKS[0], "--data", self.path / "none")
        self.refused(2, "--utterances", "score", NETWORKS[0], "--data", self.path, "--utterances", 0)
        write_wav(self.path / "7_ann_9.wav", tone(440, 0.5))
        self.refused(3, "no recordings of the test split", "score", NETWORKS[0], "--data", self.path)
        self.refused(2, "to 3 digits is not a range", "score", NETWORKS[0], "--data", self.path, "--split", "train", "--max-digits", 3,
                     "--min-digits", 4)

    def test_training_refuses_before_it_starts(self):
        self.refused(2, "dropout is 2", "train", "--data", self.path, "--dropout", 2, "-o", "net")
        self.refused(2, "--data is required", "train", "-o", "net")
        run = subprocess.run([ERNGEN, "train", "--data", "none", "-o", "net"], cwd=self.path, capture_output=True, text=True)
        # 3: the folder is missing; 7: built without libtorch, and the message says how to change that.
        self.assertIn(run.returncode, (3, 7), run.stderr)
        self.assertIn("cannot be listed" if run.returncode == 3 else "libtorch", run.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
