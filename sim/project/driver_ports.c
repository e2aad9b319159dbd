/* The ports for AXI DMA and Linux: driver_ports mapped|uio DIRECTORY x.f32 y.f32 FRAMES. The DMA's registers are memory that the model looks after when the
 * driver asks for the time; behind them is the Verilated design. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "design_under_test.h" /* DESIGN */
#include "erngen_host.h"
#include "erngen_uio.h"

#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))
static void fail(const char *what, int line) {
  fprintf(stderr, "line %d: %s\n", line, what);
  exit(1);
}

/* AXI DMA in simple mode, PG021: word numbers. */
enum { CONTROL = 0, STATUS = 1, ADDRESS = 6, HIGH = 7, LENGTH = 10, SIDE = 12, WORDS = 1024 };
enum { PHYSICAL_IN = 0x10000000, PHYSICAL_OUT = 0x20000000 };

static erngen_host *host;
static erngen_port host_port;
static volatile uint32_t *dma;
static void *memory_in, *memory_out;
static int silent, broken;

static void idle_dma(void) {
  dma[STATUS] = dma[SIDE + STATUS] = 1; /* halted */
  dma[LENGTH] = dma[SIDE + LENGTH] = 0;
}

/* Looks after the registers once. A length that is written starts its side; the design answers when both have one. */
static void serve_dma(void) {
  if (dma[CONTROL] & 4) {
    idle_dma();
    dma[CONTROL] = dma[SIDE + CONTROL] = 0;
  }
  if (dma[LENGTH] && dma[SIDE + LENGTH] && !silent) {
    erngen_transfer t = {0, 0, 0, 0, 0, 0, 0};
    CHECK((dma[CONTROL] & 1) && (dma[SIDE + CONTROL] & 1) && dma[ADDRESS] == PHYSICAL_IN && dma[SIDE + ADDRESS] == PHYSICAL_OUT);
    t.input = memory_in;
    t.output = memory_out;
    t.input_bytes = dma[LENGTH];
    t.output_bytes = dma[SIDE + LENGTH];
    CHECK(host_port.transfer(host, &t) == ERNGEN_OK);
    dma[LENGTH] = dma[SIDE + LENGTH] = 0;
    dma[STATUS] = 2; /* idle */
    dma[SIDE + STATUS] = broken ? 0x10 : 2;
  } else if (dma[LENGTH] || dma[SIDE + LENGTH]) {
    dma[dma[LENGTH] ? STATUS : SIDE + STATUS] = 0; /* running */
  }
}

static uint32_t count_and_serve(void) {
  static uint32_t ticks;
  serve_dma();
  return ++ticks;
}

static float *read_floats(const char *name, size_t count) {
  float *values = (float *)malloc(count * sizeof *values);
  FILE *file = fopen(name, "rb");
  CHECK(values && file && fread(values, sizeof *values, count, file) == count);
  fclose(file);
  return values;
}

static void predict(erngen *device, char **words) {
  const erngen_design *design = device->design;
  const uint32_t frames = (uint32_t)atoi(words[2]);
  float *x = read_floats(words[0], frames * design->input.size);
  float *y = (float *)calloc(frames * design->output.size, sizeof *y);
  FILE *file = fopen(words[1], "wb");
  CHECK(erngen_predict(device, 0, x, frames, y) == ERNGEN_OK && file);
  CHECK(fwrite(y, sizeof *y * design->output.size, frames, file) == frames);
  fclose(file);
  free(x);
  free(y);
}

static erngen_result host_read(void *context, uint32_t address, uint32_t *value) {
  (void)context;
  return host_port.read(host, address, value);
}
static erngen_result host_write(void *context, uint32_t address, uint32_t value) {
  (void)context;
  return host_port.write(host, address, value);
}

static void test_mapped(char **words) {
  static uint32_t registers[WORDS];
  static uint8_t in[4096], out[4096];
  static uint32_t plain[2] = {0, 7};
  erngen_mapped mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  erngen_port port;
  erngen device;
  float x[64] = {0}, y[64];
  uint32_t value = 0;
  CHECK(DESIGN.input.size <= 64 && DESIGN.output.size <= 64);
  dma = registers;
  idle_dma();
  memory_in = in, memory_out = out;
  mapped.registers = plain;
  CHECK(!erngen_mapped_port(&mapped).transfer); /* registers only */
  CHECK(erngen_mapped_port(&mapped).read(&mapped, 4, &value) == ERNGEN_OK && value == 7);
  mapped.dma = registers;
  mapped.dma_length_bits = 14;
  mapped.input = in, mapped.output = out;
  mapped.input_address = PHYSICAL_IN, mapped.output_address = PHYSICAL_OUT;
  mapped.input_bytes = sizeof in, mapped.output_bytes = sizeof out;
  mapped.ticks = count_and_serve;
  mapped.timeout = 1000;
  port = erngen_mapped_port(&mapped);
  port.read = host_read; /* the design's registers answer, the DMA's are memory */
  port.write = host_write;
  CHECK(erngen_open(&device, &DESIGN, &port) == ERNGEN_OK);
  predict(&device, words);
  silent = 1;
  CHECK(erngen_run_float(&device, 0, x, 1, y, 0) == ERNGEN_TIMEOUT);
  CHECK(!(registers[CONTROL] & 4) && !registers[LENGTH] && !registers[SIDE + LENGTH]); /* the DMA was reset */
  silent = 0, broken = 1;
  CHECK(erngen_run_float(&device, 0, x, 1, y, 0) == ERNGEN_TRANSFER);
  broken = 0;
  mapped.dma_length_bits = 1;
  CHECK(erngen_run_float(&device, 0, x, 1, y, 0) == ERNGEN_TOO_LARGE);
  CHECK(erngen_run_float(&device, DESIGN.streams, x, 1, y, 0) == ERNGEN_BAD_ARGUMENT);
}

static void test_uio(const char *directory, char **words) {
  char devices[256], classes[256];
  const char *failed = NULL;
  erngen_uio_names names = {"uio0", "uio1", "udmabuf0", "udmabuf1", NULL, NULL, 14, 2000};
  erngen_uio uio;
  erngen_port port;
  erngen device;
  volatile uint32_t *registers;
  snprintf(devices, sizeof devices, "%s/dev", directory);
  snprintf(classes, sizeof classes, "%s/class", directory);
  names.devices = devices;
  names.classes = classes;
  names.output = "udmabuf7";
  CHECK(erngen_uio_open(&uio, &names, &failed) == ERNGEN_REFUSED && !strcmp(failed, "udmabuf7"));
  names.output = NULL;
  CHECK(erngen_uio_open(&uio, &names, &failed) == ERNGEN_BAD_ARGUMENT);
  names.output = "udmabuf1";
  CHECK(erngen_uio_open(&uio, &names, &failed) == ERNGEN_OK && !failed);
  CHECK(uio.mapped.timeout == 2000000 && uio.mapped.ticks() != 0);
  uio.mapped.ticks = count_and_serve;
  port = erngen_uio_port(&uio);
  registers = uio.mapped.registers;
  CHECK(erngen_open(&device, &DESIGN, &port) == ERNGEN_OTHER_DESIGN);
  registers[ERNGEN_AT_CONFIGURATION / 4] = DESIGN.configuration;
  CHECK(erngen_open(&device, &DESIGN, &port) == ERNGEN_OK);
  CHECK(uio.mapped.input_bytes == 8192 && uio.mapped.output_bytes == 4096);
  dma = uio.mapped.dma;
  memory_in = uio.mapped.input, memory_out = uio.mapped.output;
  idle_dma();
  predict(&device, words); /* the design's registers are a file: what is written lies there */
  CHECK(registers[ERNGEN_AT_CONTROL / 4] == ERNGEN_CONTROL_COUNT_FRAMES && registers[ERNGEN_AT_STATE_CLEAR / 4] == 1);
  erngen_uio_close(&uio);
}

int main(int count, char **words) {
  CHECK(count == 6);
  host = erngen_host_start(4096);
  host_port = erngen_host_port(host);
  if (!strcmp(words[1], "mapped"))
    test_mapped(words + 3);
  else
    test_uio(words[2], words + 3);
  erngen_host_stop(host);
  return 0;
}
