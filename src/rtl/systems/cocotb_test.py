"""A cocotb bench of a generated accelerator, for cocotb 2 and cocotbext-axi: sequences of different lengths on all streams, with random pauses on all
channels, must give the fixed-point model's words; registers, interrupt, broken frames and resets do what erngen's docs/reference/registers.md says.

run.py beside it runs it. COCOTB_RANDOM_SEED chooses the pauses and the order of the streams' frames.
"""
import json
import pathlib
import random

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge, with_timeout
from cocotbext.axi import AxiLiteBus, AxiLiteMaster, AxiResp, AxiStreamBus, AxiStreamFrame, AxiStreamSink, AxiStreamSource

FRAMES = json.loads(pathlib.Path(__file__).with_suffix(".json").read_text())
DESIGN, ROUNDS = FRAMES["design"], FRAMES["rounds"]
INPUT, OUTPUT, STREAMS = DESIGN["input"], DESIGN["output"], DESIGN["streams"]
PROTOCOL = {"sequence_end": "tuser", "input_tlast": True, "stream_by": "tid", "tlast_per_sequence": False, "tkeep": False, "last_frame_only": False,
            **DESIGN.get("protocol", {})}
END, STREAM_BY = PROTOCOL["sequence_end"], PROTOCOL["stream_by"]
HAS_TLAST = END == "tlast" or PROTOCOL["input_tlast"]
REGISTER = {name: int(address, 16) for name, address in FRAMES["registers"].items()}
RESET, ERROR_FRAME = 2, 4
SEQUENCE_DONE, FRAMES_DONE, ERROR = 1, 2, 4
FRAME_CYCLES = round(DESIGN["cycles_per_frame"] + DESIGN["latency_cycles"])
# Twenty times what a round takes as planned, and more.
TIME_LIMIT_NS = 100_000 + 200 * FRAME_CYCLES * max(sum(len(s["input"]) for s in sequences) for sequences in ROUNDS)


def beats_of(side):
    return -(-side["size"] // side["beat_elements"])


def pauses(generator, share):
    """Pauses in bursts of different lengths, about `share` of the time."""
    while True:
        paused = generator.random() < share
        for _ in range(generator.choice((1, 1, 2, 3, 8))):
            yield paused


def beat_bytes(frame, generator):
    """A frame's beats; what the design must ignore is random."""
    bits, width = INPUT["element_bits"], INPUT["width"]
    lanes = beats_of(INPUT) * INPUT["beat_elements"]
    words = [value & (2**width - 1) | generator.getrandbits(bits - width) << width if width < bits else value & (2**bits - 1) for value in frame]
    words += [generator.getrandbits(bits) for _ in range(lanes - len(frame))]
    return b"".join(word.to_bytes(bits // 8, "little") for word in words)


class Bench:
    def __init__(self, dut):
        self.dut, self.random = dut, random.Random(cocotb.RANDOM_SEED)
        self.wrong = []
        dut.aresetn.value = 0
        cocotb.start_soon(Clock(dut.aclk, 10, unit="ns").start())
        self.two_clocks = hasattr(dut, "engine_aclk")
        if self.two_clocks:   # slower or faster, and never in step
            cocotb.start_soon(Clock(dut.engine_aclk, self.random.choice((3_002, 6_826, 13_378, 24_998)), unit="ps").start())
        reset = (dut.aclk, dut.aresetn, False)
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(dut, "s_axis"), *reset)
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(dut, "m_axis"), *reset)
        self.host = AxiLiteMaster(AxiLiteBus.from_prefix(dut, "s_axi"), *reset)
        for end in (self.source, self.sink, self.host.write_if, self.host.read_if):
            end.log.setLevel("WARNING")
        self.back = []   # of each beat: tdata, tlast, tuser, tid, tdest, tkeep

    def pause(self):
        channels = [self.source, self.sink, self.host.write_if.aw_channel, self.host.write_if.w_channel, self.host.write_if.b_channel,
                    self.host.read_if.ar_channel, self.host.read_if.r_channel]
        for channel in channels:
            channel.set_pause_generator(pauses(random.Random(self.random.getrandbits(32)), 0.4))

    async def start(self):
        await self.reset(4)
        cocotb.start_soon(self.watch())
        self.pause()

    async def reset(self, cycles):
        """In it nothing is offered or taken."""
        dut = self.dut
        dut.aresetn.value = 0
        await RisingEdge(dut.aclk)
        for _ in range(cycles):
            await FallingEdge(dut.aclk)
            for name in ("s_axis_tready", "m_axis_tvalid", "s_axi_awready", "s_axi_wready", "s_axi_bvalid", "s_axi_arready", "s_axi_rvalid", "irq"):
                assert getattr(dut, name).value == 0, f"{name} is {getattr(dut, name).value} in reset"
        dut.aresetn.value = 1
        await RisingEdge(dut.aclk)
        while not self.sink.empty():
            self.sink.recv_nowait(compact=False)

    async def watch(self):
        """What is offered stays until it is taken, and beats are kept as they come."""
        dut, held = self.dut, None
        side = [getattr(dut, f"m_axis_{name}") for name in ("tdata", "tlast", "tuser", "tid", "tdest")]
        side += [dut.m_axis_tkeep] if PROTOCOL["tkeep"] else []
        while True:
            await RisingEdge(dut.aclk)
            if dut.aresetn.value == 0:
                held = None
                continue
            if dut.m_axis_tvalid.value == 0:
                if held is not None:
                    self.wrong.append("m_axis_tvalid fell before its beat was taken")
                held = None
                continue
            offered = tuple(str(signal.value) for signal in side)
            if held not in (None, offered):
                self.wrong.append("m_axis changed before its beat was taken")
            held = None if dut.m_axis_tready.value == 1 else offered
            if held is None:
                self.back.append(offered)

    async def read(self, name):
        answer = await with_timeout(self.host.read(REGISTER[name], 4), TIME_LIMIT_NS, "ns")
        assert answer.resp == AxiResp.OKAY, f"{name} answers {answer.resp}"
        return int.from_bytes(answer.data, "little")

    async def write(self, name, value):
        answer = await with_timeout(self.host.write(REGISTER[name], value.to_bytes(4, "little")), TIME_LIMIT_NS, "ns")
        assert answer.resp == AxiResp.OKAY, f"{name} answers {answer.resp}"

    def send_frame(self, data, stream, end):
        """One packet, with what the protocol has of side signals."""
        self.send_packet(data, [int(end and n == beats_of(INPUT) - 1) for n in range(beats_of(INPUT))], stream)

    def send_packet(self, data, users, stream):
        """tlast is in the last beat; users has tuser of each beat."""
        lanes = len(data) // len(users)
        self.source.send_nowait(AxiStreamFrame(data, tid=stream, tuser=[user for user in users for _ in range(lanes)]))

    async def send_round(self, sequences):
        """Sequences of several streams, whose frames meet in a random order, or take turns, or come stream after stream."""
        if END == "register":
            await with_timeout(self.source.wait(), TIME_LIMIT_NS, "ns")
            await self.write("SEQUENCE_FRAMES", len(sequences[0]["input"]))
        if STREAM_BY == "register":
            for sequence in sequences:
                await with_timeout(self.source.wait(), TIME_LIMIT_NS, "ns")
                await self.write("STREAM", sequence["stream"])
                self.send_sequence(sequence)
                await self.take([sequence])
            return
        left = [(sequence, list(enumerate(sequence["input"]))) for sequence in sequences]
        if END == "tlast":
            for sequence in sequences:
                self.send_sequence(sequence)
        elif STREAM_BY == "round-robin":
            for turn in zip(*(frames for _, frames in left)):
                for (sequence, frames), (n, frame) in zip(left, turn):
                    self.send_frame(beat_bytes(frame, self.random), 0, n == len(frames) - 1)
        else:
            while left:
                sequence, frames = self.random.choice(left)
                n, frame = frames.pop(0)
                self.send_frame(beat_bytes(frame, self.random), sequence["stream"], not frames)
                left = [entry for entry in left if entry[1]]
        await self.take(sequences)

    def send_sequence(self, sequence):
        frames = sequence["input"]
        if END == "tlast":
            data = b"".join(beat_bytes(frame, self.random) for frame in frames)
            self.send_packet(data, [0] * (beats_of(INPUT) * len(frames)), sequence["stream"])
        else:
            for n, frame in enumerate(frames):
                self.send_frame(beat_bytes(frame, self.random), sequence["stream"], n == len(frames) - 1)

    async def take(self, sequences):
        """Waits for all frames of these sequences, and compares."""
        answers = {sequence["stream"]: sequence["output"][-1:] if PROTOCOL["last_frame_only"] else list(sequence["output"]) for sequence in sequences}
        per_frame = beats_of(OUTPUT)
        for _ in range(sum(map(len, answers.values()))):
            await with_timeout(self.beats(per_frame), TIME_LIMIT_NS, "ns")
            beats, self.back = self.back[:per_frame], self.back[per_frame:]
            stream = int(beats[0][3], 2)
            assert answers.get(stream), f"a frame of stream {stream} came that nothing was sent for"
            expected = answers[stream].pop(0)
            self.compare(beats, stream, expected, not answers[stream])

    async def beats(self, count):
        while len(self.back) < count:
            await RisingEdge(self.dut.aclk)

    def compare(self, beats, stream, expected, end):
        bits, lanes = OUTPUT["element_bits"], OUTPUT["beat_elements"]
        values = []
        for n, (data, tlast, tuser, tid, tdest, *keep) in enumerate(beats):
            last = n == len(beats) - 1
            values += [int(data[len(data) - bits * (lane + 1):len(data) - bits * lane], 2) for lane in range(lanes)]
            assert int(tlast) == int(last and (end or not PROTOCOL["tlast_per_sequence"])), "tlast is wrong"
            assert int(tuser) == int(last and end), "tuser is wrong"
            assert int(tid, 2) == int(tdest, 2) == stream, "tid or tdest is wrong"
            if keep:
                used = OUTPUT["size"] - n * lanes if int(tlast) else lanes
                assert keep[0] == ("1" * (used * bits // 8)).rjust(len(keep[0]), "0"), "tkeep is wrong"
        padded = [value & (2**bits - 1) for value in expected] + [0] * (len(values) - len(expected))
        assert values == padded, f"a frame of stream {stream} is {values}, expected {padded}"

    async def finish(self):
        """Nothing more comes, and no error was seen."""
        for _ in range(200):
            await RisingEdge(self.dut.aclk)
        assert not self.back, "beats came that nothing was sent for"
        assert not self.wrong, "; ".join(self.wrong)
        assert await self.read("STATUS") == 0, "STATUS has an error"


@cocotb.test()
async def words(dut):
    """Every word of every sequence, and the counters."""
    bench = Bench(dut)
    await bench.start()
    for sequences in ROUNDS:
        await bench.send_round(sequences)
    assert await bench.read("FRAMES") == sum(len(sequence["input"]) for sequences in ROUNDS for sequence in sequences), "FRAMES is wrong"
    assert await bench.read("FRAMES_DROPPED") == 0
    await bench.finish()


@cocotb.test()
async def registers(dut):
    """What is read, what is refused, and the interrupt."""
    bench = Bench(dut)
    await bench.start()
    assert await bench.read("CONFIGURATION") == int(DESIGN["configuration"], 16), "CONFIGURATION is wrong"
    for address in (0x3fc, 0xfffc):
        answer = await bench.host.read(address, 4)
        assert answer.resp == AxiResp.SLVERR, f"a read of 0x{address:x} answers {answer.resp}"
    answer = await bench.host.write(REGISTER["INTERRUPT_ENABLE"], b"\x07")   # one strobe of four
    assert answer.resp == AxiResp.SLVERR, "a write of one byte is not refused"
    assert await bench.read("INTERRUPT_ENABLE") == 0, "a refused write was done"
    await bench.write("INTERRUPT_ENABLE", SEQUENCE_DONE)
    assert dut.irq.value == 0
    await bench.send_round(ROUNDS[0])
    for _ in range(100 if bench.two_clocks else 8):
        await RisingEdge(dut.aclk)
    assert dut.irq.value == 1, "no interrupt at the end of a sequence"
    assert await bench.read("INTERRUPT_CAUSE") & SEQUENCE_DONE
    await bench.write("INTERRUPT_CAUSE", SEQUENCE_DONE | FRAMES_DONE)
    for _ in range(100 if bench.two_clocks else 4):
        await RisingEdge(dut.aclk)
    assert dut.irq.value == 0, "the interrupt stays"
    await bench.finish()


@cocotb.test(skip=not HAS_TLAST or beats_of(INPUT) < 2)
async def broken_frame(dut):
    """A frame with tlast too early is dropped and said to be; what follows is as if it had not been there."""
    bench = Bench(dut)
    await bench.start()
    first = ROUNDS[0][0]
    if STREAM_BY == "register":
        await bench.write("STREAM", first["stream"])
    data = beat_bytes(first["input"][0], bench.random)
    bench.send_packet(data[:len(data) // beats_of(INPUT)], [0], first["stream"])
    for _ in range(100):
        if await bench.read("FRAMES_DROPPED"):
            break
    assert await bench.read("FRAMES_DROPPED") == 1
    assert await bench.read("STATUS") & ERROR_FRAME, "no error in STATUS"
    assert await bench.read("INTERRUPT_CAUSE") & ERROR, "no cause in INTERRUPT_CAUSE"
    await bench.write("STATUS", 0)
    await bench.send_round(ROUNDS[0])
    await bench.finish()


@cocotb.test()
async def resets(dut):
    """A reset within a sequence, by the port and by the host, leaves nothing of it."""
    bench = Bench(dut)
    await bench.start()
    longest = max(ROUNDS[0], key=lambda sequence: len(sequence["input"]))
    for by_host in (False, True):
        if STREAM_BY == "register":
            await bench.write("STREAM", longest["stream"])
        bench.source.send_nowait(AxiStreamFrame(beat_bytes(longest["input"][0], bench.random), tid=longest["stream"], tuser=0))
        for _ in range(bench.random.randrange(20, 200)):
            await RisingEdge(dut.aclk)
        if by_host:
            # The sink would lose a beat that it was shown: all of them have come before.
            await with_timeout(bench.source.wait(), TIME_LIMIT_NS, "ns")
            if not PROTOCOL["last_frame_only"] and (STREAM_BY != "round-robin" or STREAMS == 1):
                await with_timeout(bench.beats(beats_of(OUTPUT)), TIME_LIMIT_NS, "ns")
            for _ in range(100 if bench.two_clocks else 0):   # nothing is left in the queues before the engine
                await RisingEdge(dut.aclk)
            await bench.write("CONTROL", RESET)
            await bench.read("CONTROL")
        else:
            await bench.reset(1)
            bench.pause()
        bench.back.clear()
        await bench.send_round(ROUNDS[-1])
    await bench.finish()
