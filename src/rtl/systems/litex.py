"""erngen_accelerator as a module for LiteX, made by erngen: the core, its registers on the SoC's bus, a DMA in each direction, its interrupt.

    sys.path.append("DIR/litex")
    import erngen_accelerator_litex as accelerator
    accelerator.add_to(soc, "erngen")                # in a SoCCore; CSRs CSR_ERNGEN_*, registers at ERNGEN_BASE

A transfer of the reader is a sequence of frames, each padded to whole beats, element 0 first, little-endian; the writer's is what comes back. The
lengths are whole words of the SoC's bus. The registers are those of software/erngen_accelerator_registers.h.
"""
import pathlib

from migen import ClockSignal, Instance, ResetSignal, Signal

from litex.gen import LiteXModule
from litex.soc.cores.dma import WishboneDMAReader, WishboneDMAWriter
from litex.soc.integration.soc import SoCRegion
from litex.soc.interconnect import axi, stream, wishbone
from litex.soc.interconnect.csr_eventmanager import EventManager, EventSourceLevel, EventSourceProcess

# design: begin
NAME = "erngen_accelerator"
INPUT_BITS, OUTPUT_BITS = 32, 32
PORTS = ("s_axis_tlast", "m_axis_tkeep")  # of those that not every design has
TRANSFER_ENDS_WITH_SEQUENCE = True  # else with its length alone, as those of several streams that take turns
# design: end

DIRECTORY = pathlib.Path(__file__).resolve().parent.parent
REGISTERS_SIZE = 0x10000


class Accelerator(LiteXModule):
    """The core with `bus` (AXI4-Lite, its registers), `reader.bus` and `writer.bus` (Wishbone masters) and the events `ev.accelerator` (level, see
    INTERRUPT_STATUS), `ev.reader` and `ev.writer` (a transfer is done)."""

    def __init__(self, platform, data_width=32, address_width=32, fifo_depth=16):
        for side, bits in (("input", INPUT_BITS), ("output", OUTPUT_BITS)):
            if max(bits, data_width) % min(bits, data_width):
                raise ValueError(f"{NAME}: an {side} of {bits} bits on a bus of {data_width}: erngen generate --stream-width {data_width}")
        for line in (DIRECTORY / "rtl/files.f").read_text().split():
            platform.add_source(str(DIRECTORY / line))

        self.bus = bus = axi.AXILiteInterface(data_width=32, address_width=32)
        self.irq = irq = Signal()

        def master():
            return wishbone.Interface(data_width=data_width, address_width=address_width, addressing="word")

        # "big": words pass as they are; LiteX calls a swap of bytes "little".
        self.reader = WishboneDMAReader(master(), endianness="big", fifo_depth=fifo_depth, with_csr=True)
        self.input = stream.Converter(data_width, INPUT_BITS)
        self.comb += self.reader.source.connect(self.input.sink)

        # An idle writer takes nothing, so that what comes early waits.
        self.writer = WishboneDMAWriter(master(), endianness="big")
        self.writer.add_ctrl(ready_on_idle=0)
        self.writer.add_csr()
        self.output = stream.Converter(OUTPUT_BITS, data_width)
        self.comb += self.output.source.connect(self.writer.sink, omit=set() if TRANSFER_ENDS_WITH_SEQUENCE else {"last"})

        self.ev = EventManager()
        self.ev.accelerator = EventSourceLevel(description=f"INTERRUPT_STATUS of {NAME} is not 0.")
        self.ev.reader = EventSourceProcess(edge="rising", description="The reader's transfer is done.")
        self.ev.writer = EventSourceProcess(edge="rising", description="The writer's transfer is done.")
        self.ev.finalize()
        self.comb += [self.ev.accelerator.trigger.eq(irq), self.ev.reader.trigger.eq(self.reader.done), self.ev.writer.trigger.eq(self.writer.done)]

        optional = {"s_axis_tlast": ("i", self.input.source.last), "m_axis_tkeep": ("o", Signal(OUTPUT_BITS // 8))}
        self.specials += Instance(
            NAME,
            p_IMAGE_DIR=str(DIRECTORY / "images"),
            i_aclk=ClockSignal(),
            i_aresetn=~ResetSignal(),
            # frames
            i_s_axis_tvalid=self.input.source.valid,
            o_s_axis_tready=self.input.source.ready,
            i_s_axis_tdata=self.input.source.data,
            o_m_axis_tvalid=self.output.sink.valid,
            i_m_axis_tready=self.output.sink.ready,
            o_m_axis_tdata=self.output.sink.data,
            o_m_axis_tlast=self.output.sink.last,
            **{f"{optional[port][0]}_{port}": optional[port][1] for port in PORTS},
            # registers
            i_s_axi_awvalid=bus.aw.valid,
            o_s_axi_awready=bus.aw.ready,
            i_s_axi_awaddr=bus.aw.addr[:16],
            i_s_axi_awprot=0,
            i_s_axi_wvalid=bus.w.valid,
            o_s_axi_wready=bus.w.ready,
            i_s_axi_wdata=bus.w.data,
            i_s_axi_wstrb=bus.w.strb,
            o_s_axi_bvalid=bus.b.valid,
            i_s_axi_bready=bus.b.ready,
            o_s_axi_bresp=bus.b.resp,
            i_s_axi_arvalid=bus.ar.valid,
            o_s_axi_arready=bus.ar.ready,
            i_s_axi_araddr=bus.ar.addr[:16],
            i_s_axi_arprot=0,
            o_s_axi_rvalid=bus.r.valid,
            i_s_axi_rready=bus.r.ready,
            o_s_axi_rdata=bus.r.data,
            o_s_axi_rresp=bus.r.resp,
            o_irq=irq,
        )


def add_to(soc, name=NAME, origin=None):
    """Adds the accelerator to a SoC: registers at `origin` or where there is room among what is not cached, both DMAs as masters, the interrupt."""
    accelerator = Accelerator(soc.platform, soc.bus.data_width, soc.bus.address_width)
    soc.add_module(name, accelerator)
    soc.bus.add_slave(name, accelerator.bus, SoCRegion(origin=origin, size=REGISTERS_SIZE, cached=False))
    soc.bus.add_master(f"{name}_reader", accelerator.reader.bus)
    soc.bus.add_master(f"{name}_writer", accelerator.writer.bus)
    if soc.irq.enabled:
        soc.irq.add(name, use_loc_if_exists=True)
    return accelerator
