"""The generated design, the shipped recordings as words for its DMA, and what must come back."""
import array
import ast
import json
import math
import pathlib
import subprocess
import zlib

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent
RECORDINGS = ("digits-31415", "digits-271828")
NAME = "digits"


def read_npy(path):
    """Shape and values of an array of float32."""
    data = path.read_bytes()
    end = 10 + int.from_bytes(data[8:10], "little")
    return ast.literal_eval(data[10:end].decode())["shape"], array.array("f", data[end:])


def class_letters(network):
    """One letter for each class of a network file, '-' for the first: nothing was said."""
    data = pathlib.Path(network).read_bytes()
    header = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])
    return "-" + "".join(json.loads(header["__metadata__"]["network"])["metadata"]["labels"][1:])


class Example:
    def __init__(self, erngen, network, output, options):
        self.erngen, self.network, self.output = pathlib.Path(erngen).resolve(), pathlib.Path(network), output
        output.mkdir(parents=True, exist_ok=True)
        self.quantised = output / "digits.q"
        self.run("quantise", network, "--calibration", EXAMPLES / "calibration.npy", "-o", self.quantised)
        self.run("generate", self.quantised, "--name", NAME, "--wrapper", "litex", *options, "-o", output / NAME)
        manifest = json.loads((output / NAME / "manifest.json").read_text())
        self.input, self.fraction, self.predicted = manifest["input"], manifest["output"]["fraction"], manifest["predicted"]

    def run(self, *words):
        return subprocess.run([self.erngen, *words], check=True, stdout=subprocess.PIPE, text=True).stdout

    def frames(self, recording):
        """The features as elements of the design's input: the nearest, saturated."""
        features = self.output / f"{recording}.npy"
        self.run("features", EXAMPLES / f"{recording}.wav", "--network", self.network, "-o", features)
        (count, size), values = read_npy(features)
        most = 2 ** (self.input["width"] - 1)
        raw = [min(max(math.floor(v * 2 ** self.input["fraction"] + 0.5), -most), most - 1) for v in values]
        return [raw[n * size:(n + 1) * size] for n in range(count)]

    def words(self, frame):
        """A frame, padded to whole beats, as words of memory."""
        bits = self.input["element_bits"]
        count = -(-len(frame) // self.input["beat_elements"]) * self.input["beat_elements"]
        whole = sum((v & (2**bits - 1)) << bits * n for n, v in enumerate(frame))
        return [whole >> 32 * n & 0xffffffff for n in range(count * bits // 32)]

    def expected(self, recording):
        """The digits that the fixed-point model hears, and the CRC of its outputs, each in four bytes."""
        outputs = self.output / f"{recording}.y.npy"
        self.run("run", self.quantised, "--input", self.output / f"{recording}.npy", "--arithmetic", "fixed", "--output", outputs)
        raw = [round(v * 2 ** self.fraction).to_bytes(4, "little", signed=True) for v in read_npy(outputs)[1]]
        return self.run("recognise", self.network, "--outputs", outputs).strip(), zlib.crc32(b"".join(raw))

    def cycles(self, frames):
        """Planned, from the first beat in to the last beat out."""
        return self.predicted["latency_cycles"] + (frames - 1) * self.predicted["cycles_per_frame"]

    def write_header(self, path):
        """recordings.h of the firmware; returns the number of frames of each recording."""
        counts, arrays, table = {}, "", ""
        for recording in RECORDINGS:
            beats = [self.words(frame) for frame in self.frames(recording)]
            counts[recording], size = len(beats), len(beats[0])
            arrays += f"static const uint32_t words_{len(counts)}[] = {{\n"
            arrays += "".join("  " + "".join(f"0x{word:08x}," for word in beat) + "\n" for beat in beats) + "};\n"
            table += f"    {{\"{recording}\", {len(beats)}, words_{len(counts)}}},\n"
        path.write_text(f"/* Features of recordings, as the accelerator's DMA reads them. */\n"
                        f"enum {{ MOST_FRAMES = {max(counts.values())}, INPUT_WORDS = {size} }};\n{arrays}"
                        f"static const char labels[] = \"{class_letters(self.network)}\";\n"
                        f"static const struct recording {{\n  const char* name;\n  uint32_t frames;\n  const uint32_t* words;\n}} recordings[] = {{\n"
                        f"{table}}};\n")
        return counts
