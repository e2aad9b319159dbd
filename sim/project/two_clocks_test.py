#!/usr/bin/env python3
"""Designs whose ports have a clock of their own (--wrapper clocks), with an engine that is slower or faster and never in step: sequences of different
lengths from a plain DMA of 32 and 512 bits, with pauses, give the model's words, and mutants of the queues do not. two_clocks_test.py ERNGEN"""
import pathlib
import sys
import tempfile
import unittest

import project

ERNGEN = sys.argv[1]
PERIODS = (3.002, 24.998)   # of the engine, ns; that of the ports is 10
# File, text, what stands in its place.
MUTANTS = [("async_fifo", "~read_seen_q2[L:L-1], read_seen_q2[L-2:0]", "~read_seen_q2[L], read_seen_q2[L-1:0]"),   # never full
           ("async_fifo", "read_gray_q != write_seen_q2", "read_q != write_seen_q2"),
           ("async_fifo", "write_next ^ (write_next >> 1)", "write_next"),
           ("clocks", ".ready_o(s_axis_tready)", ".ready_o()"),
           ("clocks", ".ready_i(m_axis_tready)", ".ready_i(1'b1)")]


class TwoClocks(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.network = project.Network(ERNGEN, self.path, "lstm", "--cell lstm --input 9 --hidden 8 --dense 3 --block 4", seed=5)

    def job(self, top, width):
        """A DMA's script, and what must come back: a transfer is a sequence."""
        design = self.network.generate(top, "--rows", 4, "--columns", 1, "--readout", 1, "--stream-width", width, "--sequence-end", "tlast",
                                       "--stream-by", "register", "--output-tlast", "sequence", "--wrapper", "clocks").with_two_clocks()
        script, expected = project.Script(design), []
        for length in (3, 1, 12, 2):
            frames = self.network.frames(design, length)
            words = [word for frame in frames for word in design.beats(frame)]
            for n, word in enumerate(words):
                script.beat(word, n == len(words) - 1)
            expected += [(frame, n == length - 1) for n, frame in enumerate(self.network.outputs(design, frames))]
            script.back += length * design.beats_back()
        return script, expected

    def frames(self, script, beats):
        """What came back: frames, and whether tlast was in their last beats, and only there."""
        per_frame = script.design.beats_back()
        parts = [beats[at:at + per_frame] for at in range(0, len(beats), per_frame)]
        return [(script.design.frame([word for _, _, word in part]), part[-1][0]) for part in parts if not any(last for last, _, _ in part[:-1])]

    def test_words(self):
        jobs = [self.job("narrow", 32), self.job("wide", 512)]
        for simulator, periods in (("icarus", PERIODS), ("verilator", PERIODS[1:])):
            for period in periods:
                results = project.simulate(self.path / f"{simulator}{period}", [script for script, _ in jobs], simulator, period)
                for (script, expected), beats in zip(jobs, results):
                    with self.subTest(top=script.design.top, simulator=simulator, period=period):
                        self.assertEqual(self.frames(script, beats), expected)

    def test_mutants(self):
        script, expected = self.job("narrow", 32)
        for number, (file, old, new) in enumerate(MUTANTS):
            source = script.design.directory / f"clocks/narrow_{file}.v"
            text = source.read_text()
            self.assertEqual(text.count(old), 1, old)
            source.write_text(text.replace(old, new))
            try:
                beats = project.simulate(self.path / f"mutant{number}", [script], "icarus", PERIODS[1], 20000)[0]
            except (AssertionError, ValueError):   # no end, or undefined words
                beats = []
            source.write_text(text)
            with self.subTest(mutant=new):
                self.assertNotEqual(self.frames(script, beats), expected)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
