"""Read sentences become phones: the shipped network from its file to simulated Verilog, on test sentences that no training has read.

    python3 examples/sentences.py ERNGEN DATA [--sentences N] [--work DIR]

DATA is the folder of the corpus (README.md beside this file says where it is from), with audio, transcripts.txt and lexicon.txt. Prints the
phone error rate of all test sentences in real numbers and in 12 bits, and that of the Verilog on the first N. Needs numpy.
"""
import argparse
import json
import pathlib
import re
import subprocess
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
NETWORK, CALIBRATION = HERE / "sentences-lstm.safetensors", HERE / "sentences-calibration.npy"
SPLIT = HERE.parent / "tools/splits/kathleen.json"


def run(*words):
    """What the command says on standard output."""
    return subprocess.run([str(w) for w in words], check=True, stdout=subprocess.PIPE, text=True).stdout


def report(*words):
    return json.loads(run(*words, "--json", "-"))


def edits(said, heard):
    """The fewest substitutions, deletions and insertions that make `heard` of `said`."""
    row = list(range(len(heard) + 1))
    for i, phone in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(before + (phone != other), row[j] + 1, row[j - 1] + 1)
    return row[-1]


def sentences(data):
    """{name: its phones} of every transcript whose words are all in the lexicon."""
    lexicon = {}
    for line in (data / "lexicon.txt").read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        lexicon.setdefault(word, phones)
    found = {}
    for line in (data / "transcripts.txt").read_text(encoding="utf-8").splitlines():
        name, *words = line.split()
        if all(word in lexicon for word in words):
            found[name] = [phone for word in words for phone in lexicon[word]]
    return found


def test_sentences(data):
    split = json.loads(SPLIT.read_text())
    key = re.compile(split["key"])
    return {name: phones for name, phones in sorted(sentences(data).items()) if key.fullmatch(name).group(1) in split["test"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("erngen")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--sentences", type=int, default=20, help="how many to simulate [20]")
    parser.add_argument("--work", type=pathlib.Path, help="folder for the design and what comes between; by default one that is removed again")
    arguments = parser.parse_args()
    if arguments.work:
        arguments.work.mkdir(parents=True, exist_ok=True)
        flow(arguments, arguments.work)
    else:
        with tempfile.TemporaryDirectory() as folder:
            flow(arguments, pathlib.Path(folder))


def flow(arguments, work):
    erngen, data, quantised, design = arguments.erngen, arguments.data, work / "sentences.q.safetensors", work / "design"
    test = ["--data", data, "--split-file", SPLIT]
    run(erngen, "quantise", NETWORK, "--calibration", CALIBRATION, "-o", quantised)
    for name, network in (("real numbers", NETWORK), ("12 bits", quantised)):
        phones = report(erngen, "score", network, *test)["phones"]
        print(f"{name}: {100 * phones['rate']:.2f} % phone errors, {phones['errors']} of {phones['reference']}", flush=True)

    print(run(erngen, "generate", quantised, "--device", "xc7a100t", "--clock", "100", "--min-rate", "20000", "-o", design))
    audio = {file.stem: file for file in data.rglob("*") if file.suffix in (".mp3", ".wav", ".flac")}
    chosen = list(test_sentences(data).items())[:arguments.sentences]
    features = []
    for name, _ in chosen:
        run(erngen, "features", audio[name], "--network", NETWORK, "-o", work / "x.npy")
        features.append(np.load(work / "x.npy"))
    lengths = [len(x) for x in features]
    padded = np.zeros((len(features), max(lengths), features[0].shape[1]), np.float32)
    for row, x in zip(padded, features):
        row[:len(x)] = x
    np.savez(work / "x.npz", features=padded, lengths=np.array(lengths))
    simulated = report(erngen, "simulate", design, "--input", work / "x.npz", "--output", work / "y.npz")
    print(f"Verilog: {simulated['outputs_checked']} words, {simulated['mismatches']} mismatches")

    errors = total = 0
    outputs = np.load(work / "y.npz")["outputs"]
    for (name, said), y, length in zip(chosen, outputs, lengths):
        np.save(work / "one.npy", y[:length])
        heard = report(erngen, "recognise", NETWORK, "--outputs", work / "one.npy")["phones"]
        errors, total = errors + edits(said, heard), total + len(said)
        print(f"{name}\n  said  {' '.join(said)}\n  heard {' '.join(heard)}")
    print(f"Verilog, {len(chosen)} sentences: {100 * errors / total:.2f} % phone errors, {errors} of {total}")


if __name__ == "__main__":
    main()
