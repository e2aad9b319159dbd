/* A port of erngen.h to the Verilated design: `make -C testbench host` of a design's directory builds
 * build/host/libNAME.so, which holds the model, the driver and NAME_design. Each clock cycle is a tick; the clock runs
 * while a call waits. */
#ifndef ERNGEN_HOST_H
#define ERNGEN_HOST_H

#include "erngen.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct erngen_host erngen_host;

/* A model behind its reset, with buffers of so many bytes each; null if there is no memory for it. */
erngen_host *erngen_host_start(size_t buffer_bytes);
/* Its port, with a time-out of a million cycles; it drives all side signals and takes any output. */
erngen_port erngen_host_port(erngen_host *host);
/* Cycles so far, and the level of irq. */
uint64_t erngen_host_cycles(const erngen_host *host);
int erngen_host_irq(const erngen_host *host);
/* The next beat to be sent gets lost: for tests of what a broken frame does. */
void erngen_host_lose_beat(erngen_host *host);
void erngen_host_stop(erngen_host *host);

#ifdef __cplusplus
}
#endif

#endif
