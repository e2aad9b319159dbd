/* Registers in the address space, and AXI DMA in simple mode: see erngen_mapped.h. */
#include "erngen_mapped.h"

#define TRY(call)                          \
  do {                                     \
    const erngen_result try_ = (call);     \
    if (try_ != ERNGEN_OK) return try_;    \
  } while (0)

/* Word numbers of AXI DMA's registers (PG021): of each direction control, status, address, its high word, length. */
enum { DMA_TO_DEVICE = 0x00 / 4, DMA_FROM_DEVICE = 0x30 / 4 };
enum { DMA_CONTROL = 0x00 / 4, DMA_STATUS = 0x04 / 4, DMA_ADDRESS = 0x18 / 4, DMA_ADDRESS_HIGH = 0x1c / 4, DMA_LENGTH = 0x28 / 4 };
enum { DMA_RUN = 0x01, DMA_RESET = 0x04, DMA_IDLE = 0x02, DMA_ERRORS = 0x70 };

static erngen_result read_register(void *context, uint32_t address, uint32_t *value) {
  *value = ((erngen_mapped *)context)->registers[address / 4];
  return ERNGEN_OK;
}

static erngen_result write_register(void *context, uint32_t address, uint32_t value) {
  ((erngen_mapped *)context)->registers[address / 4] = value;
  return ERNGEN_OK;
}

static uint32_t ticks_of(void *context) { return ((erngen_mapped *)context)->ticks(); }

typedef struct {
  uint32_t begin, polls;
} dma_wait;

static int dma_late(const erngen_mapped *m, dma_wait *w) {
  return (m->ticks ? m->ticks() - w->begin : ++w->polls) > m->timeout;
}

/* A reset of either direction resets both. */
static erngen_result reset_dma(const erngen_mapped *m) {
  dma_wait w = {0, 0};
  if (m->ticks) w.begin = m->ticks();
  m->dma[DMA_TO_DEVICE + DMA_CONTROL] = DMA_RESET;
  while (m->dma[DMA_TO_DEVICE + DMA_CONTROL] & DMA_RESET)
    if (dma_late(m, &w)) return ERNGEN_TIMEOUT;
  return ERNGEN_OK;
}

static erngen_result begin_dma(const erngen_mapped *m, unsigned side, uint64_t address, size_t bytes) {
  volatile uint32_t *const at = m->dma + side;
  const uint32_t bits = m->dma_length_bits ? m->dma_length_bits : 26;
  if (bytes >> bits) return ERNGEN_TOO_LARGE;
  at[DMA_CONTROL] = DMA_RUN;
  at[DMA_ADDRESS] = (uint32_t)(address & 0xffffffffu);
  at[DMA_ADDRESS_HIGH] = (uint32_t)(address >> 32);
  at[DMA_LENGTH] = (uint32_t)bytes; /* starts it */
  return ERNGEN_OK;
}

static erngen_result end_dma(const erngen_mapped *m, unsigned side, dma_wait *w) {
  for (;;) {
    const int late = dma_late(m, w);
    const uint32_t status = m->dma[side + DMA_STATUS];
    if (status & DMA_ERRORS) return ERNGEN_TRANSFER;
    if (status & DMA_IDLE) return ERNGEN_OK;
    if (late) return ERNGEN_TIMEOUT;
  }
}

static erngen_result move(const erngen_mapped *m, const erngen_transfer *t) {
  dma_wait w = {0, 0};
  if (m->flush) m->flush(t->input, t->input_bytes);
  if (t->output_bytes) {
    if (m->invalidate) m->invalidate(t->output, t->output_bytes); /* no dirty line may be written back over what arrives */
    TRY(begin_dma(m, DMA_FROM_DEVICE, m->output_address, t->output_bytes));
  }
  TRY(begin_dma(m, DMA_TO_DEVICE, m->input_address, t->input_bytes));
  if (m->ticks) w.begin = m->ticks();
  TRY(end_dma(m, DMA_TO_DEVICE, &w));
  if (!t->output_bytes) return ERNGEN_OK;
  TRY(end_dma(m, DMA_FROM_DEVICE, &w));
  if (m->invalidate) m->invalidate(t->output, t->output_bytes);
  return ERNGEN_OK;
}

static erngen_result transfer_frames(void *context, const erngen_transfer *t) {
  const erngen_mapped *m = (const erngen_mapped *)context;
  const erngen_result result = move(m, t);
  if (result != ERNGEN_OK) (void)reset_dma(m); /* what failed must not meet the next transfer */
  return result;
}

erngen_port erngen_mapped_port(erngen_mapped *mapped) {
  erngen_port port = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  port.context = mapped;
  port.read = read_register;
  port.write = write_register;
  if (mapped->dma) port.transfer = transfer_frames;
  if (mapped->ticks) port.now = ticks_of;
  port.timeout = mapped->timeout;
  port.input = mapped->input;
  port.output = mapped->output;
  port.input_bytes = mapped->input_bytes;
  port.output_bytes = mapped->output_bytes;
  return port;
}
