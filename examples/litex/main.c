/* The accelerator hears the recordings of recordings.h: their features go to it by one DMA, its outputs come back by the other, the interrupt says when
   a sequence is done. With SECOND_NETWORK another network of the same shape is loaded between two of them, and the first one again. What was heard goes
   to the UART. The driver is that of the design's directory software. */
#include <stdint.h>

#include <generated/csr.h>
#include <generated/mem.h>
#include <generated/soc.h>
#include <irq.h>
#include <system.h>

#include "digits_design.h"
#include "recordings.h"

enum { ELEMENTS = OUTPUT_ELEMENTS, FRAME_WORDS = OUTPUT_WORDS };

static uint32_t outputs[MOST_FRAMES * FRAME_WORDS];
static volatile uint32_t causes; /* of the interrupts since the last transfer began */
static erngen device;

/* --- the way to the accelerator: registers on the bus, LiteX's DMAs ---------- */

static erngen_result get(void* context, uint32_t address, uint32_t* value) {
  (void)context;
  *value = *(volatile uint32_t*)(DIGITS_BASE + address);
  return ERNGEN_OK;
}

static erngen_result set(void* context, uint32_t address, uint32_t value) {
  (void)context;
  *(volatile uint32_t*)(DIGITS_BASE + address) = value;
  return ERNGEN_OK;
}

/* LiteX's crt0.S calls it for every interrupt. */
void isr(void) {
  uint32_t now = 0;
  if (erngen_irq_causes(&device, &now) == ERNGEN_OK) erngen_irq_clear(&device, now);
  causes |= now;
}

/* A sequence in, and what it gives back: done when the interrupt has come and all words lie in memory. */
static erngen_result transfer(void* context, const erngen_transfer* frames) {
  (void)context;
  causes = 0;
  digits_writer_base_write((uintptr_t)frames->output);
  digits_writer_length_write(frames->output_bytes);
  digits_writer_enable_write(1);
  digits_reader_base_write((uintptr_t)frames->input);
  digits_reader_length_write(frames->input_bytes);
  digits_reader_enable_write(1);
  while (!causes) {
  }
  while (!(causes & ERNGEN_IRQ_ERROR) && !digits_writer_done_read()) {
  }
  digits_reader_enable_write(0);
  digits_writer_enable_write(0);
  flush_cpu_dcache();
  return causes & ERNGEN_IRQ_ERROR ? ERNGEN_TRANSFER : ERNGEN_OK;
}

static const erngen_port port = {.read = get, .write = set, .transfer = transfer, .timeout = 1000000, .abilities = ERNGEN_PORT_COUNTS_OUTPUT};

/* --- the UART ------------------------------------------------------------------ */

static void put(char c) {
  while (uart_txfull_read()) {
  }
  uart_rxtx_write(c);
}

static void text(const char* s) {
  while (*s) put(*s++);
}

static void number(uint32_t value) {
  if (value >= 10) number(value / 10);
  put((char)('0' + value % 10));
}

/* --- what was heard -------------------------------------------------------------- */

/* Prints the best class of each frame, repetitions merged and class 0 (nothing said) left out; returns the CRC-32 of IEEE 802.3 of the outputs
   without the padding of frames, each element in four bytes. */
static uint32_t print_digits(unsigned frames) {
  uint32_t crc = ~0u;
  unsigned before = 0;
  for (unsigned f = 0; f < frames; ++f) {
    int32_t values[ELEMENTS];
    erngen_unpack(&digits_design.output, &outputs[f * FRAME_WORDS], values);
    unsigned best = 0;
    for (unsigned n = 0; n < ELEMENTS; ++n) {
      if (values[n] > values[best]) best = n;
      crc ^= (uint32_t)values[n];
      for (int bit = 0; bit < 32; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    if (best != before && best != 0) {
      put(' ');
      put(labels[best]);
    }
    before = best;
  }
  return ~crc;
}

static erngen_result recognise(const struct recording* r, const char* network) {
  const erngen_transfer frames = {r->words, r->frames * INPUT_WORDS * 4, outputs, r->frames * FRAME_WORDS * 4, 0, r->frames, 1};
  uint64_t begin, end;
  erngen_result result = erngen_cycles(&device, &begin);
  if (result == ERNGEN_OK) result = transfer(0, &frames);
  if (result == ERNGEN_OK) result = erngen_cycles(&device, &end);
  if (result != ERNGEN_OK) return result;
  text(r->name);
  text(network);
  put(':');
  const uint32_t crc = print_digits(r->frames);
  text("\n  ");
  number(r->frames);
  text(" frames in ");
  number((uint32_t)(end - begin));
  text(" cycles, outputs' CRC ");
  number(crc);
  text("\n");
  return ERNGEN_OK;
}

static erngen_result run(void) {
  erngen_result result = erngen_open(&device, &digits_design, &port);
  if (result == ERNGEN_OK) result = erngen_irq_enable(&device, ERNGEN_IRQ_SEQUENCE | ERNGEN_IRQ_ERROR);
  digits_ev_enable_write(1u << CSR_DIGITS_EV_ENABLE_ACCELERATOR_OFFSET);
  irq_setmask(1u << DIGITS_INTERRUPT);
  irq_setie(1);
  for (unsigned n = 0; result == ERNGEN_OK && n < sizeof recordings / sizeof *recordings; ++n) result = recognise(&recordings[n], "");
#ifdef SECOND_NETWORK
  if (result == ERNGEN_OK) result = erngen_load(&device, second_network, sizeof second_network);
  if (result == ERNGEN_OK) result = recognise(&recordings[0], ", second network");
  if (result == ERNGEN_OK) result = erngen_load(&device, first_network, sizeof first_network);
  if (result == ERNGEN_OK) result = recognise(&recordings[0], ", first network again");
#endif
  return result;
}

int main(void) {
  const erngen_result result = run();
  text(result == ERNGEN_OK ? "done" : erngen_message(result));
  text("\n");
#ifdef CSR_SIM_FINISH_BASE
  while (!uart_txempty_read()) {
  }
  sim_finish_finish_write(1);
#endif
  for (;;) {
  }
}
