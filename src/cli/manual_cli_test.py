#!/usr/bin/env python3
# Tests of the manual pages and the completion: python3 manual_cli_test.py ERNGEN MAN1 ERNGEN.BASH.
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ERNGEN, PAGES, COMPLETION = map(pathlib.Path, sys.argv[1:4])


def help_of(*verb):
    return subprocess.run([str(ERNGEN.resolve()), *verb, "--help"], capture_output=True, text=True, check=True).stdout


def complete(*words):
    """What bash offers for the last of the words."""
    line = " ".join(words)
    script = f"source {COMPLETION}; COMP_WORDS=(erngen {line or chr(39) * 2}); COMP_CWORD={max(1, len(words))}; _erngen; echo ${{COMPREPLY[@]}}"
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split()


class Manual(unittest.TestCase):
    def verbs(self):
        return re.findall(r"^  ([a-z]+) ", help_of().split("Subcommands:")[1], re.M)

    def test_every_verb_has_a_page_with_every_option(self):
        self.assertIn("plan", self.verbs())
        for verb in self.verbs():
            text = (PAGES / f"erngen-{verb}.1").read_text().replace("\\-", "-")
            options = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", "\n".join(
                line[:40] for line in help_of(verb).splitlines() if re.match(r"  -", line))))
            self.assertIn("--help", options)
            for option in options:
                self.assertIn(option, text, verb)
            self.assertIn(f"erngen-{verb}(1)", (PAGES / "erngen.1").read_text().replace("\\-", "-").replace("\\fB", "").replace("\\fR", ""))
        self.assertTrue((PAGES / "erngen-unit-fft.1").exists())

    def test_pages_are_good_roff(self):
        tool = shutil.which("man") and ["man", "--warnings", "-l"] or shutil.which("groff") and ["groff", "-man", "-ww", "-Tascii"]
        if not tool:
            self.skipTest("neither man nor groff")
        for page in sorted(PAGES.glob("*.1")):
            run = subprocess.run([*tool, str(page)], capture_output=True, text=True)
            self.assertEqual((run.returncode, run.stderr), (0, ""), page.name)

    def test_completion(self):
        self.assertEqual(set(self.verbs()) - set(complete("")), set())
        self.assertEqual(complete("qua"), ["quantise"])
        self.assertIn("--device", complete("plan", "--d"))
        self.assertNotIn("--device", complete("quantise", "--d"))
        self.assertIn("fft", complete("unit", "f"))
        self.assertIn("--simulate", complete("unit", "fft", "--si"))
        self.assertEqual(complete("plan", "x"), [])  # a file: bash's own


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
