#!/usr/bin/env python3
"""Follows the pages of the documentation literally: runs the commands of their console blocks and compares what they print.

    tools/docs_check.py ERNGEN PAGE.md...

A block that begins with ```console holds commands ("$ erngen ...", continued after a backslash) and lines of their output; one that begins with
```LANGUAGE title="FILE" is that file, which is written at its place. The commands of a page run one after another in an empty folder that has the
project's examples as `examples`; each must succeed, and each line shown must be printed, in that order (a line of dots stands for others, dots inside
a line for any text; blanks count as one). Pages whose commands are Python's need the package in the environment of tools/python.sh, and are
skipped by name where it is not.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = ROOT / "build/python-venv/bin"
BLOCK = re.compile(r"^```(console|\w+ title=\"([^\"]+)\")\n(.*?)^```", re.MULTILINE | re.DOTALL)


def steps(text):
    """The files of a page, as (name, contents), and its commands, as (command, lines that it must print)."""
    for _, file, block in BLOCK.findall(text):
        if file:
            yield file, block
            continue
        command, shown = None, []
        for line in block.splitlines():
            if command is not None and command.endswith("\\"):
                command = command[:-1] + line.strip()
            elif line.startswith("$ "):
                if command is not None:
                    yield command, shown
                command, shown = line[2:], []
            elif line.strip() not in ("", "..."):
                shown.append(line)
        if command is not None:
            yield command, shown


def plain(line):
    return " ".join(line.split())


def is_line(shown, printed):
    """Whether a line of the page is the printed one; dots in it stand for any text."""
    return re.fullmatch(".*".join(re.escape(part) for part in plain(shown).split("...")), printed) is not None


def follow(page, erngen):
    """What stumbles, as text; the number of commands."""
    problems, count = [], 0
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(ROOT / "examples", pathlib.Path(folder) / "examples")
        environment = dict(os.environ, PATH=f"{erngen.parent}:{PYTHON}:{os.environ['PATH']}")
        for command, shown in steps(page.read_text()):
            if isinstance(shown, str):
                (pathlib.Path(folder) / command).write_text(shown)
                continue
            count += 1
            run = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True)
            output = [plain(line) for line in (run.stdout + run.stderr).splitlines()]
            if run.returncode:
                problems.append(f"{page.name}: {command}: status {run.returncode}\n{run.stderr}")
            at = 0
            for line in shown:
                found = next((n for n in range(at, len(output)) if is_line(line, output[n])), None)
                if found is None:
                    problems.append(f"{page.name}: {command}: does not print, at its place: {line.strip()}\n{run.stdout}{run.stderr}")
                    break
                at = found + 1
    return problems, count


def main():
    erngen, total, failed, skipped = pathlib.Path(sys.argv[1]).resolve(), 0, 0, False
    for name in sys.argv[2:]:
        if "$ python3" in pathlib.Path(name).read_text() and not (PYTHON / "python3").exists():
            print(f"{name}: skipped, for sh tools/python.sh has not been run")
            skipped = True
            continue
        problems, count = follow(pathlib.Path(name), erngen)
        print("\n".join([*problems, f"{name}: {count} commands"]))
        total, failed = total + count, failed + len(problems)
    print(f"{total} commands, {failed} problems")
    if failed or not (total or skipped):
        return 1
    return 0 if total else 77


if __name__ == "__main__":
    sys.exit(main())
