#!/usr/bin/env python3
"""The C driver: driver_test.py ERNGEN. With the Verilated design, under the address and undefined behaviour sanitizers, it gives the words of
`erngen run`; states, interrupts and errors; it compiles without a warning for every processor whose compiler is there."""
import array
import math
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

import project

ERNGEN = sys.argv[1]
HERE = pathlib.Path(__file__).resolve().parent
DRIVER = HERE.parent.parent / "src/driver"
FIXTURES = HERE.parent.parent / "src/import/fixtures"
WARNINGS = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
SHAPE = ("--rows", 4, "--columns", 1, "--readout", 1)


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words))}: {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


class Host:
    """The driver's program for one design: driver, port and program under sanitizers, the model of Verilator as its library has it."""

    def __init__(self, design):
        self.design, self.top = design, design.top
        build, software, bench = (design.directory / name for name in ("build/host", "software", "testbench"))
        run("make", "-C", bench, "host", *project.QUICK)
        (build / "design_under_test.h").write_text(f'#include "{self.top}_design.h"\n#define DESIGN {self.top}_design\n')
        driver = ["erngen", "erngen_load", "erngen_mapped", "erngen_uio", f"{self.top}_design"]
        objects = [self.compiled(software / f"{name}.c") for name in driver]
        verilator = run("verilator", "--getenv", "VERILATOR_ROOT").strip()
        host = build / "tested_host.o"
        run("g++", "-std=c++17", *SANITIZERS, "-g", "-O1", "-I", software, "-I", bench, "-I", build, "-I", f"{verilator}/include", "-c",
            bench / "ern_host.cpp", "-o", host)
        self.objects = [host, *objects, build / "Vern_top__ALL.a", *sorted(build.glob("verilated*.o"))]
        self.program = self.linked("driver_program")

    def compiled(self, source):
        build = self.design.directory / "build/host"
        run("gcc", *WARNINGS, *SANITIZERS, "-g", "-O1", "-I", self.design.directory / "software", "-I", build, "-c", source,
            "-o", build / f"tested_{source.stem}.o")
        return build / f"tested_{source.stem}.o"

    def linked(self, name):
        """A program of this directory with the driver and the model."""
        program = self.design.directory / "build/host" / name
        run("g++", *SANITIZERS, "-o", program, self.compiled(HERE / f"{name}.c"), *self.objects, "-lpthread")
        return program

    def run(self, *words):
        return run(self.program, *words, cwd=self.design.directory)

    def predict(self, frames, lengths, *before, command="predict"):
        """Real outputs of sequences of real frames, after the commands in `before`."""
        directory = self.design.directory
        (directory / "x.f32").write_bytes(array.array("f", frames).tobytes())
        self.run(*before, command, "x.f32", "y.f32", *lengths)
        return array.array("f", (directory / "y.f32").read_bytes()).tolist()


class Bidirectional(project.Network):
    """A PyTorch state dict in both directions."""

    def __init__(self, erngen, directory, file, inputs):
        self.erngen, self.directory, self.name, self.random, self.inputs = str(pathlib.Path(erngen).resolve()), directory, "both", 7, inputs
        self.command("import", file, "-o", "both.net")
        project.write_npy(directory / "calibration.npy", (40, inputs), real_frames(self, 40))
        self.command("quantise", "both.net", "--calibration", "calibration.npy", "-o", "both.q")


def real_frames(network, count, range_of=3.0):
    return [(network.draw(200001) / 100000 - 1) * range_of for _ in range(count * network.inputs)]


def model(network, frames, lengths, name=None, last=False):
    """What `erngen run` makes of each sequence."""
    out, at = [], 0
    for length in lengths:
        part = frames[at * network.inputs:(at + length) * network.inputs]
        project.write_npy(network.directory / "x.npy", (length, network.inputs), part)
        network.command("run", name or f"{network.name}.q", "--input", "x.npy", "--arithmetic", "fixed", "--output", "y.npy")
        (_, size), values = project.read_npy(network.directory / "y.npy")
        out += values[-size:] if last else values
        at += length
    return out


class Driver(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.lstm = project.Network(ERNGEN, self.path, "lstm", "--cell lstm --input 9 --hidden 8 --dense 3 --block 4 --peephole", seed=5)
        self.gru = project.Network(ERNGEN, self.path, "gru", "--cell gru --input 5 --hidden 6 --block 2", bits=(8, 8), seed=6)

    def check(self, network, top, lengths, *options, last=False):
        host = Host(network.generate(top, *SHAPE, *options))
        frames = real_frames(network, sum(lengths))
        self.assertEqual(host.predict(frames, lengths), model(network, frames, lengths, last=last))
        return host

    def test_words_of_the_model(self):
        """Streams by tid and sequences by tuser; states, the interrupt."""
        host = self.check(self.lstm, "two_streams", (3, 1, 6, 2), "--streams", 2)
        host.run("states", "interrupts")

    def test_bytes_and_registers(self):
        """Elements in bytes, 32-bit beats; the driver writes SEQUENCE_FRAMES and STREAM."""
        host = self.check(self.gru, "by_register", (2, 5, 5, 1), "--stream-width", 32, "--elements", "bytes", "--sequence-end", "register",
                          "--stream-by", "register", "--input-tlast", "none", "--output-tlast", "sequence", "--streams", 2)
        host.run("states")

    def test_transfers_are_sequences(self):
        host = self.check(self.gru, "by_tlast", (4, 1, 3), "--stream-width", 128, "--sequence-end", "tlast", "--stream-by", "register",
                          "--output-tlast", "sequence", "--output-tkeep", "--output-frames", "last", last=True)
        self.assertRaises(AssertionError, host.run, "nonsense")

    def test_both_directions(self):
        """Two bidirectional layers: two passes of each sequence, of two streams, from real frames to real results."""
        network = Bidirectional(ERNGEN, self.path, FIXTURES / "bidirectional.safetensors", 5)
        host = Host(network.generate("both", *SHAPE, "--streams", 2))
        frames = real_frames(network, 11)
        self.assertEqual(host.predict(frames, (4, 1, 6), command="sequences"), model(network, frames, (4, 1, 6)))

    def test_ports(self):
        """AXI DMA in simple mode, and Linux with files in the place of its devices: a frame a transfer, as the design's tlast wants it."""
        network = self.lstm
        host, frames = Host(network.generate("plain", *SHAPE)), real_frames(network, 5)
        expected, directory = model(network, frames, (5,)), host.design.directory
        (directory / "x.f32").write_bytes(array.array("f", frames).tobytes())
        for name, size in (("uio0", 4096), ("uio1", 4096), ("udmabuf0", 8192), ("udmabuf1", 4096)):
            (directory / "dev").mkdir(exist_ok=True)
            (directory / "dev" / name).write_bytes(bytes(size))
        for n, (address, size) in enumerate((("0x10000000", 8192), ("0x20000000", 4096))):
            properties = directory / f"class/u-dma-buf/udmabuf{n}"
            properties.mkdir(parents=True)
            (properties / "phys_addr").write_text(f"{address}\n")
            (properties / "size").write_text(f"{size}\n")
        program = host.linked("driver_ports")
        for port in ("mapped", "uio"):
            run(program, port, directory, "x.f32", "y.f32", 5, cwd=directory)
            self.assertEqual(array.array("f", (directory / "y.f32").read_bytes()).tolist(), expected, port)

    def test_numbers_on_other_processors(self):
        """Every rounding as Python makes it, here and on Arm under qemu-user."""
        formats = ((12, 9, 5, 4, 2), (8, 7, 7, 2, 1), (18, 20, 3, 8, 4), (16, -3, 9, 4, 2), (4, 0, 1, 1, 1))
        for compiler, emulator in (("gcc", []), ("arm-linux-gnueabihf-gcc", ["qemu-arm"]), ("aarch64-linux-gnu-gcc", ["qemu-aarch64"])):
            if not all(map(shutil.which, [compiler, *emulator])):
                print(f"{compiler}: not installed, or its emulator")
                continue
            program = self.path / "numbers"
            run(compiler, *WARNINGS, "-O2", "-static", "-I", DRIVER, HERE / "driver_numbers.c", DRIVER / "erngen.c", "-o", program)
            lines = run(*emulator, program).splitlines()
            self.assertEqual(len(lines), 40 * sum(size for _, _, size, _, _ in formats))
            for line in lines:
                which, frame, bits, raw, back = line.split()
                width, fraction, size, beat, lane = formats[int(which)]
                value = struct.unpack("<f", struct.pack("<I", int(bits, 16)))[0]
                limit = 2 ** (width - 1)
                wanted = (0 if math.isnan(value) else math.copysign(limit, value) if math.isinf(value) else
                          math.floor(value * 2.0**fraction + 0.5))
                self.assertEqual(int(raw), max(-limit, min(limit - 1, int(wanted))), line)
                self.assertEqual(float(back), int(raw) * 2.0**-fraction, line)
                self.assertEqual(int(frame), -(-size // beat) * beat * lane)

    def test_compilers(self):
        """Without a warning for every processor whose compiler is there; freestanding where there is no C library."""
        design = self.lstm.generate("compiled", *SHAPE)
        software = design.directory / "software"
        portable = ["erngen.c", "erngen_load.c", "erngen_mapped.c", "compiled_design.c"]
        self.assertEqual((software / "erngen.c").read_bytes(), (DRIVER / "erngen.c").read_bytes())
        for compiler, options, files in (("gcc", [], ["erngen_uio.c"]), ("clang", [], ["erngen_uio.c"]),
                                         ("g++", ["-x", "c++", "-std=c++11"], []),
                                         ("riscv64-unknown-elf-gcc", ["-march=rv32im", "-mabi=ilp32", "-ffreestanding"], []),
                                         ("riscv64-unknown-elf-gcc", ["-march=rv32imac", "-mabi=ilp32", "--specs=picolibc.specs"], []),
                                         ("arm-linux-gnueabihf-gcc", [], ["erngen_uio.c"]), ("aarch64-linux-gnu-gcc", [], ["erngen_uio.c"])):
            if not shutil.which(compiler):
                print(f"{compiler}: not installed")
                continue
            if any("picolibc" in option for option in options) and subprocess.run([compiler, *options, "-E", "-xc", "/dev/null"],
                                                                                   capture_output=True).returncode:
                print(f"{compiler}: no picolibc")
                continue
            warnings = [word for word in WARNINGS if compiler != "g++" or word != "-std=c99"]
            for name in portable + files:
                with self.subTest(compiler=compiler, options=options, file=name):
                    run(compiler, *options, *warnings, "-O2", "-I", software, "-c", software / name, "-o", self.path / "object.o")

        clang = shutil.which("clang++") or shutil.which("clang++-14")
        if clang:  # whose standard is C++14 unless it is told, until its 16th generation
            run("make", "-C", design.directory / "testbench", env=os.environ | {"MAKEFLAGS": f"CXX={clang}"})
        else:
            print("clang++: not installed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
