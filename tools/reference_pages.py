#!/usr/bin/env python3
"""Writes the pages of the reference that the sources already hold: the command, the Python package and the C++ library.

    tools/reference_pages.py ERNGEN            writes docs/reference/command.md, python-api.md and cpp-api.md
    tools/reference_pages.py ERNGEN --check    names those that are not what it would write, and fails

The command is asked for its help; docstrings come from the sources of the package (ast), comments of the library from its public headers: what stands
behind /// before a declaration or ///< after it. Nothing is imported or compiled.
"""
import ast
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs/reference"
PACKAGE, HEADERS = ROOT / "src/python/erngen", ROOT / "src/erngen"


def fenced(text, language=""):
    return f"```{language}\n{text.rstrip()}\n```\n"


# ---- the command ----

def help_of(erngen, *words):
    text = subprocess.run([erngen, *words, "--help"], capture_output=True, text=True, check=True).stdout
    return "\n".join(line.rstrip() for line in text.splitlines())


def verbs_of(text):
    """Names of the subcommands that a help lists, the first spelling of each."""
    _, _, listed = text.partition("Subcommands:\n")
    return re.findall(r"^  ([a-z0-9]+)(?:, [a-z]+)? {2,}", listed, re.MULTILINE)


def command_page(erngen):
    top = help_of(erngen)
    parts = ["# The command\n", "What `erngen --help` and `erngen VERB --help` print; written by `tools/reference_pages.py`.\n", fenced(top)]
    for verb in verbs_of(top):
        text = help_of(erngen, verb)
        parts += [f"## {verb}\n", fenced(text)]
        for part in verbs_of(text):
            parts += [f"### {verb} {part}\n", fenced(help_of(erngen, verb, part))]
    return "\n".join(parts)


# ---- Python ----

class Module:
    """A module's definitions by name, those that it imports from its neighbours among them."""

    def __init__(self, path):
        self.tree = ast.parse(path.read_text())
        self.doc = ast.get_docstring(self.tree)
        self.names = {node.name: node for node in self.tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
        self.exported = [name for name in self.names if not name.startswith("_")]
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module:
                source = path.parent / f"{node.module}.py"
                if source.exists():
                    found = Module(source).names
                    self.names.update({alias.asname or alias.name: found[alias.name] for alias in node.names if alias.name in found})
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
                self.exported = ast.literal_eval(node.value)

    def public(self):
        return {name: self.names[name] for name in self.exported}


def signature(node, name):
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    arguments = re.sub(r"^self(, )?", "", ast.unparse(node.args))
    text = f"{name}({arguments}){returns}"
    if len(text) <= 100:
        return text
    depth, split = 0, ""
    for at, letter in enumerate(arguments):
        depth += (letter in "([{") - (letter in ")]}")
        split += "\n   " if not depth and arguments[at - 1] == "," else ""
        split += letter
    return f"{name}(\n    {split}){returns}"


def prose(doc):
    """A docstring as Markdown: paragraphs that are set in columns stay so."""
    def columns(paragraph):
        return not paragraph.startswith("    ") and re.search(r"^\S.*?\S {2,}\S", paragraph, re.MULTILINE)
    return "\n\n".join(fenced(p).rstrip() if columns(p) else p for p in doc.split("\n\n")) + "\n"


def is_property(node):
    return any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)


def members(node):
    """Public methods and properties of a class that say what they are."""
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_") and ast.get_docstring(part):
            yield part


def python_entry(name, node, level):
    parts = [f"{'#' * level} {name}\n"]
    if isinstance(node, ast.FunctionDef):
        parts.append(fenced(signature(node, name), "python"))
    else:
        start = next((p for p in node.body if isinstance(p, ast.FunctionDef) and p.name == "__init__"), None)
        made = start and "_core" not in ast.unparse(start.args)  # else the library makes it
        if made:
            parts.append(fenced(signature(start, name), "python"))
    doc = ast.get_docstring(node)
    if doc:
        parts.append(prose(doc))
    if isinstance(node, ast.ClassDef):
        for part in members(node):
            shown = f"{part.name}: {ast.unparse(part.returns)}" if is_property(part) and part.returns else signature(part, part.name)
            parts += [fenced(shown, "python"), prose(ast.get_docstring(part))]
    return parts


def python_page():
    parts = ["# Python, name by name\n", "From the docstrings, by `tools/reference_pages.py`; [Python](python.md) shows how they go together.\n"]
    for title, path in [("erngen", "__init__.py"), ("erngen.plot", "plot.py"), ("erngen.torch", "torch/__init__.py"),
                        ("erngen.torch.lightning", "torch/lightning.py"), ("erngen.hls4ml", "hls4ml.py")]:
        module = Module(PACKAGE / path)
        parts += [f"## {title}\n", prose(module.doc)]
        for name, node in module.public().items():
            parts += python_entry(name, node, 3)
    return "\n".join(parts)


# ---- C++ ----

def declaration(lines, start):
    """The declaration that begins at lines[start], to its ; or {, and where the next line is."""
    text, depth = [], 0
    for at in range(start, len(lines)):
        line = lines[at]
        code = re.sub(r"\s*//.*$", "", line)
        text.append(code)
        depth += code.count("(") - code.count(")")
        if depth <= 0 and re.search(r"[;{}]\s*$", code):
            return "\n".join(text), at + 1
    return "\n".join(text), len(lines)


def cpp_entries(path):
    """(declaration, comment) of a header; bodies of structures and enumerations are shown whole, with their comments."""
    lines, at, comment, in_class = path.read_text().splitlines(), 0, [], False
    while at < len(lines):
        line = lines[at]
        stripped = line.strip()
        if stripped.startswith("///") and not stripped.startswith("///<"):
            comment.append(stripped[3:].strip())
            at += 1
            continue
        if re.match(r"(struct|enum class) [^;]*\{", stripped) or re.match(r"enum class ", stripped):
            end = at
            while not (lines[end] == "};" or (end == at and stripped.endswith("};"))):
                end += 1
            yield "\n".join(lines[at:end + 1]), " ".join(comment)
            at, comment = end + 1, []
            continue
        if re.match(r"class [^;]*\{", stripped):
            yield re.sub(r"ERNGEN_API |\s*\{.*", "", stripped), " ".join(comment)
            at, comment, in_class = at + 1, [], True
            continue
        if stripped.startswith("private:"):
            while not lines[at].startswith("};"):
                at += 1
        if lines[at].startswith("};"):
            at, comment, in_class = at + 1, [], False
            continue
        behind = re.match(r"\s*([^/]*;)\s*///<\s*(.*)", line)
        if behind:
            yield behind.group(1).replace("ERNGEN_API ", ""), behind.group(2)
            at, comment = at + 1, []
            continue
        if (comment or in_class) and stripped and not stripped.startswith(("#", "//", "public:")):
            text, at = declaration(lines, at)
            if "~" in text or re.search(r"\n\s*: \w+\(", text):  # a destructor; a constructor that only the library uses
                comment = []
                continue
            yield re.sub(r"ERNGEN_API ", "", re.sub(r"\s*\{\s*$", "", "\n".join(l[len(line) - len(line.lstrip()):] for l in text.split("\n")))), \
                " ".join(comment)
            comment = []
            continue
        comment, at = [], at + 1


def cpp_page():
    parts = ["# C++, name by name\n", "From the comments of the public headers, by `tools/reference_pages.py`; [C++](library.md) shows how they go"
             " together. All is in namespace\n`erngen`, and `erngen/erngen.hpp` includes all of it.\n"]
    for name in re.findall(r'#include "erngen/(\w+)\.hpp"', (HEADERS / "erngen.hpp").read_text()):
        path = HEADERS / f"{name}.hpp"
        parts.append(f"## erngen/{name}.hpp\n")
        purpose = re.match(r"((?://.*\n)+)", path.read_text())
        if purpose:
            parts.append("\n".join(line[2:].strip() for line in purpose.group(1).splitlines()) + "\n")
        for text, comment in cpp_entries(path):
            parts.append(fenced(text, "cpp") + (f"\n{comment}\n" if comment else ""))
    return "\n".join(parts)


def main():
    pages = {"command.md": command_page(sys.argv[1]), "python-api.md": python_page(), "cpp-api.md": cpp_page()}
    stale = [name for name, text in pages.items() if not (PAGES / name).exists() or (PAGES / name).read_text() != text]
    if "--check" in sys.argv[2:]:
        for name in stale:
            print(f"docs/reference/{name} is not what the sources say: run tools/reference_pages.py")
        return 1 if stale else 0
    for name in stale:
        (PAGES / name).write_text(pages[name])
    return 0


if __name__ == "__main__":
    sys.exit(main())
