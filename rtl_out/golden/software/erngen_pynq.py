"""Driver of accelerators made by erngen, for PYNQ: docs/reference/drivers.md of erngen describes it. Needs NumPy, and pynq on the board. Untested
on boards; tested with models of pynq's MMIO, allocate and DMA around the simulated design.

    import erngen_pynq
    erngen_pynq.bind("design")              # the directory that `erngen generate` wrote; before the overlay is loaded
    overlay = pynq.Overlay("system.bit")
    core = overlay.erngen_accelerator_0     # bound by the VLNV of component.xml
    core.attach(overlay.axi_dma_0)
    y = core.predict(x)                     # as `predict` of the package erngen: [frames, features] or [sequences, frames, features] or a list

The hash of the configuration is checked before anything is written. The license of the design is this file's.
"""
import json
import struct
import time
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pynq

STATUS, CONTROL, CYCLES, CYCLES_HIGH, FRAMES = 0x008, 0x00C, 0x010, 0x014, 0x018
STATE_CLEAR, STATE_TILE, STATE_ROW, STATE_FLAGS, STATE_COMMAND, STATE_CLEAR_HIGH = 0x020, 0x024, 0x028, 0x02C, 0x030, 0x034
FRAMES_DROPPED, CONFIGURATION, WINDOW = 0x038, 0x004, 0x400
WEIGHT_LANE, WEIGHT_ROW, WEIGHT_DATA, WEIGHT_CRC, WEIGHT_CHECK = 0x040, 0x044, 0x048, 0x04C, 0x054
INTERRUPT_ENABLE, INTERRUPT_CAUSE, INTERRUPT_STATUS, INTERRUPT_FRAMES = 0x060, 0x064, 0x068, 0x06C
SEQUENCE_FRAMES, STREAM = 0x070, 0x074
BUSY, HALTED = 1, 2
ERRORS = {4: "a frame was dropped: its tlast or tid was not where it belongs", 8: "a frame of a stream that does not exist was dropped",
          16: "the output buffer overflowed, which the plan excludes", 32: "the tile queue overflowed, which the plan excludes",
          64: "the words that were loaded have another CRC"}
HALT, RESET, KEEP, COUNT_FRAMES = 1, 2, 4, 8
IRQ_SEQUENCE, IRQ_FRAMES, IRQ_ERROR = 1, 2, 4
LOAD_MAGIC, LOAD_FORMAT = 0x4C4E5245, 1


class DeviceError(RuntimeError):
    """The device reports an error, or has another design."""


class Accelerator(pynq.DefaultIP):
    """One accelerator. `bind` makes the class for a design."""

    bindto = []
    manifest = None
    #: seconds that a transfer, or the engine, may take
    timeout = 1.0

    def __init__(self, description):
        super().__init__(description)
        if self.manifest is None:
            raise TypeError("bind(DIRECTORY) makes the driver of a design")
        expected, found = int(self.manifest["configuration"], 16), self.read(CONFIGURATION)
        if found != expected:
            raise DeviceError(f"{self.manifest['top']}: the device has configuration {found:08x}, the design {expected:08x}; nothing was written")
        self._input, self._output = self.manifest["input"], self.manifest["output"]
        protocol = self.manifest.get("protocol", {})
        self._end, self._by = protocol.get("sequence_end", "tuser"), protocol.get("stream_by", "tid")
        self._input_tlast = protocol.get("input_tlast", True) and self._end != "tlast"
        self._packets, self._last_only = protocol.get("tlast_per_sequence", False), protocol.get("last_frame_only", False)
        self._control = self.read(CONTROL) & (HALT | COUNT_FRAMES)
        self._send = self._receive = None

    @property
    def inputs(self):
        """Values of an input frame."""
        return self._input["size"]

    @property
    def outputs(self):
        """Values of an output frame."""
        return self._output["size"]

    @property
    def streams(self):
        return self.manifest["streams"]

    # ---- frames

    def attach(self, dma=None, send=None, receive=None):
        """The DMA of s_axis and m_axis; or two, of one direction each."""
        self._send, self._receive = (send or dma).sendchannel, (receive or dma).recvchannel

    def predict(self, x, stream=0):
        """What the accelerator answers. x: [frames, features], [sequences, frames, features], or a list of [frames, features]; each
        sequence starts from the initial state. Returns float32 in the form of x, [..., outputs]; of a design that gives last frames only
        [sequences, outputs]."""
        if "sequences" in self.manifest:
            raise ValueError("the network has layers in both directions: make its frames as the design's README says and send them with run(), "
                             "or use erngen_predict_sequence() of the C driver")
        if isinstance(x, (list, tuple)) and len(x) and all(np.ndim(s) == 2 for s in x):
            results = [self.run(self.to_fixed(s), stream) for s in x]
            return np.concatenate(self._real(results)) if self._last_only else self._real(results)
        array = np.asarray(x, np.float32)
        if array.ndim == 2:
            result = self._real([self.run(self.to_fixed(array), stream)])[0]
            return result[0] if self._last_only else result
        if array.ndim != 3 or 0 in array.shape:
            raise ValueError(f"input: has shape {array.shape}; [frames, features] or [sequences, frames, features] is expected")
        return (np.concatenate if self._last_only else np.stack)(self._real([self.run(self.to_fixed(s), stream) for s in array]))

    def run(self, frames, stream=0, ends=True):
        """Integers [frames, inputs] to integers [frames, outputs]. With ends=False the sequence goes on with the next call."""
        frames = np.asarray(frames)
        count = len(frames)
        if self._send is None:
            raise DeviceError("attach(DMA) first")
        if not 0 <= stream < self.streams:
            raise ValueError(f"stream {stream}: the design has {self.streams}")
        clear = self._begin(count, stream, ends)
        part = count if self._end == "tlast" or self._packets or self._last_only else 1   # a tlast ends a transfer
        results = [self._transfer(frames[at:at + part], ends and at + part >= count) for at in range(0, count, part)]
        if clear:
            self.clear_states([stream])
        self._check_errors()
        return np.concatenate(results)

    def _begin(self, count, stream, ends):
        """Registers before the frames of a call; whether the host ends the sequence."""
        if self._by == "register":
            self.write(STREAM, stream)
        elif stream or (self._by == "round-robin" and self.streams > 1):
            raise ValueError("a plain DMA reaches streams other than 0 only in designs made with --stream-by register")
        if self._input_tlast and not self._control & COUNT_FRAMES:
            self._set_control(self._control | COUNT_FRAMES)   # a DMA's tlast is that of its transfer
        if self._end == "register":
            if count > 65535 and ends:
                raise ValueError(f"a sequence of {count} frames: the register SEQUENCE_FRAMES holds 65535")
            self.write(SEQUENCE_FRAMES, count if ends else 0)
        if self._end == "tlast" and not ends:
            raise ValueError("with --sequence-end tlast each transfer is a whole sequence")
        if self._end == "tlast" and count > 1 and not (self._packets or self._last_only):
            raise ValueError("a plain DMA takes one packet a transfer: make the design with --output-tlast sequence")
        if self._end == "tuser" and ends and (self._last_only or self._packets):
            raise ValueError("a plain DMA does not drive tuser: make the design with --sequence-end tlast or register")
        return self._end == "tuser" and ends

    def _transfer(self, frames, ends):
        back = len(frames) if not self._last_only else int(ends)
        sent = pynq.allocate(shape=(len(frames) * self._frame_elements(self._input),), dtype=self._element(self._input))
        taken = pynq.allocate(shape=(max(1, back) * self._frame_elements(self._output),), dtype=self._element(self._output))
        try:
            sent[:] = self._packed(frames)
            sent.flush()
            if back:
                taken.invalidate()
                self._receive.transfer(taken)
            self._send.transfer(sent)
            self._wait(self._send)
            if back:
                self._wait(self._receive)
                taken.invalidate()
            values = np.array(taken).reshape(-1, self._frame_elements(self._output))[:back, :self.outputs]
            return values.astype(np.int32)
        finally:
            sent.freebuffer()
            taken.freebuffer()

    def _wait(self, channel):
        deadline = time.monotonic() + self.timeout
        while not channel.idle:
            if channel.error or time.monotonic() > deadline:
                late = "reports an error" if channel.error else f"has not finished after {self.timeout:g} s"
                for each in (self._send, self._receive):
                    each.stop()
                    each.start()
                self._check_errors()
                raise TimeoutError(f"the DMA {late}")

    @staticmethod
    def _element(side):
        return np.dtype(f"<i{side['element_bits'] // 8}")

    @staticmethod
    def _frame_elements(side):
        return -(-side["size"] // side["beat_elements"]) * side["beat_elements"]

    def _packed(self, frames):
        lanes = np.zeros((len(frames), self._frame_elements(self._input)), self._element(self._input))
        lanes[:, :self.inputs] = frames
        return lanes.ravel()

    def to_fixed(self, values):
        """Nearest integers of the input's format, half up, saturating, as `erngen run` rounds."""
        values = np.asarray(values, np.float32)
        if values.ndim != 2 or values.shape[1] != self.inputs or not np.isfinite(values).all():
            raise ValueError(f"input: has shape {values.shape}; finite numbers [frames, {self.inputs}] are expected")
        limit = 2.0 ** (self._input["width"] - 1)
        return np.clip(np.floor(values.astype(np.float64) * 2.0 ** self._input["fraction"] + 0.5), -limit, limit - 1).astype(np.int32)

    def _real(self, results):
        return [(raw * 2.0 ** -self._output["fraction"]).astype(np.float32) for raw in results]

    # ---- control

    def _set_control(self, control):
        self.write(CONTROL, control)
        self._control = control & (HALT | COUNT_FRAMES)

    def _poll(self, mask, value):
        deadline = time.monotonic() + self.timeout
        while True:
            late = time.monotonic() > deadline
            if self.read(STATUS) & mask == value:
                return
            if late:
                raise TimeoutError(f"the engine has not halted after {self.timeout:g} s: is its output taken?")

    def halt(self):
        self._set_control(self._control | HALT)
        self._poll(BUSY | HALTED, HALTED)

    def resume(self):
        self._set_control(self._control & ~HALT)

    def reset(self, keep_states=False):
        """All but registers and weights, as aresetn does."""
        control = self._control
        if keep_states:
            self.halt()
        self._set_control(control | RESET | (KEEP if keep_states else 0))
        self.read(STATUS)   # is answered when it has happened

    def errors(self):
        """What the sticky error bits of STATUS say."""
        status = self.read(STATUS)
        return [text for bit, text in ERRORS.items() if status & bit]

    def clear_errors(self):
        self.write(STATUS, 0)

    def _check_errors(self):
        if found := self.errors():
            raise DeviceError("; ".join(found))

    def cycles(self):
        low = self.read(CYCLES)   # latches the high word
        return self.read(CYCLES_HIGH) << 32 | low

    def frames(self):
        """Frames computed since the last reset, modulo 2^32."""
        return self.read(FRAMES)

    # ---- the interrupt; `interrupt` of pynq's IP waits for it where the overlay connects irq

    def irq_enable(self, causes):
        self.write(INTERRUPT_ENABLE, causes)

    def irq_causes(self):
        return self.read(INTERRUPT_CAUSE)

    def irq_clear(self, causes):
        self.write(INTERRUPT_CAUSE, causes)

    def irq_frames(self, frames):
        self.write(INTERRUPT_FRAMES, frames)

    # ---- states

    def clear_states(self, streams=None):
        """These streams, or all, begin again from the initial state."""
        bits = sum(1 << s for s in (range(self.streams) if streams is None else streams))
        if bits & 0xFFFFFFFF:
            self.write(STATE_CLEAR, bits & 0xFFFFFFFF)
        if bits >> 32:
            self.write(STATE_CLEAR_HIGH, bits >> 32)

    def save_state(self, stream=0):
        """Everything that the engine holds of a stream, bit for bit."""
        with _Halted(self):
            word = self.read(STATE_CLEAR_HIGH if stream >= 32 else STATE_CLEAR)
            fresh = bool(word >> stream % 32 & 1)
            return fresh, [self._read_blocks(s) for s in self._states(stream)]

    def restore_state(self, saved, stream=0):
        fresh, values = saved
        with _Halted(self):
            if fresh:
                self.clear_states([stream])
                return
            for state, words in zip(self._states(stream), values):
                self._write_blocks(state, words)

    def _states(self, stream):
        return [s for s in self.manifest["states"] if s["stream"] == stream]

    def _name_block(self, state, block):
        if "tile" in state:
            self.write(STATE_TILE, state["tile"] + block)
        if "row" in state:
            row, lane = divmod(state["lane"] + block, self.manifest["predicted"]["columns"])
            self.write(STATE_ROW, lane << 16 | (state["row"] + row))

    def _command(self, state):
        return state["stream"] << 8 | {"cell": 2, "vector": 0, "spectrum": 4}[state["kind"]]

    def _read_blocks(self, state):
        words = []
        for block in range(state["tiles"]):
            self._name_block(state, block)
            self.write(STATE_COMMAND, self._command(state))
            words += [self.read(WINDOW + 4 * n) for n in range(self.manifest["predicted"]["words"])]
        return words

    def _write_blocks(self, state, words):
        block_words = self.manifest["predicted"]["words"]
        for block in range(state["tiles"]):
            for n in range(block_words):
                i = block * block_words + n
                inside = state["kind"] == "spectrum" or i < state["size"]
                self.write(WINDOW + 4 * n, words[i] if inside else 0)
            self._name_block(state, block)
            if state["kind"] == "vector":
                self.write(STATE_FLAGS, state["flags"])
            self.write(STATE_COMMAND, self._command(state) | 1)

    # ---- another network

    def load(self, stream):
        """Loads the file of `erngen weights`, or its bytes: another network of the design's shape. All states begin again."""
        data = stream if isinstance(stream, (bytes, bytearray)) else Path(stream).read_bytes()
        blocks, crc = self._parsed(bytes(data))
        control = self._control
        self.halt()
        self.clear_errors()
        self.write(WEIGHT_CRC, 0)
        for lane, row, words in blocks:
            self.write(WEIGHT_LANE, lane)
            self.write(WEIGHT_ROW, row)
            for word in words:
                self.write(WEIGHT_DATA, word)
        self.write(WEIGHT_CHECK, crc)
        self._check_errors()   # the engine stays halted
        self.clear_states()
        self._set_control(control)

    def _parsed(self, data):
        def refuse(what):
            return ValueError(f"load stream: {what}; nothing was written")

        if len(data) % 4 or len(data) < 32 or struct.unpack("<I", data[-4:])[0] != zlib.crc32(data[:-4]):
            raise refuse("it is damaged, or not one")
        words = struct.unpack(f"<{len(data) // 4}I", data)
        if words[0] != LOAD_MAGIC or words[1] != LOAD_FORMAT:
            raise refuse("it is not one of erngen, or of another version")
        if words[2] != int(self.manifest["configuration"], 16):
            raise refuse(f"it is for configuration {words[2]:08x}, the design has {self.manifest['configuration']}")
        blocks, at = [], 7
        for _ in range(words[4]):
            lane, row, count = words[at:at + 3]
            blocks.append((lane, row, words[at + 3:at + 3 + count]))
            at += 3 + count
        if at != len(words) - 1:
            raise refuse("it is damaged")
        return blocks, words[6]


class _Halted:
    """Halts the engine; lets it go on as it was."""

    def __init__(self, core):
        self.core, self.control = core, core._control

    def __enter__(self):
        self.core.halt()

    def __exit__(self, *failure):
        self.core._set_control(self.control)


def bind(directory):
    """The driver class of a design: bound to the VLNV of its component.xml, for overlays that are loaded from now on."""
    directory = Path(directory)
    manifest = json.loads((directory / "manifest.json").read_text())
    root = ElementTree.parse(directory / "component.xml").getroot()
    vlnv = ":".join(root.find(f"{root.tag[:root.tag.index('}') + 1]}{part}").text for part in ("vendor", "library", "name", "version"))
    return type(f"{manifest['top']}_driver", (Accelerator,), {"bindto": [vlnv], "manifest": manifest, "__doc__": f"Driver of {vlnv}."})
