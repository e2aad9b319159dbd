#!/usr/bin/env python3
# Tests of the page of continuous speech: python3 speech_page_test.py. Needs nothing but the standard library.
import pathlib
import tempfile
import types
import unittest

import speech_page as page
import speech_table

TEST = {"names": ["a_1", "a_2", "b_1", "c_1"], "keys": ["0"] * 4, "phones": [10, 10, 10, 20]}


def record(method, block, seed, errors, hidden=256, **more):
    scores = {"final": {"per": 100 * sum(errors) / 50, "errors": errors}, **{k: {"per": 100 * sum(e) / 50, "errors": e} for k, e in more.items()}}
    return {"name": f"kathleen-lstm-{hidden}-k{block}-{method}-s{seed}", "corpus": "kathleen", "cell": "lstm", "hidden": hidden, "shape": "",
            "block": block, "method": method, "seed": seed, "steps": 10, "cpu_seconds": 1, "parameters": 1000, "multiplications": 500 // block,
            "cycles": 7, "log": [], "scores": scores}


class Page(unittest.TestCase):
    def test_sentences_of_a_prompt_belong_together(self):
        self.assertEqual(page.clusters(TEST), [[0, 1], [2], [3]])
        self.assertEqual(page.clusters({"names": ["251-1-0001", "251-1-0002", "251-2-0001"]}), [[0, 1], [2]])

    def test_a_difference_is_paired_by_seed_and_sentence(self):
        a = {1: record("admm", 8, 1, [1, 1, 1, 2]), 2: record("admm", 8, 2, [3, 3, 3, 6])}
        b = {1: record("projection", 8, 1, [2, 2, 2, 4]), 2: record("projection", 8, 2, [4, 4, 4, 8]), 3: record("projection", 8, 3, [9, 9, 9, 9])}
        difference, error, seeds = page.paired(a, b, TEST)
        self.assertAlmostEqual(difference, -10)  # a tenth of the phones less in both seeds
        self.assertAlmostEqual(error, 0)  # and in every prompt: nothing varies
        self.assertEqual(seeds, 2)
        self.assertIsNone(page.paired(a, {}, TEST))

    def test_the_standard_error_is_that_of_drawn_prompts(self):
        test = {"names": [f"p{n}_1" for n in range(100)], "phones": [10] * 100}
        a = {1: {"scores": {"final": {"errors": [n % 2 for n in range(100)]}}}}
        b = {1: {"scores": {"final": {"errors": [0] * 100}}}}
        difference, error, _ = page.paired(a, b, test)
        self.assertAlmostEqual(difference, 5)
        self.assertAlmostEqual(error, 0.5, delta=0.05)  # 100 sqrt(0.25 / 100) / 10

    def test_rows_that_were_not_run_are_not_in_the_tables(self):
        records = [record("dense-all", 1, 1, [1, 1, 1, 2]), record("admm", 8, 1, [2, 2, 2, 4], **{"0": [4, 4, 4, 8]})]
        rows = page.main_table(records)
        self.assertEqual(len(rows), 2 + 2)
        self.assertIn("| kathleen | LSTM 2 x 256 | 8 | 1,000 |  |  |  |  | 20.00 |", rows)
        self.assertEqual(page.difference_table(records, {"kathleen": TEST})[2:], ["| kathleen | LSTM 2 x 256 | 8 | +10.00 ± 0.00 (1) |  |  |  |"])
        self.assertEqual(page.aims_table(records, {"kathleen": TEST})[2:], [])
        self.assertEqual(page.retraining_table(records)[2:], ["| kathleen | LSTM 2 x 256 | 8 | ADMM | 40.00 |  |  |  | 20.00 |"])
        self.assertEqual([row.split("|")[3] for row in page.cost_table(records)[2:]], [" 8 ", " 1 "])  # the cheapest first

    def test_digits_have_their_own_rate_and_a_column_of_distillation_where_it_was_run(self):
        rows = [record("admm", 8, 1, [1, 1, 1, 2]), record("distilled", 8, 1, [1, 1, 1, 1])]
        for n, row in enumerate(rows):
            row["scores"]["final"]["der"] = 3 + n
        self.assertIn("| kathleen | LSTM 2 x 256 | 8 | 1,000 |  |  |  |  | 3.00 | 4.00 |", page.main_table(rows, "der"))
        self.assertRegex(page.difference_table(rows, {"kathleen": TEST})[2],
                         r"^\| kathleen \| LSTM 2 x 256 \| 8 \|  \|  \|  \| \+2\.00 ± .* \(1\) \|  \|$")
        self.assertEqual(page.clusters({"names": ["0_jackson", "1_jackson", "2_theo"]}), [[0], [1], [2]])

    def test_aims_are_compared(self):
        records = [record("admm", 8, 1, [1, 1, 1, 2]), record("projection", 8, 1, [2, 2, 2, 4])]
        self.assertIn("-10.00 ± 0.00 (1) | reached", page.aims_table(records, {"kathleen": TEST})[2])
        records.reverse()
        records[0]["method"], records[1]["method"] = "admm", "projection"
        self.assertIn("+10.00 ± 0.00 (1) | missed", page.aims_table(records, {"kathleen": TEST})[2])


class Resume(unittest.TestCase):
    def test_records_are_not_made_again_but_lost_dense_networks_are(self):
        with tempfile.TemporaryDirectory() as folder:
            table = speech_table.Table(types.SimpleNamespace(erngen=None, data=None, work=pathlib.Path(folder) / "work", threads=1,
                                                             ledger=pathlib.Path(folder) / "ledger"))
            jobs = speech_table.group("kathleen", "lstm", 256, (8,), 1)
            self.assertEqual([j.method for j in speech_table.needed(table, jobs)], ["dense", "admm", "projection", "dense-all", "direct"])
            for job in jobs[:2] + jobs[3:4]:
                table.record(job).write_text("{}")
            self.assertEqual([j.method for j in speech_table.needed(table, jobs)], ["dense", "projection", "direct"])
            table.path(jobs[0], "net").write_text("")
            self.assertEqual([j.method for j in speech_table.needed(table, jobs)], ["projection", "direct"])

    def test_all_methods_end_after_the_same_steps(self):
        for job in speech_table.all_jobs():
            before = job.start.steps() if job.start else 0
            words = job.options()
            own = sum(int(words[words.index(name) + 1]) for name in ("--steps", "--admm-steps") if name in words)
            self.assertEqual(own, job.steps())
            if job.method != "dense":
                self.assertEqual(before + own, job.of.dense + job.of.later)

    def test_names_are_unique(self):
        names = [j.name for j in speech_table.all_jobs()]
        self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
