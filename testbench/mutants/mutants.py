#!/usr/bin/env python3
"""Mutants of the templates against the benches: one compilation of each bench with all mutants inside, one of which is chosen when it starts.

mutants.py plan [--count N]                      lists the mutants
mutants.py build WORK [PART...] [--build BUILD]  instruments the templates; compiles the benches (PART: edges, units, random_2, states, ...; all)
mutants.py run WORK [TEMPLATE...] [--jobs N] [--again]   runs what the ledger lacks; --again: survivors that are not argued, too
mutants.py report                                the score of every template from the ledger; 1 where a survivor is not argued
mutants.py survivors [TEMPLATE...]               what no bench has found
mutants.py argue KEY TEXT                        puts a mutant into equivalent.json, with the reason

A mutant is an operator, operand, condition, constant, order, index or assignment of a template that is changed; the sample is drawn by a
seed. It meets the benches that contain the template, those that found most mutants of it first, until one fails: a unit's bench differs from
its model, an edge's bench says FAIL, a design gives other words, registers or cycles than the fixed-point model and the plan. ledger.jsonl
beside this script is written line by line, so that a run can be stopped and goes on where it was. equivalent.json says of mutants that change
nothing anybody can see why that is so; an entry that is not needed any more is an error.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading

import benches
import plan

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LEDGER = HERE / "ledger.jsonl"
EQUIVALENT = HERE / "equivalent.json"
SEED, COUNT = 1, 15
# What decides about frames, words and registers is looked at more closely, and no survivor is left there.
WHOLE = ["ern_sequencer", "ern_sum", "ern_sum_end", "ern_cells", "ern_axis_out", "ern_input_store", "ern_control", "ern_host"]
MORE = {name: 40 for name in WHOLE}
LEAST = 0.95    # of the others


def make_plan():
    return plan.make(ROOT / "templates", SEED, COUNT, MORE)


def digest(text):
    return hashlib.sha256(plan.code(text).encode()).hexdigest()[:8]


def read_ledger():
    """{key: entry} of what was decided about a template with this text; a later line counts."""
    entries = {}
    if LEDGER.exists():
        for line in LEDGER.read_text().splitlines():
            entry = json.loads(line)
            entries[entry["key"]] = entry
    return entries


def write_templates(work, all_plan):
    """The templates with all mutants, with those that Verilator takes everywhere, and as they were."""
    folder = work / "templates"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "original").mkdir(parents=True)
    (folder / "units").mkdir()
    for name, (text, mutants) in all_plan.items():
        # Verilator refuses to look beyond a list of constants.
        (folder / "units" / f"{name}.v").write_text(plan.instrument(text, [mutant for mutant in mutants if mutant.kind != "index"]))
        (folder / f"{name}.v").write_text(plan.instrument(text, mutants))
        (folder / "original" / f"{name}.v").write_text(text)
    shutil.copy(HERE / "ern_mutants.sv", folder)
    shutil.copy(HERE / "ern_mutants.cpp", folder)


def signature(all_plan):
    return digest("\n".join(plan.code(text) + " ".join(m.key for m in mutants) for text, mutants in all_plan.values()))


def build(arguments):
    work = arguments.work.resolve()
    all_plan = make_plan()
    built = work / "signature"
    if not built.exists() or built.read_text() != signature(all_plan):
        work.mkdir(parents=True, exist_ok=True)
        write_templates(work, all_plan)
        (work / "benches.json").write_text("{}")
        built.write_text(signature(all_plan))
    parts = arguments.parts or ["edges", *benches.SESSIONS, *(f"random_{seed}" for seed in benches.RANDOM), "units"]
    for part in parts:
        print(f"builds {part}", flush=True)
        if part == "edges":
            made = benches.build_edges(work)
        elif part == "units":
            made = benches.build_units(work, arguments.build.resolve())
        else:
            made = benches.build_sessions(work, arguments.build.resolve(), part)
        for bench in made:
            bench.measure()
        known = json.loads((work / "benches.json").read_text())
        for bench in made:
            known[bench.name] = {"part": part, "seconds": bench.seconds, "expected": bench.expected}
        (work / "benches.json").write_text(json.dumps(known, indent=1))
        print(f"{part}: {len(made)} benches, {sum(bench.seconds for bench in made):.1f} s", flush=True)


def load_benches(work, all_plan):
    known = json.loads((work / "benches.json").read_text())
    found = [benches.UnitBench(work, name, cycles) for name, cycles in benches.UNITS.items() if f"unit {name}" in known]
    found += [benches.EdgeBench(work, bench, point, 1) for bench, points in benches.dictionary("edges", "edge_points").items() for point in points]
    found += [benches.Session(folder) for folder in sorted((work / "sessions").glob("*-*"))]
    found = [bench for bench in found if bench.name in known]
    for bench in found:
        bench.seconds, bench.expected = known[bench.name]["seconds"], known[bench.name]["expected"]
    return found + benches.proofs({mutant.number: (mutant.template, text, plan.single(text, mutant)) for text, mutants in all_plan.values()
                                   for mutant in mutants})


def fits(expected):
    """Whether a bench is content without a mutant."""
    return expected in ("good", "PASS") or expected.startswith(("status 0", "reads"))


def run(arguments):
    work = arguments.work.resolve()
    all_plan = make_plan()
    if (work / "signature").read_text() != signature(all_plan):
        raise SystemExit("the templates have changed since WORK was built: mutants.py build")
    ledger, equivalent, chain = read_ledger(), read_equivalent(), load_benches(work, all_plan)
    chain = [bench for bench in chain if fits(bench.expected)]
    names = arguments.templates or list(all_plan)
    lock = threading.Lock()
    kills = collections.Counter()
    for entry in ledger.values():
        if entry["verdict"] == "killed":
            kills[entry["template"], entry["by"]] += 1

    def judge(mutant, text):
        with lock:
            mine = [bench for bench in chain if mutant.template in bench.templates]
            mine.sort(key=lambda bench: (bench.seconds + 0.05) / (kills[mutant.template, bench.name] + 0.1))
        entry = {"key": mutant.key, "template": mutant.template, "text": digest(text), "line": mutant.line, "kind": mutant.kind,
                 "what": plan.shown(mutant.place.what)[:300], "verdict": "survived", "benches": len(mine)}
        for bench in mine:
            try:
                said = bench.run(mutant.number)
            except subprocess.TimeoutExpired:
                said = "no end"
            if said is not None:
                entry |= {"verdict": "killed", "by": bench.name, "said": " ".join(said.split())[:120]}
                break
        with lock:
            if entry["verdict"] == "killed":
                kills[mutant.template, entry["by"]] += 1
            with LEDGER.open("a") as file:
                file.write(json.dumps(entry) + "\n")
        print(f"{mutant.template}:{mutant.line} {entry['verdict']} {entry.get('by', '')} | {entry['what'][:100]}", flush=True)

    work_list = []
    for name in names:
        text, mutants = all_plan[name]
        for mutant in mutants:
            entry = ledger.get(mutant.key)
            same = entry and entry["text"] == digest(text)
            if not same or (arguments.again and entry["verdict"] == "survived" and mutant.key not in equivalent):
                work_list.append((mutant, text))
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for _ in pool.map(lambda item: judge(*item), work_list):
            pass


def read_equivalent():
    return {entry["key"]: entry for entry in json.loads(EQUIVALENT.read_text())} if EQUIVALENT.exists() else {}


def survivors(arguments):
    ledger, equivalent = read_ledger(), read_equivalent()
    for name, (_, mutants) in make_plan().items():
        for mutant in mutants:
            entry = ledger.get(mutant.key)
            if (not arguments.templates or name in arguments.templates) and entry and entry["verdict"] == "survived" and mutant.key not in equivalent:
                print(f"{mutant.key} {name}:{mutant.line} {mutant.kind}: {plan.shown(mutant.place.what)}")


def argue(arguments):
    found = [(name, mutant) for name, (_, mutants) in make_plan().items() for mutant in mutants if mutant.key == arguments.key]
    if not found:
        raise SystemExit(f"{arguments.key} is no mutant")
    name, mutant = found[0]
    entries = read_equivalent() | {mutant.key: {"key": mutant.key, "template": name, "what": plan.shown(mutant.place.what), "why": arguments.why}}
    EQUIVALENT.write_text(json.dumps(sorted(entries.values(), key=lambda entry: (entry["template"], entry["key"])), indent=1) + "\n")


def report(_):
    ledger, equivalent = read_ledger(), read_equivalent()
    all_plan = make_plan()
    wrong, needed = [], set()
    total = collections.Counter()
    print("| template | mutants | found | change nothing | not found | score |\n|---|---|---|---|---|---|")
    for name, (text, mutants) in all_plan.items():
        count = collections.Counter()
        for mutant in mutants:
            entry = ledger.get(mutant.key)
            verdict = entry["verdict"] if entry and entry["text"] == digest(text) else "not run"
            if verdict == "survived" and mutant.key in equivalent:
                verdict = "equivalent"
                needed.add(mutant.key)
            count[verdict] += 1
        total.update(count)
        if not mutants:
            continue
        judged = len(mutants) - count["equivalent"]
        score = count["killed"] / judged if judged else 1.0
        if count["not run"]:
            wrong.append(f"{name}: {count['not run']} mutants have not been run")
        elif score < (1.0 if name in WHOLE else LEAST):
            wrong.append(f"{name}: {count['survived']} of {judged} mutants are not found")
        open_ones = f"{count['survived']}" + (f", {count['not run']} not run" if count["not run"] else "")
        print(f"| `{name}` | {len(mutants)} | {count['killed']} | {count['equivalent']} | {open_ones} | {100 * score:.0f} % |")
    judged = sum(total.values()) - total["equivalent"]
    print(f"| all | {sum(total.values())} | {total['killed']} | {total['equivalent']} | {total['survived']}, "
          f"{total['not run']} not run | {100 * total['killed'] / judged:.1f} % |")
    wrong += [f"equivalent.json: {entry['template']}: {entry['what']}: not needed any more" for key, entry in equivalent.items() if key not in needed]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def list_plan(arguments):
    for name, (_, mutants) in make_plan().items():
        for mutant in mutants:
            print(f"{mutant.number} {mutant.key} {name}:{mutant.line} {mutant.kind}: {plan.shown(mutant.place.what)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("plan").set_defaults(run=list_plan)
    verb = verbs.add_parser("build")
    verb.add_argument("work", type=pathlib.Path)
    verb.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    verb.add_argument("parts", nargs="*")
    verb.set_defaults(run=build)
    verb = verbs.add_parser("run")
    verb.add_argument("work", type=pathlib.Path)
    verb.add_argument("templates", nargs="*")
    verb.add_argument("--jobs", type=int, default=os.cpu_count())
    verb.add_argument("--again", action="store_true")
    verb.set_defaults(run=run)
    verb = verbs.add_parser("survivors")
    verb.add_argument("templates", nargs="*")
    verb.set_defaults(run=survivors)
    verb = verbs.add_parser("argue")
    verb.add_argument("key")
    verb.add_argument("why")
    verb.set_defaults(run=argue)
    verbs.add_parser("report").set_defaults(run=report)
    arguments = parser.parse_args()
    return arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
