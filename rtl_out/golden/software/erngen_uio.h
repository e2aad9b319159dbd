/* A port of erngen.h for Linux: registers and AXI DMA by UIO (generic-uio in the device tree), buffers by u-dma-buf
 * (github.com/ikwzm/udmabuf). Untested on boards; tested with files in the place of the devices. POSIX. */
#ifndef ERNGEN_UIO_H
#define ERNGEN_UIO_H

#include "erngen_mapped.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *registers;      /* "uio0": the design */
  const char *dma;            /* "uio1": the AXI DMA; null: registers only */
  const char *input, *output; /* "udmabuf0", "udmabuf1": buffers of the two directions */
  const char *devices;        /* directory of devices; null: "/dev" */
  const char *classes;        /* directory of classes; null: "/sys/class" */
  uint32_t dma_length_bits;   /* see erngen_mapped.h */
  uint32_t timeout_ms;        /* 0: 1000 */
} erngen_uio_names;

typedef struct {
  erngen_mapped mapped;
  int files[4];
  void *maps[4];
  size_t sizes[4];
  int interrupt; /* of the design's device */
  uint32_t timeout_ms;
} erngen_uio;

/* Opens and maps; on failure nothing stays open and *failed (may be null) is the name of what could not be had, or
 * of the file in /sys. u-dma-buf buffers are opened with O_SYNC: not cached. */
erngen_result erngen_uio_open(erngen_uio *uio, const erngen_uio_names *names, const char **failed);
/* The port, with the interrupt; ticks are microseconds. `uio` must outlive it. */
erngen_port erngen_uio_port(erngen_uio *uio);
void erngen_uio_close(erngen_uio *uio);

#ifdef __cplusplus
}
#endif

#endif
