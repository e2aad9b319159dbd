/* A port of erngen.h for registers that lie in the address space, and for AXI DMA in simple mode (AMD PG021): bare
 * metal, and what erngen_uio.h is made of. Untested on boards; tested with models of the registers. */
#ifndef ERNGEN_MAPPED_H
#define ERNGEN_MAPPED_H

#include "erngen.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  volatile uint32_t *registers; /* of the design: s_axi */
  volatile uint32_t *dma;       /* of the AXI DMA: s_axi_lite; null: registers only */
  uint32_t dma_length_bits;     /* of its buffer length register, 8 to 26 (14 by default); 0: 26 */
  /* Memory that the processor and the DMA see, with the DMA's addresses. */
  void *input, *output;
  uint64_t input_address, output_address;
  size_t input_bytes, output_bytes;
  /* For processors whose caches the DMA does not see; may be null. Before a transfer, and after it. */
  void (*flush)(const void *from, size_t bytes);
  void (*invalidate)(void *from, size_t bytes);
  uint32_t (*ticks)(void); /* a free-running counter; null: polls */
  uint32_t timeout;        /* ticks, or polls */
} erngen_mapped;

/* The port; `mapped` must outlive it. */
erngen_port erngen_mapped_port(erngen_mapped *mapped);

#ifdef __cplusplus
}
#endif

#endif
