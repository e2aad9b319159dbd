#!/usr/bin/env python3
# Checks the house rules that a program can check: layers, headers, templates, whitespace, silence of the libraries.
# python3 check_style.py [SOURCE_ROOT]; prints FILE:LINE: RULE and exits 1 if anything is wrong.
import pathlib
import re
import subprocess
import sys

# Lower layers first: a library may include itself and libraries with a smaller number. `speech` and `train` lie
# beside the generator, which never includes them.
LAYERS = {"base": 0, "fixed": 1, "bench": 1, "spectral": 2, "activation": 2, "device": 2, "network": 2, "import": 3,
          "circulant": 3, "units": 3, "ops": 4, "cell": 5, "plan": 6, "rtl": 7, "simulate": 8, "synth": 9, "cores": 9, "explore": 9,
          "design": 9, "erngen": 10, "cli": 11, "python": 11}
# Public headers that say what every library says: they include nothing else.
SHARED = {"erngen/error.hpp", "erngen/comparison.hpp"}
BESIDE = {"speech": {"base", "network"},
          "train": {"base", "network", "fixed", "spectral", "activation", "circulant", "ops", "cell", "speech"}}
# The Verilog writer shares formats and tables with the reference models, never their computations.
FORBIDDEN = {"rtl": ["cell/fixed_model.hpp", "cell/real_model.hpp", "circulant/float_model.hpp"]}

TEXT = {".cpp", ".hpp", ".py", ".sh", ".v", ".md", ".build", ".tcl", ".xdc", ".txt", ".yml", ".yaml", ".svg", ".json"}
CODE = {".cpp", ".hpp", ".py", ".sh", ".v"}
TOP_LEVEL = {".ci", ".clang-format", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md", "docs",
             "erngen.core", "examples", "meson.build", "meson_options.txt", "mkdocs.yml", "pyproject.toml", "rtl_out", "sim", "src", "templates",
             "testbench", "tools"}
MAX_LINES = 600
MAX_COLUMNS = {".cpp": 120, ".hpp": 120}  # others: 150; .clang-format says the same
TEMPLATE_HEADINGS = ["Purpose", "Parameters", "Latency", "Rounding", "Overflow"]
LOUD = re.compile(r"std::(cout|cerr|clog|exit|abort)\b|(?<![\w.>])(f|v|vf)?printf\s*\(|fmt::print\s*\(|(?<![\w.:>])(exit|abort)\s*\(|<iostream>")
UNSTEADY = re.compile(r"std::\w+_distribution|std::random_device|std::unordered_|system_clock|(?<![\w.:>])(s?rand|time)\s*\(")
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home)/")
INCLUDE = re.compile(r'^\s*#include "([^"]+)"')


def may_include(library, other):
    if library == other or (library in LAYERS and other in LAYERS and LAYERS[other] < LAYERS[library]):
        return True
    if library == "cli":
        return other in BESIDE
    return other in BESIDE.get(library, ())


class Checker:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.problems = []

    def report(self, path, line, text):
        self.problems.append(f"{path}:{line}: {text}")

    def check(self, path):
        """path is relative to the root."""
        suffix = path.suffix if path.name != "meson.build" else ".build"
        if suffix not in TEXT or "fixtures" in path.parts:
            return
        raw = (self.root / path).read_bytes()
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            self.report(path, 1, "is not UTF-8")
            return
        lines = text.split("\n")
        self.whitespace(path, text, lines)
        for number, line in enumerate(lines, 1):
            if MACHINE_PATH.search(line) and path.name != "check_style.py":
                self.report(path, number, "names a path of one machine")
        if suffix in CODE:
            if len(lines) - 1 > MAX_LINES:
                self.report(path, MAX_LINES, f"has {len(lines) - 1} lines, more than {MAX_LINES}: split it by concept")
            if path.parts[0] != "rtl_out":  # whose names are longer than the templates'
                self.width(path, lines)
        if suffix in {".cpp", ".hpp"} and path.parts[0] == "src" and len(path.parts) > 2:
            self.cpp(path, lines)
        if suffix == ".v" and path.parts[0] == "templates":
            self.template(path, text, lines)

    def whitespace(self, path, text, lines):
        # A raw string may hold a makefile, whose tabs mean something.
        tabs = re.sub(r'R"(\w*)\(.*?\)\1"', lambda raw: "\n" * raw.group().count("\n"), text, flags=re.S).split("\n")
        if "\r" in text:
            self.report(path, 1, "has carriage returns")
        if text and (not text.endswith("\n") or text.endswith("\n\n")):
            self.report(path, len(lines), "must end with exactly one newline")
        for number, line in enumerate(lines, 1):
            if line != line.rstrip():
                self.report(path, number, "trailing whitespace")
            if number <= len(tabs) and "\t" in tabs[number - 1]:
                self.report(path, number, "tab")

    def width(self, path, lines):
        limit = MAX_COLUMNS.get(path.suffix, 150)
        for number, line in enumerate(lines, 1):
            if len(line) > limit:
                self.report(path, number, f"{len(line)} columns, more than {limit}")

    def cpp(self, path, lines):
        library = path.parts[1]
        test = "test" in path.stem.split("_") or "oracle" in path.stem.split("_")
        if library not in LAYERS and library not in BESIDE:
            self.report(path, 1, f"library {library} has no place in the layers of tools/style/check_style.py")
        header = path.with_suffix(".hpp")
        own_header = path.suffix == ".cpp" and (self.root / header).exists()
        if not own_header and not any(line.startswith("// ") for line in lines[:4]):
            self.report(path, 1, "must begin with a comment that says what the file is")
        if path.suffix == ".hpp" and "#pragma once" not in lines:
            self.report(path, 1, "has no #pragma once")
        includes = [(n, m.group(1)) for n, line in enumerate(lines, 1) if (m := INCLUDE.match(line))]
        if own_header and (not includes or includes[0][1] != str(header.relative_to("src"))):
            self.report(path, 1, "must include its own header first")
        for number, name in includes:
            other = name.split("/")[0]
            if "/" not in name:
                self.report(path, number, f'"{name}": include paths are relative to src')
            elif not test and name not in SHARED and not may_include(library, other):
                self.report(path, number, f"{library} must not include {other}: layers point downwards")
            elif not test and name in FORBIDDEN.get(library, ()):
                self.report(path, number, f"{library} must not compute with {name}")
            if not test and re.search(r"(^|/)(test_|check_error)", name):
                self.report(path, number, f"{name} is for tests")
        for number, line in enumerate(lines, 1):
            code = line.split("//")[0]
            if "using namespace std;" in code:
                self.report(path, number, "using namespace std")
            if not test and library not in {"cli"} and LOUD.search(code):
                self.report(path, number, "a library never prints, exits or aborts")
            if not test and UNSTEADY.search(code):
                self.report(path, number, "its result may differ between runs or platforms")

    def template(self, path, text, lines):
        modules = re.findall(r"^\s*module\s+(\w+)", text, re.M)
        if modules != [path.stem] or not path.stem.startswith("ern_"):
            self.report(path, 1, f"must hold exactly one module, named ern_* as the file; has {modules}")
        head = re.split(r"^module ", text, flags=re.M)[0]
        for heading in TEMPLATE_HEADINGS:
            if not re.search(rf"^//\s*{heading}\b", head, re.M):
                self.report(path, 1, f"header comment without {heading}")
        nettypes = re.findall(r"^`default_nettype (\w+)", text, re.M)
        if nettypes != ["none", "wire"]:
            self.report(path, 1, f"default_nettype must be none, then wire at the end; is {nettypes}")
        for number, line in enumerate(lines, 1):
            code = line.split("//")[0]
            port = re.match(r"\s*(input|output|inout)\s+(?:wire\s+|reg\s+)?(?:signed\s+)?(?:\[.*?\]\s*)?(\w+)\s*[,)]?\s*$", code)
            if port and port.group(2) not in {"clk", "aclk", "aresetn"} and not re.match(r"[sm]_axi", port.group(2)):
                if not port.group(2).endswith("_i" if port.group(1) == "input" else "_o"):
                    self.report(path, number, f"port {port.group(2)} must end in _{'i' if port.group(1) == 'input' else 'o'}")
            if re.match(r"\s*for\s*\(", code) and "genvar" in text and re.search(r"begin\s*$", code):
                name = re.search(r"for\s*\(\s*(?:genvar\s+)?(\w+)", code).group(1)
                if re.search(rf"\bgenvar\b[^;]*\b{name}\b", text):
                    self.report(path, number, "generate block without a name")


def source_files(root):
    """Tracked files, or all files where there is no git."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout.decode()
        files = [pathlib.Path(name) for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = []
    if not files:
        files = [path.relative_to(root) for path in pathlib.Path(root).rglob("*") if path.is_file()]
    return sorted(path for path in files if (pathlib.Path(root) / path).is_file() and not path.parts[0].startswith("build"))


def check_tree(root):
    """All problems, and the number of files looked at; no file at all is a problem too."""
    checker = Checker(root)
    files = source_files(root)
    for path in files:
        if path.parts[0] not in TOP_LEVEL:
            checker.report(path, 1, f"{path.parts[0]} does not belong at the top level")
        checker.check(path)
    return checker.problems + ([] if files else ["no files found"]), len(files)


def main():
    problems, count = check_tree(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve())
    for problem in problems:
        print(problem)
    print(f"{count} files, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
