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


def network_header(network):
    """The description in a network file."""
    data = pathlib.Path(network).read_bytes()
    header = json.loads(data[8:8 + int.from_bytes(data[:8], "little")])
    return json.loads(header["__metadata__"]["network"])


def class_letters(network):
    """One letter for each class of a network file, '-' for the first: nothing was said."""
    return "-" + "".join(network_header(network)["metadata"]["labels"][1:])


def shape_options(network):
    """What `erngen new` makes a network of the same shape of."""
    layers = network_header(network)["layers"]
    first, dense = layers[0], layers[-1]
    words = ["--cell", first["kind"], "--input", first["input"], "--hidden", first["hidden"], "--layers", len(layers) - 1, "--dense", dense["output"],
             "--block", first["block"]["input"], "--seed", 1]
    return [str(word) for word in words + (["--reset", first["reset"]] if first["kind"] == "gru" else [])]


class Example:
    """`second`: also another network of the same shape, with random weights, for which the design's constants can be loaded."""

    def __init__(self, erngen, network, output, options, second=False):
        self.erngen, self.network, self.output = pathlib.Path(erngen).resolve(), pathlib.Path(network), output
        output.mkdir(parents=True, exist_ok=True)
        self.quantised, self.second = output / "digits.q", output / "second.q" if second else None
        calibration = ("--calibration", EXAMPLES / "calibration.npy")
        self.run("quantise", network, *calibration, "-o", self.quantised)
        if second:
            self.run("new", *shape_options(network), "-o", output / "second.net")
            self.run("quantise", output / "second.net", *calibration, "--formats-of", self.quantised, "-o", self.second)
            options = [*options, "--loadable", "constants"]
        self.run("generate", self.quantised, "--name", NAME, "--wrapper", "litex", *options, "-o", output / NAME)
        manifest = json.loads((output / NAME / "manifest.json").read_text())
        self.input, self.result, self.predicted = manifest["input"], manifest["output"], manifest["predicted"]

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

    @staticmethod
    def frame_words(side):
        """Words of memory of a frame, which is padded to whole beats."""
        return -(-side["size"] // side["beat_elements"]) * side["beat_elements"] * side["element_bits"] // 32

    def words(self, frame):
        """A frame as words of memory."""
        bits = self.input["element_bits"]
        whole = sum((v & (2**bits - 1)) << bits * n for n, v in enumerate(frame))
        return [whole >> 32 * n & 0xffffffff for n in range(self.frame_words(self.input))]

    def expected(self, recording, quantised):
        """The digits that the fixed-point model hears, and the CRC of its outputs, each in four bytes."""
        outputs = self.output / f"{recording}.y.npy"
        self.run("run", quantised, "--input", self.output / f"{recording}.npy", "--arithmetic", "fixed", "--output", outputs)
        raw = [round(v * 2 ** self.result["fraction"]).to_bytes(4, "little", signed=True) for v in read_npy(outputs)[1]]
        return self.run("recognise", self.network, "--outputs", outputs).strip(), zlib.crc32(b"".join(raw))

    def cycles(self, frames):
        """Planned, from the first beat in to the last beat out."""
        return self.predicted["latency_cycles"] + (frames - 1) * self.predicted["cycles_per_frame"]

    def write_header(self, path):
        """recordings.h of the firmware; returns the number of frames of each recording."""
        counts, arrays, table = {}, "", ""
        for recording in RECORDINGS:
            beats = [self.words(frame) for frame in self.frames(recording)]
            counts[recording] = len(beats)
            arrays += f"static const uint32_t words_{len(counts)}[] = {{\n"
            arrays += "".join("  " + "".join(f"0x{word:08x}," for word in beat) + "\n" for beat in beats) + "};\n"
            table += f"    {{\"{recording}\", {len(beats)}, words_{len(counts)}}},\n"
        loads = ""
        if self.second:
            loads = "#define SECOND_NETWORK\n"
            for name, quantised in (("first_network", self.quantised), ("second_network", self.second)):
                self.run("weights", quantised, "--for", self.output / NAME, "-o", self.output / f"{name}.ern")
                stream = array.array("I", (self.output / f"{name}.ern").read_bytes())
                loads += f"static const uint32_t {name}[] = {{\n" + "".join(f"0x{word:08x},\n" for word in stream) + "};\n"
        path.write_text(f"/* Features of recordings, as the accelerator's DMA reads them, and load streams. */\n"
                        f"enum {{ MOST_FRAMES = {max(counts.values())}, INPUT_WORDS = {self.frame_words(self.input)}, "
                        f"OUTPUT_ELEMENTS = {self.result['size']}, OUTPUT_WORDS = {self.frame_words(self.result)} }};\n{arrays}{loads}"
                        f"static const char labels[] = \"{class_letters(self.network)}\";\n"
                        f"static const struct recording {{\n  const char* name;\n  uint32_t frames;\n  const uint32_t* words;\n}} recordings[] = {{\n"
                        f"{table}}};\n")
        return counts
