#!/usr/bin/env python3
# Checks the links of the Markdown files: python3 check_links.py [SOURCE_ROOT]. A link must lead to a file of the tree, and to a heading of it if it
# names one; addresses of other hosts are not asked. Paths in code (`tools/test.sh`) must exist, too.
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import check_style

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*?)\s*$", re.MULTILINE)
CODE_PATH = re.compile(r"`(?:sh |python3 )?((?:src|tools|sim|templates|testbench|examples|docs|\.ci)/[\w./-]+)(?: [^`]*)?`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(text):
    """Those of the headings, as Git hosts and MkDocs make them."""
    names = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        names.add(re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", plain)))
    return names


def problems(root):
    found = []
    for path in check_style.source_files(root):
        if path.suffix != ".md":
            continue
        text = (root / path).read_text()
        for number, line in enumerate(FENCE.sub(lambda block: "\n" * block.group(0).count("\n"), text).splitlines(), 1):
            found += [f"{path}:{number}: {name} is not there" for name in CODE_PATH.findall(line) if not (root / name).exists()]
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, anchor = target.partition("#")
                file = (root / path.parent / name).resolve() if name else root / path
                if not file.exists():
                    found.append(f"{path}:{number}: {target} leads nowhere")
                elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
                    found.append(f"{path}:{number}: {target}: there is no such heading")
    return found


def main():
    found = problems(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
    for problem in found:
        print(problem)
    print(f"{len(found)} problems of links")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
