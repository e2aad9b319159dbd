#!/usr/bin/env python3
"""The PYNQ driver: pynq_test.py ERNGEN. pynq's DefaultIP (MMIO), allocate and DMA are models; behind them is the Verilated design in its library."""
import ctypes
import importlib.util
import pathlib
import random
import sys
import tempfile
import types
import unittest

import numpy as np

import project
from driver_test import DRIVER, model, run
from switch_test import Captures

ERNGEN = sys.argv[1]
SHAPE = ("--rows", 4, "--columns", 1, "--readout", 1)
DMA = ("--sequence-end", "tlast", "--stream-by", "register", "--output-tlast", "sequence", "--output-tkeep")
READ, WRITE = (ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint32, word) for word in (ctypes.POINTER(ctypes.c_uint32), ctypes.c_uint32))


class Transfer(ctypes.Structure):
    _fields_ = [("input", ctypes.c_void_p), ("input_bytes", ctypes.c_size_t), ("output", ctypes.c_void_p), ("output_bytes", ctypes.c_size_t),
                ("stream", ctypes.c_uint32), ("frames", ctypes.c_uint32), ("ends", ctypes.c_uint8)]


class Port(ctypes.Structure):
    _fields_ = [("context", ctypes.c_void_p), ("read", READ), ("write", WRITE),
                ("transfer", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Transfer))), ("wait", ctypes.c_void_p),
                ("now", ctypes.c_void_p), ("timeout", ctypes.c_uint32), ("abilities", ctypes.c_uint), ("buffers", ctypes.c_void_p * 2),
                ("bytes", ctypes.c_size_t * 2)]


class Device:
    """A Verilated design; a transfer happens when the send channel has its buffer, as a DMA's whose receive channel was begun before."""

    def __init__(self, design):
        run("make", "-C", design.directory / "testbench", "host", *project.QUICK)
        self.library = ctypes.CDLL(str(design.directory / f"build/host/lib{design.top}.so"))
        self.library.erngen_host_start.restype = ctypes.c_void_p
        self.library.erngen_host_port.argtypes, self.library.erngen_host_port.restype = [ctypes.c_void_p], Port
        self.library.erngen_host_lose_beat.argtypes = [ctypes.c_void_p]
        self.host = self.library.erngen_host_start(ctypes.c_size_t(64))
        self.port = self.library.erngen_host_port(self.host)
        self.waiting, self.failed, self.writes = None, False, 0

    def read(self, address):
        word = ctypes.c_uint32()
        assert self.port.read(self.port.context, address, ctypes.byref(word)) == 0, hex(address)
        return word.value

    def write(self, address, value):
        self.writes += 1
        assert self.port.write(self.port.context, address, value) == 0, hex(address)

    def move(self, sent):
        taken, self.waiting = self.waiting, None
        transfer = Transfer(sent.ctypes.data, sent.nbytes, taken.ctypes.data if taken is not None else None,
                            taken.nbytes if taken is not None else 0, 0, 0, 1)
        self.failed = self.port.transfer(self.port.context, ctypes.byref(transfer)) != 0


class Channel:
    def __init__(self, device, receives):
        self.device, self.receives, self.restarts, self.error = device, receives, 0, False

    def transfer(self, buffer):
        assert buffer.clean, "flush or invalidate the buffer before a transfer"
        if self.receives:
            self.device.waiting = buffer
        else:
            self.device.move(buffer)

    @property
    def idle(self):
        return not (self.receives and self.device.failed)

    def stop(self):
        self.device.failed = False

    def start(self):
        self.restarts += 1


class Buffer(np.ndarray):
    clean = False
    count = 0

    def flush(self):
        self.clean = True

    invalidate = flush

    def freebuffer(self):
        Buffer.count -= 1


def allocate(shape, dtype):
    Buffer.count += 1
    return np.full(shape, 77, dtype).view(Buffer)


class DefaultIP:
    """As pynq's: classes are bound by the VLNVs of `bindto`; read and write go to the description's MMIO."""

    bound = {}

    def __init_subclass__(cls, **other):
        super().__init_subclass__(**other)
        for name in cls.bindto:
            DefaultIP.bound[name] = cls

    def __init__(self, description):
        self.mmio = description["device"]

    def read(self, offset=0):
        return self.mmio.read(offset)

    def write(self, offset, value):
        assert isinstance(value, int) and 0 <= value < 2**32, value
        self.mmio.write(offset, value)


def driver_module():
    sys.modules["pynq"] = types.SimpleNamespace(DefaultIP=DefaultIP, allocate=allocate)
    spec = importlib.util.spec_from_file_location("erngen_pynq", DRIVER / "erngen_pynq.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Pynq(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = pathlib.Path(directory.name)
        self.random = random.Random(5)
        self.module = driver_module()

    def frames(self, *shape):
        return np.array([self.random.uniform(-2, 2) for _ in range(int(np.prod(shape)))], np.float32).reshape(shape)

    def core(self, design):
        self.module.bind(design.directory)
        device = Device(design)
        core = DefaultIP.bound[design.vlnv()]({"device": device})
        core.attach(types.SimpleNamespace(sendchannel=Channel(device, False), recvchannel=Channel(device, True)))
        return core, device

    def expected(self, captures, x, name):
        return np.array(model(captures, x.ravel().tolist(), [len(x)], name), np.float32).reshape(len(x), -1)

    def test_sequences(self):
        """Transfers are sequences of two streams: arrays and lists, another network, states, errors."""
        captures = Captures(self.path, "amp", "--cell lstm --input 3 --hidden 6 --dense 2 --block 2 --peephole", 2)
        design = captures.generate("amp", *SHAPE, *DMA, "--streams", 2, "--loadable", "constants")
        core, device = self.core(design)
        self.assertEqual(device.writes, 0)
        x = self.frames(3, 5, 3)
        y = np.stack([self.expected(captures, s, "amp0.q") for s in x])
        np.testing.assert_array_equal(core.predict(x), y)
        np.testing.assert_array_equal(core.predict(x[0], stream=1), y[0])
        for got, wanted in zip(core.predict([x[0], x[1][:2]]), (y[0], y[1][:2])):
            np.testing.assert_array_equal(got, wanted)
        captures.command("weights", "amp1.q", "--for", "amp", "-o", "amp1.ern")
        core.load(self.path / "amp1.ern")
        np.testing.assert_array_equal(core.predict(x[2]), self.expected(captures, x[2], "amp1.q"))
        data = bytearray((self.path / "amp1.ern").read_bytes())
        data[100] ^= 1
        before = device.writes
        self.assertRaisesRegex(ValueError, "damaged", core.load, data)
        self.assertEqual(device.writes, before)
        core.irq_clear(7)
        core.irq_frames(2)
        core.predict(x[0][:2])
        self.assertEqual(core.irq_causes(), self.module.IRQ_SEQUENCE | self.module.IRQ_FRAMES)
        for wrong in (np.zeros((4, 2)), np.full((4, 3), np.nan), np.zeros(3)):
            self.assertRaises(ValueError, core.predict, wrong)
        self.assertRaisesRegex(ValueError, "stream 2", core.predict, x[0], 2)
        core.timeout = 0.01
        device.library.erngen_host_lose_beat(device.host)
        self.assertRaisesRegex((self.module.DeviceError, TimeoutError), "dropped|finished", core.predict, x[0])
        self.assertGreater(core._receive.restarts, 0)
        core.reset()
        core.clear_errors()
        np.testing.assert_array_equal(core.predict(x[0]), self.expected(captures, x[0], "amp1.q"))
        self.assertEqual(Buffer.count, 0)
        core.manifest["configuration"] = "00000001"
        self.assertRaisesRegex(self.module.DeviceError, "nothing was written", type(core), {"device": device})

    def test_frames(self):
        """A sequence that the register ends, in parts, with its state saved and restored between them; bytes."""
        captures = Captures(self.path, "gru", "--cell gru --input 5 --hidden 6 --block 2", 1, (8, 8))
        design = captures.generate("gru", *SHAPE, "--stream-width", 32, "--elements", "bytes", "--sequence-end", "register", "--stream-by",
                                   "register", "--input-tlast", "none")
        core, _ = self.core(design)
        x = self.frames(7, 5)
        y = self.expected(captures, x, "gru0.q")
        np.testing.assert_array_equal(core.predict(x), y)
        raw = core.to_fixed(x)
        first = core.run(raw[:3], ends=False)
        saved = core.save_state()
        core.run(raw[:2], ends=False)
        core.restore_state(saved)
        got = np.concatenate([first, core.run(raw[3:])]) * 2.0 ** -design.output["fraction"]
        np.testing.assert_array_equal(got.astype(np.float32), y)
        self.assertGreater(core.cycles(), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
