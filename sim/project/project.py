"""A project of somebody else's, for tests: designs of erngen beside each other, each with a plain DMA (plain_dma.v), in one simulation that runs
in a directory of its own. Nothing of erngen's own benches is in it. Needs nothing but the standard library."""
import ast
import json
import pathlib
import re
import struct
import subprocess
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
# For make, in what Verilator wrote: these runs are shorter than what an optimised compilation takes.
QUICK = ["OPT_FAST=-O0", "OPT_GLOBAL=-O0", "VM_PARALLEL_BUILDS=0"]


def write_npy(path, shape, values):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values))


def read_npy(path):
    """Shape and values."""
    data = path.read_bytes()
    end = 10 + struct.unpack("<H", data[8:10])[0]
    shape = ast.literal_eval(data[10:end].decode())["shape"]
    return shape, list(struct.unpack(f"<{(len(data) - end) // 4}f", data[end:]))


class Network:
    """A quantised random network, and what its fixed-point model makes of raw frames."""

    def __init__(self, erngen, directory, name, shape, bits=(12, 12), seed=1):
        self.erngen, self.directory, self.name, self.random = str(pathlib.Path(erngen).resolve()), pathlib.Path(directory), name, seed
        self.inputs = int(re.search(r"--input (\d+)", shape).group(1))
        self.command("new", *shape.split(), "--seed", seed, "-o", f"{name}.net")
        write_npy(self.directory / "calibration.npy", (40, self.inputs), [self.draw(2001) / 500 - 2 for _ in range(40 * self.inputs)])
        self.command("quantise", f"{name}.net", "--calibration", "calibration.npy", "--weights", bits[0], "--activations", bits[1], "-o", f"{name}.q")

    def draw(self, below):
        self.random = (self.random * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.random >> 33) % below

    def command(self, *words):
        done = subprocess.run([self.erngen, *map(str, words)], cwd=self.directory, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"erngen {' '.join(map(str, words))}: {done.stdout}{done.stderr}")
        return done.stdout

    def generate(self, top, *options):
        self.command("generate", f"{self.name}.q", "--name", top, *options, "-o", top)
        return Design(self.directory / top)

    def frames(self, design, count):
        """Random raw frames in the format of the design's input."""
        width = design.input["width"]
        return [[self.draw(2**width) - 2**(width - 1) if self.draw(4) == 0 else self.draw(2**(width - 3)) - 2**(width - 4)
                 for _ in range(self.inputs)] for _ in range(count)]

    def outputs(self, design, frames):
        """What the model makes of a sequence, as raw frames."""
        write_npy(self.directory / "x.npy", (len(frames), self.inputs),
                  [value * 2.0**-design.input["fraction"] for frame in frames for value in frame])
        self.command("run", f"{self.name}.q", "--input", "x.npy", "--arithmetic", "fixed", "--output", "y.npy")
        (_, size), values = read_npy(self.directory / "y.npy")
        raw = [round(value * 2.0**design.output["fraction"]) for value in values]
        return [raw[n:n + size] for n in range(0, len(raw), size)]


class Design:
    """A generated directory: its top module's ports and the layout of its beats."""

    def __init__(self, directory):
        self.directory, manifest = directory, json.loads((directory / "manifest.json").read_text())
        self.top, self.input, self.output = manifest["top"], manifest["input"], manifest["output"]
        self.ports = re.findall(r"^\s*(?:input|output)\s+wire (?:\[\d+:0\] )?(\w+)", (directory / f"rtl/{self.top}.v").read_text(), re.M)
        self.files = [directory / name for name in (directory / "rtl/files.f").read_text().split()]

    def with_two_clocks(self):
        """The module of --wrapper clocks around it."""
        top = self.top + "_clocks"
        self.ports = re.findall(
            r"^\s*(?:input|output)\s+wire (?:\[\d+:0\] )?(\w+)", (self.directory / f"clocks/{top}.v").read_text(), re.M)
        self.files += [self.directory / name for name in (self.directory / "clocks/files.f").read_text().split()]
        self.top = top
        return self

    def vlnv(self):
        """Vendor, library, name and version of the core, as component.xml says it."""
        root = xml.etree.ElementTree.parse(self.directory / "component.xml").getroot()
        namespace = root.tag[:root.tag.index("}") + 1]
        return ":".join(root.findtext(namespace + name) for name in ("vendor", "library", "name", "version"))

    def bits(self, side):
        return side["element_bits"] * side["beat_elements"]

    def beats(self, frame):
        """The words of a frame's beats; lanes beyond it are all ones, which must not matter."""
        lane, count = self.input["element_bits"], self.input["beat_elements"]
        lanes = [value % 2**lane for value in frame]
        lanes += [2**lane - 1] * (-len(lanes) % count)
        return [sum(value << (lane * n) for n, value in enumerate(lanes[at:at + count])) for at in range(0, len(lanes), count)]

    def beats_back(self):
        return -(-self.output["size"] // self.output["beat_elements"])

    def frame(self, words):
        """The raw elements of a frame that came back as these beats."""
        lane, count = self.output["element_bits"], self.output["beat_elements"]
        values = [(word >> (lane * n)) % 2**lane for word in words for n in range(count)]
        return [value - 2**lane if value >= 2**(lane - 1) else value for value in values[:self.output["size"]]]


class Script:
    """What one design's host and DMA do; `back` beats return."""

    def __init__(self, design):
        self.design, self.lines, self.back = design, [], 0

    def write(self, address, data):
        self.lines.append((8, address << 32 | data))

    def wait(self):
        self.lines.append((4, self.back))

    def beat(self, word, last=False, user=False):
        self.lines.append((2 * user + last, word))

    def text(self):
        digits = max(48, self.design.bits(self.design.input)) // 4
        return "".join(f"{what:x}{payload:0{digits}x}\n" for what, payload in self.lines)


def instance(script, number):
    """The Verilog of a design with its DMA."""
    design, name, wire = script.design, script.design.top, lambda signal: f"{signal}_{number}"
    out_bits = design.bits(design.output)
    given = {"aclk": "clk", "engine_aclk": "engine_clk", "aresetn": "resetn", "s_axi_bready": "1'b1", "s_axi_wstrb": "4'hf", "s_axi_awprot": "3'd0",
             "s_axi_araddr": "16'd0", "s_axi_arprot": "3'd0", "s_axi_arvalid": "1'b0", "s_axi_rready": "1'b1", "s_axis_tid": "1'b0"}
    own = ["s_axi_awvalid", "s_axi_awready", "s_axi_awaddr", "s_axi_wvalid", "s_axi_wready", "s_axi_wdata", "s_axi_bvalid", "s_axi_bresp",
           "s_axis_tvalid", "s_axis_tready", "s_axis_tdata", "s_axis_tlast", "s_axis_tuser", "m_axis_tvalid", "m_axis_tready", "m_axis_tdata",
           "m_axis_tlast", "m_axis_tkeep"]
    widths = {"s_axi_awaddr": 16, "s_axi_wdata": 32, "s_axi_bresp": 2, "s_axis_tdata": design.bits(design.input), "m_axis_tdata": out_bits,
              "m_axis_tkeep": out_bits // 8}
    text = "".join(f"  wire [{widths.get(signal, 1) - 1}:0] {wire(signal)};\n" for signal in own) + f"  wire done_{number};\n"
    if "m_axis_tkeep" not in design.ports:
        text += f"  assign {wire('m_axis_tkeep')} = {{{out_bits // 8}{{1'b1}}}};\n"
    connections = [f".{port}({given.get(port) or wire(port)})" for port in design.ports if port in given or port in own]
    text += f"  {name} #(.IMAGE_DIR(\"{design.directory}/images\")) u_{name} (\n      {', '.join(connections)}\n  );\n"
    back = {"tvalid_i": "m_axis_tvalid", "tready_o": "m_axis_tready", "tdata_i": "m_axis_tdata", "tkeep_i": "m_axis_tkeep", "tlast_i": "m_axis_tlast",
            "tvalid_o": "s_axis_tvalid", "tready_i": "s_axis_tready", "tdata_o": "s_axis_tdata", "tlast_o": "s_axis_tlast", "tuser_o": "s_axis_tuser",
            "awvalid_o": "s_axi_awvalid", "awready_i": "s_axi_awready", "awaddr_o": "s_axi_awaddr", "wvalid_o": "s_axi_wvalid",
            "wready_i": "s_axi_wready", "wdata_o": "s_axi_wdata", "bvalid_i": "s_axi_bvalid", "bresp_i": "s_axi_bresp"}
    return text + (f"  plain_dma #(.IN_BITS({design.bits(design.input)}), .OUT_BITS({out_bits}), .LINES({len(script.lines)}), .BEATS({script.back}), "
                   f".SEED({number + 1}),\n      .SCRIPT(\"{name}.script\"), .RESULT(\"{name}.result\")) u_dma_{number} (\n"
                   f"      .clk(clk), .resetn(resetn), .done_o(done_{number}), "
                   f"{', '.join(f'.{port}({wire(signal)})' for port, signal in back.items())}\n  );\n")


def simulate(work, scripts, simulator, engine_period=10, most_cycles=200000):
    """Runs all designs at once in `work`, the ports with a period of 10 ns; returns for each what came back: (tlast, tkeep, tdata) a beat."""
    work.mkdir(parents=True, exist_ok=True)
    text = "`timescale 1ns / 1ps\nmodule project;\n  reg clk = 1'b0, engine_clk = 1'b0, resetn = 1'b0;\n  always #5 clk = !clk;\n"
    text += f"  always #{engine_period / 2} engine_clk = !engine_clk;\n  integer cycle = 0;\n"
    text += "".join(instance(script, number) for number, script in enumerate(scripts))
    done = " && ".join(f"done_{number}" for number in range(len(scripts)))
    text += ("  always @(posedge clk) begin\n    cycle <= cycle + 1;\n    resetn <= cycle > 20;\n"
             f"    if (cycle > 30 && {done}) $finish;\n"
             f"    if (cycle > {most_cycles}) begin\n      $display(\"error: no end\");\n      $finish;\n    end\n  end\nendmodule\n")
    (work / "project.v").write_text(text)
    for script in scripts:
        (work / f"{script.design.top}.script").write_text(script.text())
    files = ["project.v", str(HERE / "plain_dma.v"), *(str(file) for script in scripts for file in script.design.files)]
    if simulator == "icarus":
        run(["iverilog", "-g2005", "-Wno-timescale", "-DERN_SIMULATION", "-s", "project", "-o", "project.vvp", *files], work)
        output = run(["vvp", "-n", "project.vvp"], work)
    else:
        run(["verilator", "--binary", "-MAKEFLAGS", " ".join(QUICK), "-DERN_SIMULATION", "-Wno-fatal", "-Wno-lint", "-Wno-style",
             "--top-module", "project", *files], work)
        output = run(["obj_dir/Vproject"], work)
    if "error" in output.lower():
        raise AssertionError(output)
    results = []
    for script in scripts:
        lines = [line.split() for line in (work / f"{script.design.top}.result").read_text().splitlines()]
        results.append([(last == "1", keep, int(data, 16)) for last, keep, data in lines])
    return results


def run(command, directory):
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr
