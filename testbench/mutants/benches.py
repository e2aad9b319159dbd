"""The benches of the campaign: what each is made of, how it is built with all mutants inside, and how it is run with one of them."""
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
UNITS = {"transform": 500, "activation": 4000, "cell": 500, "product": 500}   # cycles
PROOFS = ["ern_arithmetic_proof", "ern_lane_proof", "ern_tile_queue_proof", "ern_reset_proof"]   # where Yices is on the path
SILENCE = 5000   # cycles without a transfer, which no run without a mutant and without a host has
# Tests of whole designs, whose runs are recorded.
SESSIONS = {
    "states": ["states_test"],
    "contract": ["contract_test", "-tce=overflows*,a halt comes*,a round that has begun*,two frames*,a reset ends*"],
    "blocked": ["contract_test", "-tc=overflows*,a halt comes*,a round that has begun*,two frames*,a reset ends*"],
    "framing": ["framing_test"],
    "host_access": ["host_access_test"],
    "overlap": ["overlap_test", "-tce=faults*"],
}
# Small random designs (sim/random_designs.cpp --small), chosen for what the designs above do not have: which simulator, how many words, why.
RANDOM = {
    152: ("icarus", 200, "sigmoid with and without a recurrent layer, GRU before on two ports of six columns"),
    264: ("icarus", 200, "overlap, kept sums in more bits, GRU after on two ports of three columns"),
    2: ("verilator", 300, "LSTM with a projection, its sums shared; constants loaded; activations in DSP blocks; seams"),
    3: ("verilator", 300, "GRU after; lanes of blocks; eight rounds of folding; products in LUTs; more registers"),
    4: ("verilator", 300, "LSTM with peepholes and a projection; hard gates; tables loaded; streams by a register"),
    5: ("verilator", 300, "blocks of 16; overlap; fewest registers; adders in LUTs"),
    8: ("verilator", 300, "LSTM of sigmoids; blocks of two sizes; tables loaded; other functions; bytes"),
    9: ("verilator", 300, "a graph of plain recurrent layers and GRU after; blocks of 2 in lanes of blocks"),
    16: ("verilator", 300, "GRU before without blocks; five streams; seams; products in LUTs"),
    19: ("verilator", 300, "GRU after in lanes of bins; four sizes of blocks; more registers"),
    21: ("verilator", 300, "blocks of 16 in one column; adders in LUTs"),
    25: ("verilator", 300, "sixteen rounds of folding; a projection of its own frame; overlap"),
    28: ("verilator", 300, "LSTM with peepholes, five streams, formats of few bits"),
    1: ("verilator", 300, "a graph with limits of two kinds beside a slope; overlap"),
    6: ("verilator", 300, "a graph with an LSTM, a sigmoid, limits and sums of vectors"),
    13: ("verilator", 300, "a graph of hard sigmoids and a slope; lanes of bins"),
    31: ("verilator", 300, "a graph of tanh, sigmoid and relu without blocks and with them"),
    32: ("verilator", 300, "GRU before in lanes of blocks on two ports; fewest registers"),
    50: ("verilator", 300, "LSTM of sigmoids with peepholes in two rounds of folding; a projection; more registers"),
    65: ("verilator", 300, "a projection of six blocks on five columns, two a cycle; four rounds of folding"),
    113: ("verilator", 300, "GRU before in two rounds of folding; ten elements in blocks of four; more registers"),
    153: ("verilator", 300, "GRU before in eight rounds of folding, whose state leaves; lanes of blocks; more registers"),
    216: ("verilator", 300, "GRU after in two rounds of folding, whose state leaves; fewest registers"),
    243: ("verilator", 300, "a projection of four blocks, four a cycle, on six columns; lanes of blocks; fewest registers"),
}


class Bench:
    """run(number) gives None, or how the bench saw the mutant."""

    def __init__(self, name, templates, seconds=None, expected=None):
        self.name, self.templates, self.seconds, self.expected = name, set(templates), seconds, expected

    def limits(self):
        limit = int(8 * (self.seconds or 60) + 2)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def execute(self, command, number, directory):
        done = subprocess.run(command, cwd=directory, env=os.environ | {"ERN_MUTANT": str(number)}, capture_output=True, text=True,
                              errors="replace", preexec_fn=self.limits, timeout=3600)
        return done.returncode, done.stdout + done.stderr

    def measure(self):
        """Runs without a mutant: how long it takes, and what it says."""
        start = time.process_time() + sum(os.times()[2:4])
        self.expected = self.said(0)
        self.seconds = time.process_time() + sum(os.times()[2:4]) - start
        return self

    def run(self, number):
        said = self.said(number)
        return None if said == self.expected else said[:200]


class UnitBench(Bench):
    def __init__(self, work, name, cycles):
        text = (work / "units" / f"unit_{name}.v").read_text()
        super().__init__(f"unit {name}", closure(re.findall(r"\bern_\w+", text)))
        self.program, self.cycles = work / "units" / name, cycles

    def said(self, number):
        with tempfile.TemporaryDirectory() as folder:
            status, text = self.execute([str(self.program), "--cycles", str(self.cycles)], number, folder)
        wrong = re.search(r"WRONG (.*)", text)
        return "good" if status == 0 else f"status {status} {wrong.group(1) if wrong else ''}".strip()


class EdgeBench(Bench):
    def __init__(self, work, bench, parameters, seed):
        text = (ROOT / "testbench" / "edges" / f"{bench}.v").read_text()
        super().__init__(" ".join([bench] + parameters + [f"SEED={seed}"]), closure(re.findall(r"\bern_\w+", text)))
        self.program = work / "edges" / (self.name.replace(" ", "_") + ".vvp")

    def said(self, number):
        status, text = self.execute(["vvp", "-n", str(self.program), f"+mutant={number}"], number, self.program.parent)
        return "PASS" if status == 0 and text.startswith("PASS") else f"status {status} {text[:100]}".strip()


class ProofBench(Bench):
    """A proof of testbench/formal, which a mutant in the text must refute."""

    def __init__(self, module, options, parameters, texts):
        proof = (ROOT / "testbench" / "formal" / f"{module}.v").read_text()
        super().__init__(" ".join([module] + parameters), re.findall(r"^\s*(ern_\w+)\s*#\s*\(", proof, re.M), 1, "PASS")
        self.command, self.texts = [sys.executable, str(ROOT / "testbench" / "formal" / "prove.py"), str(ROOT), module] + parameters + options, texts

    def said(self, number):
        template, before, after = self.texts[number]
        status, text = self.execute(self.command + ["--mutate", template, before, after], 0, ROOT)
        return "refuted" if status == 0 and "the mutant is refuted" in text else "PASS"


class Session(Bench):
    """A recorded run of a whole design: the bench's verdict, the words of registers that a test compares, cycles where they were measured.

    A test that looks at the registers of a design with a fault does not compare words: the run without a mutant has wrong ones."""

    def __init__(self, folder):
        super().__init__(folder.name, (folder / "templates").read_text().split())
        self.folder = folder
        self.program = folder.parent / "benches" / (folder / "bench").read_text().strip()
        self.arguments = (folder / "arguments").read_text().split("\n")[:-1]

    def said(self, number):
        with tempfile.TemporaryDirectory() as folder:
            written = {"report": f"{folder}/report.json", "outputs": f"{folder}/outputs"}
            if self.arguments[0] == "-n":
                command = ["vvp", "-n", str(self.program), f"+mutant={number}"]
                for argument in self.arguments[2:]:
                    option = argument[1:].split("=")[0]
                    command.append(f"+{option}={written[option]}" if option in written else argument)
            else:
                command = [str(self.program)] + self.arguments
                for option, file in written.items():
                    command[command.index(f"--{option}") + 1] = file
                if "--script" not in command:
                    command[command.index("--watchdog") + 1] = str(SILENCE)
            status, text = self.execute(command, number, self.folder / "images")
            try:
                report = json.loads((pathlib.Path(folder) / "report.json").read_text())
            except (OSError, ValueError):
                return f"status {status} {text[-100:]}"
        kept = {key: report[key] for key in ("mismatches", "end", "reads")}
        if not any(argument.startswith(("--script", "--stalls", "+stalls")) for argument in self.arguments):
            kept |= {key: report[key] for key in ("latency_cycles", "distance_sum", "distance_count", "distance_min", "distance_max")}
        if kept["mismatches"] and kept["reads"] and (self.expected is None or self.expected.startswith("reads")):
            return f"reads {json.dumps(kept['reads'])}"
        first = report["first_mismatch"]
        return f"{first} {kept['end']}" if kept["mismatches"] else f"status {status} {json.dumps(kept)}"


def closure(names):
    """The templates that instances of these contain."""
    texts = {path.stem: path.read_text() for path in (ROOT / "templates").glob("ern_*.v")}
    found, left = set(), [name for name in names if name in texts]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [other for other in re.findall(r"^\s*(ern_\w+)\s*(?:#\s*\(|u_)", texts[name], re.M) if other in texts]
    return found


def dictionary(folder, name):
    """A dictionary of testbench/FOLDER/meson.build."""
    text = (ROOT / "testbench" / folder / "meson.build").read_text()
    start = text.index(f"\n{name} = {{") + len(name) + 4
    return eval(text[start:text.index("}\n", start) + 1].replace("\n", " "), {"__builtins__": {}})


def proofs(texts):
    """Those of PROOFS, at the points of testbench/formal/meson.build; texts: {number of a mutant: (template, text, text with it)}."""
    if not (shutil.which("yices-smt2") and shutil.which("yosys")):
        return []
    options, points = dictionary("formal", "proof_options"), dictionary("formal", "proofs")
    return [ProofBench(module, options[module], point, texts) for module in PROOFS for point in points[module]]


def build_edges(work):
    (work / "edges").mkdir(exist_ok=True)
    benches = []
    for bench, points in dictionary("edges", "edge_points").items():
        for point in points:
            for seed in (1,):
                edge = EdgeBench(work, bench, point, seed)
                settings = [f"-P{bench}.{setting}" for setting in point + [f"SEED={seed}"]]
                subprocess.run(["iverilog", "-g2005", "-DERN_SIMULATION", "-DERN_MUTANT=ern_mutants.n", "-Wno-timescale", "-y", work / "templates",
                                *settings, "-s", bench, "-s", "ern_mutants", "-o", edge.program, HERE / "ern_mutants.v",
                                ROOT / "testbench" / "edges" / f"{bench}.v"], check=True)
                benches.append(edge)
    return benches


def build_units(work, build):
    (work / "units").mkdir(exist_ok=True)
    benches = []
    for name, cycles in UNITS.items():
        target = f"testbench/units/unit_{name}"
        inputs = subprocess.run(["ninja", "-C", build, "-t", "query", target], capture_output=True, text=True, check=True).stdout
        needed = sorted(set(re.findall(r"(\S+\.(?:a|v))$", inputs, re.M)))
        subprocess.run(["ninja", "-C", build, "--quiet"] + [path for path in needed if not path.startswith(("/", ".."))], check=True)
        command = subprocess.run(["ninja", "-C", build, "-t", "commands", "-s", target], capture_output=True, text=True, check=True).stdout
        libraries = re.findall(r"\S+\.a\b", command)
        top = work / "units" / f"unit_{name}.v"
        shutil.copy(build / f"{target}.v", top)
        environment = os.environ | {"ERN_TEMPLATES": str(work / "templates" / "units"), "ERN_DEFINES": "-DERN_MUTANT=ern_mutants::n",
                                    "ERN_SOURCES": f"{work}/templates/ern_mutants.sv {HERE}/ern_mutants.cpp"}
        script = ROOT / "testbench" / "units" / "build_lattice.sh"
        subprocess.run(["sh", script, work / "units" / name, work / "units" / f"{name}.obj", ROOT, top, *libraries], env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        benches.append(UnitBench(work, name, cycles))
    return benches


def record_sessions(work, build, name, command):
    """Runs a test with shims before verilator and make, and keeps every run of a bench."""
    sessions = work / "sessions"
    sessions.mkdir(exist_ok=True)
    for old in sessions.glob(f"{name}-*"):
        shutil.rmtree(old)
    environment = os.environ | {
        "PATH": f"{HERE / 'shims'}:{os.environ['PATH']}", "ERN_REAL_VERILATOR": shutil.which("verilator"), "ERN_REAL_MAKE": shutil.which("make"),
        "ERN_REAL_IVERILOG": shutil.which("iverilog"), "ERN_REAL_VVP": shutil.which("vvp"),
        "ERN_INSTRUMENTED": str(work / "templates"), "ERN_RECORDER": str(HERE / "record.sh"), "ERN_SESSIONS": str(sessions), "ERN_SESSION": name}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    return [Session(folder) for folder in sorted(sessions.glob(f"{name}-*"))]


def build_sessions(work, build, part):
    if part.startswith("random_"):
        seed = int(part.removeprefix("random_"))
        simulator, words, _ = RANDOM[seed]
        subprocess.run(["ninja", "-C", build, "--quiet", "sim/random_designs"], check=True)
        command = [build / "sim" / "random_designs", work / "random", str(seed), "1", str(words), simulator, "", "--small"]
        return record_sessions(work, build, part, command)
    program, *options = SESSIONS[part]
    subprocess.run(["ninja", "-C", build, "--quiet", f"sim/{program}"], check=True)
    return record_sessions(work, build, part, [build / "sim" / program, *options])
