/* The accelerator hears the recordings of recordings.h: their features go to it by one DMA, its outputs come back by the other, the interrupt says when
   a sequence is done. What was heard goes to the UART. */
#include <stdint.h>

#include <generated/csr.h>
#include <generated/mem.h>
#include <generated/soc.h>
#include <irq.h>
#include <system.h>

#include "digits_registers.h"
#include "recordings.h"

enum {
  ELEMENTS_PER_WORD = 32 / DIGITS_OUTPUT_ELEMENT_BITS,
  OUTPUT_WORDS = (DIGITS_OUTPUT_SIZE + DIGITS_OUTPUT_BEAT_ELEMENTS - 1) / DIGITS_OUTPUT_BEAT_ELEMENTS * DIGITS_OUTPUT_BEAT_ELEMENTS / ELEMENTS_PER_WORD
};

static volatile uint32_t outputs[MOST_FRAMES * OUTPUT_WORDS];
static volatile uint32_t causes; /* of the interrupts so far */

static uint32_t get(uint32_t reg) { return *(volatile uint32_t*)(DIGITS_BASE + reg); }
static void set(uint32_t reg, uint32_t value) { *(volatile uint32_t*)(DIGITS_BASE + reg) = value; }

/* LiteX's crt0.S calls it for every interrupt. */
void isr(void) {
  causes |= get(DIGITS_INTERRUPT_CAUSE);
  set(DIGITS_INTERRUPT_CAUSE, causes);
}

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

static int32_t element(unsigned frame, unsigned n) {
  const uint32_t word = outputs[frame * OUTPUT_WORDS + n / ELEMENTS_PER_WORD];
  const unsigned up = 32u - DIGITS_OUTPUT_ELEMENT_BITS * (n % ELEMENTS_PER_WORD + 1u);
  return (int32_t)(word << up) >> (32u - DIGITS_OUTPUT_ELEMENT_BITS);
}

/* CRC-32 of IEEE 802.3 of the outputs without the padding of frames, each element in four bytes. */
static uint32_t checksum(unsigned frames) {
  uint32_t crc = ~0u;
  for (unsigned f = 0; f < frames; ++f)
    for (unsigned n = 0; n < DIGITS_OUTPUT_SIZE; ++n) {
      crc ^= (uint32_t)element(f, n);
      for (int bit = 0; bit < 32; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
  return ~crc;
}

/* The best class of each frame, repetitions merged, class 0 (nothing said) removed. */
static void print_digits(unsigned frames) {
  unsigned before = 0;
  for (unsigned f = 0; f < frames; ++f) {
    unsigned best = 0;
    for (unsigned n = 1; n < DIGITS_OUTPUT_SIZE; ++n)
      if (element(f, n) > element(f, best)) best = n;
    if (best != before && best != 0) {
      put(' ');
      put(labels[best]);
    }
    before = best;
  }
}

static int recognise(const struct recording* r) {
  const uint32_t begin = get(DIGITS_CYCLES);
  causes = 0;
  digits_writer_base_write((uintptr_t)outputs);
  digits_writer_length_write(r->frames * OUTPUT_WORDS * 4);
  digits_writer_enable_write(1);
  digits_reader_base_write((uintptr_t)r->words);
  digits_reader_length_write(r->frames * INPUT_WORDS * 4);
  digits_reader_enable_write(1);
  while (!causes) {
  }
  while (!digits_writer_done_read()) {
  }
  const uint32_t cycles = get(DIGITS_CYCLES) - begin;
  digits_reader_enable_write(0);
  digits_writer_enable_write(0);
  flush_cpu_dcache();

  text(r->name);
  put(':');
  print_digits(r->frames);
  text("\n  ");
  number(r->frames);
  text(" frames in ");
  number(cycles);
  text(" cycles, outputs' CRC ");
  number(checksum(r->frames));
  text("\n");
  return causes == DIGITS_INTERRUPT_CAUSE_SEQUENCE;
}

int main(void) {
  int right = get(DIGITS_CONFIGURATION) == DIGITS_CONFIGURATION_HASH;
  set(DIGITS_INTERRUPT_ENABLE, DIGITS_INTERRUPT_CAUSE_SEQUENCE | DIGITS_INTERRUPT_CAUSE_ERROR);
  digits_ev_enable_write(1u << CSR_DIGITS_EV_ENABLE_ACCELERATOR_OFFSET);
  irq_setmask(1u << DIGITS_INTERRUPT);
  irq_setie(1);
  for (unsigned n = 0; right && n < sizeof recordings / sizeof *recordings; ++n) right = recognise(&recordings[n]);
  text(right ? "done\n" : "failed\n");
#ifdef CSR_SIM_FINISH_BASE
  while (!uart_txempty_read()) {
  }
  sim_finish_finish_write(1);
#endif
  for (;;) {
  }
}
