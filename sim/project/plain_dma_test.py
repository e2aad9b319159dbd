#!/usr/bin/env python3
"""A source without TUSER and TID, and a sink without them: plain_dma_test.py ERNGEN. Sequences of different lengths, with pauses, on ports of
32 and 512 bits, give the model's words in every way that such a DMA can be told of sequences and streams."""
import pathlib
import sys
import tempfile
import unittest

import project

ERNGEN = sys.argv[1]
SEQUENCE_FRAMES, STREAM = 0x70, 0x74
SHAPE = ("--rows", 4, "--columns", 1, "--readout", 1)


class PlainDma(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.lstm = project.Network(ERNGEN, self.path, "lstm", "--cell lstm --input 9 --hidden 8 --dense 3 --block 4", seed=5)
        self.gru = project.Network(ERNGEN, self.path, "gru", "--cell gru --input 5 --hidden 6 --block 2", bits=(8, 8), seed=6)

    def send(self, script, frames, last_of="sequence"):
        """A DMA's transfer of these frames: tlast in its last beat, or in that of each frame."""
        for number, frame in enumerate(frames):
            beats = script.design.beats(frame)
            for at, word in enumerate(beats):
                script.beat(word, at == len(beats) - 1 and (last_of == "frame" or number == len(frames) - 1))

    def check(self, script, beats, expected):
        """Frames in order, with tlast where a sink counts on it and tkeep for what is not padding; expected are sequences of frames."""
        design, at = script.design, 0
        per_frame = design.beats_back()
        used = design.output["size"] - (per_frame - 1) * design.output["beat_elements"]
        lane_bytes = design.output["element_bits"] // 8
        for sequence in expected:
            for number, frame in enumerate(sequence):
                part = beats[at:at + per_frame]
                at += per_frame
                self.assertEqual(design.frame([word for _, _, word in part]), frame)
                ends = [last for last, _, _ in part]
                self.assertEqual(ends, [False] * (per_frame - 1) + [number == len(sequence) - 1])
                if "m_axis_tkeep" in design.ports:
                    keep = used * lane_bytes if ends[-1] else len(part[-1][1])
                    self.assertEqual(part[-1][1], ("1" * keep).rjust(len(part[-1][1]), "0"))
        self.assertEqual(at, len(beats))

    def run_both(self, runs):
        """runs: (script, expected) of several designs, in one simulation; Icarus and Verilator."""
        for simulator in ("icarus", "verilator"):
            results = project.simulate(self.path / simulator, [script for script, _ in runs], simulator)
            for (script, expected), beats in zip(runs, results):
                with self.subTest(top=script.design.top, simulator=simulator):
                    self.check(script, beats, expected)

    def by_tlast(self, width):
        """Each transfer is a sequence; each gives one transfer back."""
        design = self.lstm.generate(f"tlast_{width}", *SHAPE, "--stream-width", width, "--sequence-end", "tlast", "--stream-by", "register",
                                    "--output-tlast", "sequence", "--output-tkeep")
        self.assertFalse({"s_axis_tuser", "s_axis_tid"} & set(design.ports))
        script, expected = project.Script(design), []
        for length in (3, 1, 6, 2):
            frames = self.lstm.frames(design, length)
            self.send(script, frames)
            expected.append(self.lstm.outputs(design, frames))
            script.back += length * design.beats_back()
        return script, expected

    def by_count(self, width):
        """The host writes how long a sequence is; TLAST is not there; elements are bytes."""
        design = self.gru.generate(f"count_{width}", *SHAPE, "--stream-width", width, "--sequence-end", "register", "--input-tlast", "none",
                                   "--stream-by", "register", "--elements", "bytes", "--output-tlast", "sequence")
        self.assertFalse({"s_axis_tuser", "s_axis_tid", "s_axis_tlast"} & set(design.ports))
        script, expected = project.Script(design), []
        for length in (2, 5, 5, 1):
            frames = self.gru.frames(design, length)
            script.write(SEQUENCE_FRAMES, length)
            self.send(script, frames)
            expected.append(self.gru.outputs(design, frames))
            script.back += length * design.beats_back()
        return script, expected

    def by_turns(self, width):
        """Frames of three streams take turns in one transfer; only the last frames come back."""
        design = self.gru.generate(f"turns_{width}", *SHAPE, "--streams", 3, "--stream-width", width, "--sequence-end", "register",
                                   "--input-tlast", "none", "--stream-by", "round-robin", "--output-frames", "last", "--output-tkeep")
        script, expected = project.Script(design), []
        for length in (4, 2):
            streams = [self.gru.frames(design, length) for _ in range(3)]
            script.write(SEQUENCE_FRAMES, length)
            self.send(script, [streams[n][t] for t in range(length) for n in range(3)])
            expected += [self.gru.outputs(design, frames)[-1:] for frames in streams]
            script.back += 3 * design.beats_back()
        return script, expected

    def by_register(self, width):
        """The host chooses the stream of each transfer and waits for what comes back; TLAST is in each frame."""
        design = self.lstm.generate(f"register_{width}", *SHAPE, "--streams", 2, "--stream-width", width, "--sequence-end", "register",
                                    "--stream-by", "register")
        script, expected = project.Script(design), []
        whole = [self.lstm.frames(design, 4) for _ in range(2)]
        answers = [self.lstm.outputs(design, frames) for frames in whole]
        script.write(SEQUENCE_FRAMES, 4)
        for begin, end in ((0, 1), (1, 3), (3, 4)):   # the streams go on where they were
            for stream in (0, 1):
                script.write(STREAM, stream)
                self.send(script, whole[stream][begin:end], last_of="frame")
                expected += [[frame] for frame in answers[stream][begin:end]]
                script.back += (end - begin) * design.beats_back()
                script.wait()
        return script, expected

    def test_32_bits(self):
        self.run_both([way(32) for way in (self.by_tlast, self.by_count, self.by_turns, self.by_register)])

    def test_512_bits(self):
        self.run_both([way(512) for way in (self.by_tlast, self.by_count, self.by_turns, self.by_register)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
