/* Linux UIO with u-dma-buf: see erngen_uio.h. */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#include "erngen_uio.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { REGISTERS, DMA, INPUT, OUTPUT, REGISTER_BYTES = 0x1000, PATH_BYTES = 512 };

static uint32_t microseconds(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint32_t)((uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u);
}

/* A number in a file of /sys; decimal, or hexadecimal with 0x. 0: there is none. */
static uint64_t number_in(const char *directory, const char *kind, const char *name, const char *file) {
  char path[PATH_BYTES], text[64] = "";
  FILE *stream;
  const int length = snprintf(path, sizeof path, "%s/%s/%s/%s", directory, kind, name, file);
  if (length < 0 || (size_t)length >= sizeof path) return 0;
  stream = fopen(path, "r");
  if (!stream) return 0;
  if (!fgets(text, sizeof text, stream)) text[0] = 0;
  (void)fclose(stream);
  return strtoull(text, NULL, 0);
}

static int map_device(erngen_uio *uio, int n, const char *directory, const char *name, size_t bytes) {
  char path[PATH_BYTES];
  const int length = snprintf(path, sizeof path, "%s/%s", directory, name);
  void *at;
  if (length < 0 || (size_t)length >= sizeof path || !bytes) return 0;
  uio->files[n] = open(path, O_RDWR | O_SYNC);
  if (uio->files[n] < 0) return 0;
  at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, uio->files[n], 0);
  if (at == MAP_FAILED) return 0;
  uio->maps[n] = at;
  uio->sizes[n] = bytes;
  return 1;
}

/* The registers of a device: its first map as /sys says, at least REGISTER_BYTES. */
static size_t register_bytes(const char *classes, const char *name) {
  const uint64_t bytes = number_in(classes, "uio", name, "maps/map0/size");
  return bytes > REGISTER_BYTES ? (size_t)bytes : REGISTER_BYTES;
}

erngen_result erngen_uio_open(erngen_uio *uio, const erngen_uio_names *names, const char **failed) {
  static const erngen_uio nothing = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {-1, -1, -1, -1}, {0, 0, 0, 0}, {0, 0, 0, 0}, -1, 0};
  const char *const devices = names->devices ? names->devices : "/dev";
  const char *const classes = names->classes ? names->classes : "/sys/class";
  const char *wrong = NULL;
  *uio = nothing;
  uio->timeout_ms = names->timeout_ms ? names->timeout_ms : 1000;
  if (!names->registers || !map_device(uio, REGISTERS, devices, names->registers, register_bytes(classes, names->registers)))
    wrong = names->registers;
  if (!wrong && names->dma) {
    static const char class_name[] = "u-dma-buf";
    const char *const buffers[] = {names->input, names->output};
    uint64_t addresses[2] = {0, 0};
    int n;
    if (!names->input || !names->output) {
      erngen_uio_close(uio);
      return ERNGEN_BAD_ARGUMENT;
    }
    if (!map_device(uio, DMA, devices, names->dma, register_bytes(classes, names->dma))) wrong = names->dma;
    for (n = 0; n < 2 && !wrong; ++n) {
      addresses[n] = number_in(classes, class_name, buffers[n], "phys_addr");
      if (!addresses[n] || !map_device(uio, INPUT + n, devices, buffers[n], (size_t)number_in(classes, class_name, buffers[n], "size")))
        wrong = buffers[n];
    }
    uio->mapped.dma = (volatile uint32_t *)uio->maps[DMA];
    uio->mapped.input = uio->maps[INPUT];
    uio->mapped.output = uio->maps[OUTPUT];
    uio->mapped.input_address = addresses[0];
    uio->mapped.output_address = addresses[1];
    uio->mapped.input_bytes = uio->sizes[INPUT];
    uio->mapped.output_bytes = uio->sizes[OUTPUT];
    uio->mapped.dma_length_bits = names->dma_length_bits;
  }
  if (failed) *failed = wrong;
  if (wrong) {
    erngen_uio_close(uio);
    return ERNGEN_REFUSED;
  }
  uio->mapped.registers = (volatile uint32_t *)uio->maps[REGISTERS];
  uio->mapped.ticks = microseconds;
  uio->mapped.timeout = uio->timeout_ms * 1000u;
  uio->interrupt = uio->files[REGISTERS];
  return ERNGEN_OK;
}

/* UIO: a written 1 lets the interrupt through, and a read returns when it has come. The level is that of the enabled
 * causes, so an interrupt that came before is seen at once. */
static erngen_result wait_for_interrupt(void *context) {
  const erngen_uio *uio = (const erngen_uio *)((char *)context - offsetof(erngen_uio, mapped));
  const uint32_t on = 1;
  uint32_t count;
  struct pollfd events;
  events.fd = uio->interrupt;
  events.events = POLLIN;
  events.revents = 0;
  if (write(uio->interrupt, &on, sizeof on) != (ssize_t)sizeof on) return ERNGEN_OK; /* no interrupt: polled */
  if (poll(&events, 1, (int)uio->timeout_ms) <= 0) return ERNGEN_TIMEOUT;
  return read(uio->interrupt, &count, sizeof count) == (ssize_t)sizeof count ? ERNGEN_OK : ERNGEN_REFUSED;
}

erngen_port erngen_uio_port(erngen_uio *uio) {
  erngen_port port = erngen_mapped_port(&uio->mapped);
  port.wait = wait_for_interrupt;
  return port;
}

void erngen_uio_close(erngen_uio *uio) {
  int n;
  for (n = 0; n < 4; ++n) {
    if (uio->maps[n]) (void)munmap(uio->maps[n], uio->sizes[n]);
    if (uio->files[n] >= 0) (void)close(uio->files[n]);
    uio->maps[n] = NULL;
    uio->files[n] = -1;
  }
}
