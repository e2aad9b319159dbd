/* Driver of accelerators made by erngen; docs/reference/drivers.md of erngen describes it. C99, freestanding but for <stddef.h>
 * and <stdint.h>, no memory of its own beside `erngen`; also for C++.
 *
 * A design is described by the constant NAME_design (software/NAME_design.c of its directory), the way to its registers
 * and streams by an erngen_port: erngen_mapped.h (bare metal, AXI DMA), erngen_uio.h (Linux), erngen_host.h (the
 * Verilated design), or a port of one's own. Every call returns ERNGEN_OK or says what went wrong; nothing is written to
 * a device before its configuration hash has been found to be the design's. The license of the design is this file's.
 */
#ifndef ERNGEN_H
#define ERNGEN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  ERNGEN_OK = 0,
  ERNGEN_BAD_ARGUMENT,   /* a null pointer, a stream, state or number that the design has not */
  ERNGEN_OTHER_DESIGN,   /* the device's configuration hash is not the design's; nothing was written */
  ERNGEN_REFUSED,        /* a register access was answered with an error */
  ERNGEN_TIMEOUT,        /* the device, or the transfer, took longer than the port's time-out */
  ERNGEN_TRANSFER,       /* the transfer of frames failed: an error of the DMA */
  ERNGEN_TOO_LARGE,      /* the frames do not fit the port's buffers */
  ERNGEN_UNSUPPORTED,    /* this port cannot do that with this design, see docs/reference/drivers.md */
  ERNGEN_FRAME_DROPPED,  /* the device dropped frames: broken ones, or of no stream */
  ERNGEN_INTERNAL,       /* ERROR_OVERFLOW or ERROR_QUEUE, which the plan excludes */
  ERNGEN_BAD_LOAD,       /* no load stream, a damaged one, or one for another design; nothing was written */
  ERNGEN_WEIGHTS         /* the words that arrived have another CRC; the engine stays halted */
} erngen_result;

/* What a result means, in English. */
const char *erngen_message(erngen_result result);

/* ---- a design ---- */

/* Elements of a frame: integers of `width` bits, a value is its integer / 2^fraction, each in a lane of element_bits. */
typedef struct {
  uint32_t size;
  uint32_t beat_elements;
  uint8_t element_bits;
  uint8_t width;
  int8_t fraction;
} erngen_format;

enum { ERNGEN_CELL, ERNGEN_VECTOR, ERNGEN_SPECTRUM };

/* A recurrent value of one stream: an entry of the manifest's `states`. */
typedef struct {
  const char *name;
  uint8_t kind; /* ERNGEN_CELL, ... */
  uint8_t stream;
  uint8_t width;
  int8_t fraction;
  uint32_t size;
  uint32_t tiles;
  uint32_t tile;
  uint32_t row;
  uint32_t lane;
  uint32_t flags;
} erngen_state;

/* At step t of a sequence of T steps: elements of the user's frame t or, mirrored, T - 1 - t, or outputs of that step. */
typedef struct {
  uint32_t first;   /* element of the frame, or of the result */
  uint32_t size;
  int32_t output;   /* outputs from this one on; -1: of the user's frame */
  int8_t fraction;  /* of elements of a frame */
  uint8_t mirrored;
} erngen_part;

enum { ERNGEN_END_TUSER, ERNGEN_END_TLAST, ERNGEN_END_REGISTER };   /* what ends a sequence */
enum { ERNGEN_BY_TID, ERNGEN_BY_REGISTER, ERNGEN_BY_TURNS };        /* whose a frame is */

typedef struct {
  const char *name;
  uint32_t version;
  uint32_t configuration;
  uint32_t streams;
  uint32_t words;   /* K: elements of a block of the window */
  uint32_t columns; /* C */
  erngen_format input, output;
  uint8_t sequence_end;        /* ERNGEN_END_... */
  uint8_t stream_by;           /* ERNGEN_BY_... */
  uint8_t input_tlast;         /* the input has tlast in each frame's last beat */
  uint8_t tlast_per_sequence;  /* of the output; else per frame */
  uint8_t last_only;           /* only the last frame of each sequence comes out */
  const erngen_state *states;
  size_t state_count;
  /* Of a network that needs whole sequences; else 0. */
  uint32_t features, results;  /* values of the user's frame and of a result */
  uint32_t passes;             /* of each sequence through the device */
  const erngen_part *frame;    /* what a frame of input is made of */
  size_t frame_parts;
  const erngen_part *result;   /* what is added up to a result */
  size_t result_parts;
} erngen_design;

/* ---- a port ---- */

/* Frames to send, and room for those that come back. */
typedef struct {
  const void *input;
  size_t input_bytes;
  void *output;
  size_t output_bytes;   /* 0: nothing comes back */
  uint32_t stream;       /* for tid */
  uint32_t frames;       /* in `input` */
  uint8_t ends;          /* the last frame ends its sequence: tuser */
} erngen_transfer;

enum {
  ERNGEN_PORT_SIDE_SIGNALS = 1,  /* transfers drive tuser, tid, and tlast as the design wants them, and take any output */
  ERNGEN_PORT_COUNTS_OUTPUT = 2  /* transfers take output_bytes, whatever the output's tlast says */
};

/* The way to a device. Registers are 32-bit words at byte addresses; `read` and `write` return ERNGEN_REFUSED for an
 * answer with an error where the bus shows it. `transfer` is done when the output has arrived; without it
 * (null) only registers are reachable. The buffers are what transfers read and write: their contents are `input` and
 * `output` of erngen_transfer. `now` counts ticks modulo 2^32; without it each poll is a tick. */
typedef struct {
  void *context;
  erngen_result (*read)(void *context, uint32_t address, uint32_t *value);
  erngen_result (*write)(void *context, uint32_t address, uint32_t value);
  erngen_result (*transfer)(void *context, const erngen_transfer *frames);
  erngen_result (*wait)(void *context); /* until the interrupt, for at most the time-out; null: polls */
  uint32_t (*now)(void *context);
  uint32_t timeout; /* ticks */
  unsigned abilities; /* ERNGEN_PORT_... */
  void *input, *output;
  size_t input_bytes, output_bytes;
} erngen_port;

/* ---- opening ---- */

typedef struct {
  const erngen_design *design;
  erngen_port port;
  uint32_t control; /* what CONTROL holds */
  uint32_t errors;  /* bits of STATUS at the last error */
} erngen;

/* Reads CONFIGURATION and CONTROL; writes nothing. */
erngen_result erngen_open(erngen *device, const erngen_design *design, const erngen_port *port);
/* All but registers and weights, as aresetn does; with keep_states != 0 the engine is halted first and the states stay. */
erngen_result erngen_reset(erngen *device, int keep_states);
erngen_result erngen_halt(erngen *device);
erngen_result erngen_resume(erngen *device);
/* The error bits of STATUS (ERNGEN_STATUS_...); clearing them. */
erngen_result erngen_errors(erngen *device, uint32_t *bits);
erngen_result erngen_clear_errors(erngen *device);
erngen_result erngen_cycles(erngen *device, uint64_t *cycles);
/* Frames computed, and dropped, since the last reset, modulo 2^32. */
erngen_result erngen_frames(erngen *device, uint32_t *computed, uint32_t *dropped);

/* ---- numbers and frames ---- */

/* Nearest integer of the format, half up, saturating, as `erngen run` rounds; NaN gives 0. */
int32_t erngen_to_fixed(float value, const erngen_format *format);
/* Exact for widths up to 24 bits. */
float erngen_to_float(int32_t raw, const erngen_format *format);
/* Bytes of a frame in memory: whole beats. */
size_t erngen_frame_bytes(const erngen_format *format);
/* format->size integers to a frame's bytes (those beyond the elements become 0), and back. */
void erngen_pack(const erngen_format *format, const int32_t *raw, void *frame);
void erngen_unpack(const erngen_format *format, const void *frame, int32_t *raw);
/* The same with real numbers. */
void erngen_pack_float(const erngen_format *format, const float *values, void *frame);
void erngen_unpack_float(const erngen_format *format, const void *frame, float *values);

/* ---- sequences ---- */

/* Frames that come back for `frames` sent. */
uint32_t erngen_output_frames(const erngen_design *design, uint32_t frames, int ends);

/* Sends `frames` frames of a stream and waits for what they give: integers x[frames][input.size] to
 * y[erngen_output_frames()][output.size]. With ends != 0 the last frame ends the sequence, and the next one begins with
 * the initial state; otherwise the state goes on. Where streams take turns, frame n is that of stream n modulo `streams`,
 * and `stream` is 0. */
erngen_result erngen_run(erngen *device, uint32_t stream, const int32_t *x, uint32_t frames, int32_t *y, int ends);
/* One sequence of real numbers, from the initial state to its end: the same call as `predict` in Python. */
erngen_result erngen_predict(erngen *device, uint32_t stream, const float *x, uint32_t frames, float *y);
/* The same for a network that needs whole sequences (design->passes > 0): x[frames][features] to y[frames][results], or
 * y[results] where only the last frame comes out, in all its passes. `outputs` is room for frames * output.size integers.
 * ERNGEN_UNSUPPORTED for other networks and for streams that take turns. */
erngen_result erngen_predict_sequence(erngen *device, uint32_t stream, const float *x, uint32_t frames, float *y,
                                      int32_t *outputs);
/* A part of one. */
erngen_result erngen_run_float(erngen *device, uint32_t stream, const float *x, uint32_t frames, float *y, int ends);

/* ---- states; all of them halt the engine and let it go on as it was ---- */

const erngen_state *erngen_find_state(const erngen_design *design, const char *name, unsigned kind, uint32_t stream);
erngen_result erngen_read_state(erngen *device, const erngen_state *state, int32_t *values);
erngen_result erngen_write_state(erngen *device, const erngen_state *state, const int32_t *values);
/* All of a stream, bit for bit: erngen_saved_words() words. */
size_t erngen_saved_words(const erngen_design *design, uint32_t stream);
erngen_result erngen_save(erngen *device, uint32_t stream, int32_t *words);
erngen_result erngen_restore(erngen *device, uint32_t stream, const int32_t *words);
/* Streams whose bit is 1 begin again from the initial state. */
erngen_result erngen_clear_states(erngen *device, uint64_t streams);

/* ---- another network: the file of `erngen weights` ---- */

/* Whether `bytes` are a whole load stream for this design. */
erngen_result erngen_check_load(const erngen_design *design, const void *bytes, size_t size);
/* Halts, loads, compares the CRC, clears all states and goes on as before. */
erngen_result erngen_load(erngen *device, const void *bytes, size_t size);

/* ---- interrupt ---- */

enum { ERNGEN_IRQ_SEQUENCE = 1, ERNGEN_IRQ_FRAMES = 2, ERNGEN_IRQ_ERROR = 4 };
erngen_result erngen_irq_enable(erngen *device, uint32_t causes);
/* Causes that are set, enabled or not. */
erngen_result erngen_irq_causes(erngen *device, uint32_t *causes);
erngen_result erngen_irq_clear(erngen *device, uint32_t causes);
/* ERNGEN_IRQ_FRAMES after each `frames` frames that left; 0: never. */
erngen_result erngen_irq_frames(erngen *device, uint32_t frames);
/* Until an enabled cause is set, for at most the time-out; the causes stay set. */
erngen_result erngen_irq_wait(erngen *device, uint32_t *causes);

/* ---- registers, the same in every design (docs/reference/registers.md) ---- */

enum {
  ERNGEN_AT_VERSION = 0x000, ERNGEN_AT_CONFIGURATION = 0x004, ERNGEN_AT_STATUS = 0x008, ERNGEN_AT_CONTROL = 0x00c,
  ERNGEN_AT_CYCLES = 0x010, ERNGEN_AT_CYCLES_HIGH = 0x014, ERNGEN_AT_FRAMES = 0x018, ERNGEN_AT_SHAPE = 0x01c,
  ERNGEN_AT_STATE_CLEAR = 0x020, ERNGEN_AT_STATE_TILE = 0x024, ERNGEN_AT_STATE_ROW = 0x028,
  ERNGEN_AT_STATE_FLAGS = 0x02c, ERNGEN_AT_STATE_COMMAND = 0x030, ERNGEN_AT_STATE_CLEAR_HIGH = 0x034,
  ERNGEN_AT_FRAMES_DROPPED = 0x038, ERNGEN_AT_WEIGHT_LANE = 0x040, ERNGEN_AT_WEIGHT_ROW = 0x044,
  ERNGEN_AT_WEIGHT_DATA = 0x048, ERNGEN_AT_WEIGHT_CRC = 0x04c, ERNGEN_AT_WEIGHT_WORDS = 0x050,
  ERNGEN_AT_WEIGHT_CHECK = 0x054, ERNGEN_AT_CONSTANT_WORDS = 0x058, ERNGEN_AT_INTERRUPT_ENABLE = 0x060, ERNGEN_AT_INTERRUPT_CAUSE = 0x064,
  ERNGEN_AT_INTERRUPT_STATUS = 0x068, ERNGEN_AT_INTERRUPT_FRAMES = 0x06c, ERNGEN_AT_SEQUENCE_FRAMES = 0x070,
  ERNGEN_AT_STREAM = 0x074, ERNGEN_AT_WINDOW = 0x400,
  ERNGEN_STATUS_BUSY = 0x01, ERNGEN_STATUS_HALTED = 0x02, ERNGEN_STATUS_ERROR_FRAME = 0x04,
  ERNGEN_STATUS_ERROR_STREAM = 0x08, ERNGEN_STATUS_ERROR_OVERFLOW = 0x10, ERNGEN_STATUS_ERROR_QUEUE = 0x20,
  ERNGEN_STATUS_ERROR_WEIGHTS = 0x40,
  ERNGEN_CONTROL_HALT = 0x01, ERNGEN_CONTROL_RESET = 0x02, ERNGEN_CONTROL_KEEP = 0x04, ERNGEN_CONTROL_COUNT_FRAMES = 0x08
};

/* A register as it is. */
erngen_result erngen_read(erngen *device, uint32_t address, uint32_t *value);
erngen_result erngen_write(erngen *device, uint32_t address, uint32_t value);

#ifdef __cplusplus
}
#endif

#endif
