/* What driver_test.py does with the driver and the Verilated design: driver_program COMMAND [FILE...]. Prints what fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "design_under_test.h" /* DESIGN */
#include "erngen_host.h"

static const erngen_design *const design = &DESIGN;
static erngen_host *host;
static erngen device;

static void fail(const char *what, int line) {
  fprintf(stderr, "line %d: %s\n", line, what);
  exit(1);
}
#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))
#define OK(call) ok(call, #call, __LINE__)
static void ok(erngen_result result, const char *what, int line) {
  if (result == ERNGEN_OK) return;
  fprintf(stderr, "line %d: %s: %s\n", line, what, erngen_message(result));
  exit(1);
}

static void *read_all(const char *name, size_t *bytes) {
  FILE *file = fopen(name, "rb");
  void *data;
  CHECK(file);
  fseek(file, 0, SEEK_END);
  *bytes = (size_t)ftell(file);
  rewind(file);
  data = malloc(*bytes + 1);
  CHECK(data && fread(data, 1, *bytes, file) == *bytes);
  fclose(file);
  return data;
}

/* x.f32 y.f32 LENGTH...: sequences one after another, in streams 0, 1, ... */
static void predict(int count, char **words) {
  size_t bytes, at = 0, back = 0;
  float *x = (float *)read_all(words[0], &bytes);
  const size_t frames = bytes / sizeof *x / design->input.size;
  float *y = (float *)calloc(frames * design->output.size, sizeof *y);
  FILE *file = fopen(words[1], "wb");
  int n;
  for (n = 2; n < count; ++n) {
    const uint32_t length = (uint32_t)atoi(words[n]);
    const uint32_t stream = design->stream_by == ERNGEN_BY_TURNS ? 0 : (uint32_t)(n - 2) % design->streams;
    OK(erngen_predict(&device, stream, x + at * design->input.size, length, y + back * design->output.size));
    at += length;
    back += erngen_output_frames(design, length, 1);
  }
  CHECK(at == frames && file);
  CHECK(fwrite(y, sizeof *y * design->output.size, back, file) == back);
  fclose(file);
  free(x);
  free(y);
}

/* The same with whole sequences. */
static void sequences(int count, char **words) {
  size_t bytes, at = 0, back = 0;
  float *x = (float *)read_all(words[0], &bytes);
  const size_t frames = bytes / sizeof *x / design->features;
  float *y = (float *)calloc(frames * design->results, sizeof *y);
  int32_t *outputs = (int32_t *)calloc(frames * design->output.size, sizeof *outputs);
  FILE *file = fopen(words[1], "wb");
  int n;
  CHECK(erngen_predict(&device, 0, x, 1, y) == ERNGEN_UNSUPPORTED);
  for (n = 2; n < count; ++n) {
    const uint32_t length = (uint32_t)atoi(words[n]);
    OK(erngen_predict_sequence(&device, (uint32_t)(n - 2) % design->streams, x + at * design->features, length,
                               y + back * design->results, outputs));
    at += length;
    back += erngen_output_frames(design, length, 1);
  }
  CHECK(at == frames && file);
  CHECK(fwrite(y, sizeof *y * design->results, back, file) == back);
  fclose(file);
  free(x);
  free(y);
  free(outputs);
}

/* FILE: predict as above after a load. */
static void load(const char *name) {
  size_t bytes;
  void *data = read_all(name, &bytes);
  OK(erngen_load(&device, data, bytes));
  free(data);
}

/* A sequence in pieces, with its state saved, spoiled and restored between them: the words of the whole. */
static void states(void) {
  enum { FRAMES = 6 };
  const size_t in = design->input.size, out = design->output.size;
  int32_t *x = (int32_t *)calloc(FRAMES * in, sizeof *x), *whole = (int32_t *)calloc(FRAMES * out, sizeof *x),
          *part = (int32_t *)calloc(FRAMES * out, sizeof *x);
  const size_t words = erngen_saved_words(design, design->streams - 1);
  int32_t *saved = (int32_t *)calloc(words, sizeof *saved), *again = (int32_t *)calloc(words, sizeof *saved);
  const uint32_t stream = design->streams - 1;
  uint32_t n, computed = 0, dropped = 0;
  uint64_t cycles = 0;
  for (n = 0; n < FRAMES * in; ++n) x[n] = (int32_t)(n * 2654435761u >> 8) % (1 << (design->input.width - 1));
  OK(erngen_run(&device, stream, x, FRAMES, whole, 1));
  OK(erngen_run(&device, stream, x, 2, part, 0));
  OK(erngen_save(&device, stream, saved));
  OK(erngen_run(&device, stream, x, 3, part + 2 * out, 0)); /* other frames: the state is another one */
  OK(erngen_save(&device, stream, again));
  CHECK(memcmp(saved, again, words * sizeof *saved) != 0);
  OK(erngen_restore(&device, stream, saved));
  OK(erngen_save(&device, stream, again));
  CHECK(memcmp(saved, again, words * sizeof *saved) == 0);
  OK(erngen_run(&device, stream, x + 2 * in, FRAMES - 2, part + 2 * out, 1));
  CHECK(memcmp(whole, part, FRAMES * out * sizeof *whole) == 0);
  /* What is written is read; a reset forgets it. */
  {
    const erngen_state *state = &design->states[0];
    int32_t *values = (int32_t *)calloc(state->size, sizeof *values), *read = (int32_t *)calloc(state->size, sizeof *read);
    CHECK(erngen_find_state(design, state->name, state->kind, state->stream) == state);
    CHECK(!erngen_find_state(design, "none", state->kind, state->stream));
    for (n = 0; n < state->size; ++n) values[n] = (n & 1 ? -1 : 1) * (int32_t)(n + 3);
    OK(erngen_write_state(&device, state, values));
    OK(erngen_read_state(&device, state, read));
    CHECK(memcmp(values, read, state->size * sizeof *values) == 0);
    free(values);
    free(read);
  }
  OK(erngen_frames(&device, &computed, &dropped));
  CHECK(computed == 2 * FRAMES + 3 && dropped == 0);
  OK(erngen_reset(&device, 0));
  OK(erngen_run(&device, stream, x, FRAMES, part, 1));
  CHECK(memcmp(whole, part, FRAMES * out * sizeof *whole) == 0);
  OK(erngen_frames(&device, &computed, &dropped));
  CHECK(computed == FRAMES);
  OK(erngen_run(&device, stream, x, 2, part, 0));
  OK(erngen_reset(&device, 1)); /* the states stay */
  OK(erngen_run(&device, stream, x + 2 * in, FRAMES - 2, part + 2 * out, 1));
  CHECK(memcmp(whole, part, FRAMES * out * sizeof *whole) == 0);
  OK(erngen_cycles(&device, &cycles));
  CHECK(cycles > 0 && cycles <= erngen_host_cycles(host));
  free(x), free(whole), free(part), free(saved), free(again);
}

/* The interrupt: causes, enable, clear, waiting, a wait that ends with the time-out. */
static void interrupts(void) {
  float *x = (float *)calloc(4 * design->input.size, sizeof *x), *y = (float *)calloc(4 * design->output.size, sizeof *y);
  uint32_t causes = 0;
  OK(erngen_irq_clear(&device, ERNGEN_IRQ_SEQUENCE | ERNGEN_IRQ_FRAMES | ERNGEN_IRQ_ERROR));
  OK(erngen_irq_frames(&device, 3));
  OK(erngen_irq_enable(&device, ERNGEN_IRQ_FRAMES));
  OK(erngen_run_float(&device, 0, x, 2, y, 0));
  CHECK(!erngen_host_irq(host));
  device.port.timeout = 500;
  CHECK(erngen_irq_wait(&device, &causes) == ERNGEN_TIMEOUT);
  OK(erngen_run_float(&device, 0, x, 1, y, 0));
  OK(erngen_irq_wait(&device, &causes));
  CHECK(causes == ERNGEN_IRQ_FRAMES && erngen_host_irq(host));
  OK(erngen_irq_clear(&device, causes));
  OK(erngen_irq_causes(&device, &causes));
  CHECK(!causes && !erngen_host_irq(host));
  OK(erngen_run_float(&device, 0, x, 1, y, 1));
  OK(erngen_irq_causes(&device, &causes));
  CHECK(causes == ERNGEN_IRQ_SEQUENCE && !erngen_host_irq(host)); /* not enabled */
  CHECK(erngen_irq_frames(&device, 65536) == ERNGEN_BAD_ARGUMENT);
  free(x), free(y);
}

static uint32_t writes;
static erngen_result counted_write(void *context, uint32_t address, uint32_t value) {
  ++writes;
  return erngen_host_port(host).write(context, address, value);
}

/* FILE: a load stream. Everything that can go wrong does. */
static void errors(const char *name) {
  erngen_port port = erngen_host_port(host);
  erngen_design other = *design;
  erngen second;
  float *x = (float *)calloc(4 * design->input.size, sizeof *x), *y = (float *)calloc(4 * design->output.size, sizeof *y);
  size_t bytes, n;
  uint32_t value = 0;
  uint8_t *data = (uint8_t *)read_all(name, &bytes);
  port.write = counted_write;
  /* Another design's hash: nothing is written. */
  other.configuration ^= 1;
  CHECK(erngen_open(&second, &other, &port) == ERNGEN_OTHER_DESIGN && writes == 0);
  OK(erngen_open(&second, design, &port));
  CHECK(writes == 0);
  CHECK(erngen_open(&second, design, NULL) == ERNGEN_BAD_ARGUMENT);
  /* Load streams that are cut, damaged, or another design's: nothing is written. */
  OK(erngen_check_load(design, data, bytes));
  for (n = 0; n < bytes; n += bytes / 97 + 1) {
    data[n] ^= 0x10;
    CHECK(erngen_load(&second, data, bytes) == ERNGEN_BAD_LOAD);
    data[n] ^= 0x10;
    CHECK(erngen_load(&second, data, n) == ERNGEN_BAD_LOAD);
  }
  CHECK(erngen_check_load(&other, data, bytes) == ERNGEN_BAD_LOAD && writes == 0);
  /* Registers that are not there, or cannot be written now. */
  CHECK(erngen_read(&device, 0x3fc, &value) == ERNGEN_REFUSED);
  CHECK(erngen_write(&device, ERNGEN_AT_STATE_COMMAND, 0) == ERNGEN_REFUSED); /* not halted */
  /* A lost beat breaks its frame, which is dropped: the transfer waits in vain, and STATUS says why. */
  device.port.timeout = 20000;
  erngen_host_lose_beat(host);
  CHECK(erngen_run_float(&device, 0, x, 1, y, 0) == (design->input.size > design->input.beat_elements ? ERNGEN_FRAME_DROPPED : ERNGEN_TIMEOUT));
  OK(erngen_reset(&device, 0));
  OK(erngen_clear_errors(&device));
  OK(erngen_errors(&device, &value));
  CHECK(value == 0);
  OK(erngen_run_float(&device, 0, x, 1, y, 1));
  /* A stream that is not there, frames that do not fit. */
  CHECK(erngen_run_float(&device, design->streams, x, 1, y, 1) == ERNGEN_BAD_ARGUMENT);
  device.port.input_bytes = 1;
  CHECK(erngen_run_float(&device, 0, x, 1, y, 1) == ERNGEN_TOO_LARGE);
  device.port.input_bytes = port.input_bytes;
  device.port.transfer = NULL;
  CHECK(erngen_run_float(&device, 0, x, 1, y, 1) == ERNGEN_UNSUPPORTED);
  device.port.transfer = port.transfer;
  /* An engine that halts only when its output is taken: a time-out. */
  free(x), free(y), free(data);
}

/* FILE: a load stream whose words have another CRC than it says. */
static void wrong_crc(const char *name) {
  size_t bytes;
  void *data = read_all(name, &bytes);
  uint32_t status = 0;
  CHECK(erngen_load(&device, data, bytes) == ERNGEN_WEIGHTS);
  CHECK(device.errors & ERNGEN_STATUS_ERROR_WEIGHTS);
  OK(erngen_read(&device, ERNGEN_AT_STATUS, &status));
  CHECK(status & ERNGEN_STATUS_HALTED);
  free(data);
}

int main(int count, char **words) {
  erngen_port port;
  int n;
  host = erngen_host_start(1 << 16);
  CHECK(host && count > 1);
  port = erngen_host_port(host);
  OK(erngen_open(&device, design, &port));
  for (n = 1; n < count; ++n) {
    if (!strcmp(words[n], "predict") || !strcmp(words[n], "sequences")) {
      int last = n + 3;
      while (last < count && atoi(words[last]) > 0) ++last;
      (words[n][0] == 'p' ? predict : sequences)(last - n - 1, words + n + 1);
      n = last - 1;
    } else if (!strcmp(words[n], "load"))
      load(words[++n]);
    else if (!strcmp(words[n], "states"))
      states();
    else if (!strcmp(words[n], "interrupts"))
      interrupts();
    else if (!strcmp(words[n], "errors"))
      errors(words[++n]);
    else if (!strcmp(words[n], "wrong_crc"))
      wrong_crc(words[++n]);
    else
      fail(words[n], __LINE__);
  }
  erngen_host_stop(host);
  return 0;
}
