/* Driver of accelerators made by erngen: see erngen.h. */
#include "erngen.h"

/* Leaves the function with what went wrong. */
#define TRY(call)                          \
  do {                                     \
    const erngen_result try_ = (call);     \
    if (try_ != ERNGEN_OK) return try_;    \
  } while (0)

enum {
  COMMAND_WRITE = 1, COMMAND_CELL = 2, COMMAND_SPECTRUM = 4,
  DROPPED = ERNGEN_STATUS_ERROR_FRAME | ERNGEN_STATUS_ERROR_STREAM,
  EXCLUDED = ERNGEN_STATUS_ERROR_OVERFLOW | ERNGEN_STATUS_ERROR_QUEUE,
  ALL_ERRORS = DROPPED | EXCLUDED | ERNGEN_STATUS_ERROR_WEIGHTS,
  MOST_SEQUENCE_FRAMES = 65535
};

const char *erngen_message(erngen_result result) {
  switch (result) {
    case ERNGEN_OK: return "no error";
    case ERNGEN_BAD_ARGUMENT: return "an argument that the design or the driver cannot take";
    case ERNGEN_OTHER_DESIGN: return "the device has another design: its configuration hash differs; nothing was written";
    case ERNGEN_REFUSED: return "the device answered a register access with an error";
    case ERNGEN_TIMEOUT: return "the time-out has passed";
    case ERNGEN_TRANSFER: return "the DMA reports an error";
    case ERNGEN_TOO_LARGE: return "the frames do not fit the port's buffers";
    case ERNGEN_UNSUPPORTED: return "this port cannot do that with a design of these stream options";
    case ERNGEN_FRAME_DROPPED: return "the device dropped frames that were broken or of no stream";
    case ERNGEN_INTERNAL: return "a buffer of the device overflowed, which its plan excludes";
    case ERNGEN_BAD_LOAD: return "not a whole load stream for this design; nothing was written";
    case ERNGEN_WEIGHTS: return "the words that were loaded arrived with another CRC; the engine stays halted";
  }
  return "unknown result";
}

/* ---- registers ---- */

erngen_result erngen_read(erngen *device, uint32_t address, uint32_t *value) {
  return device->port.read(device->port.context, address, value);
}

erngen_result erngen_write(erngen *device, uint32_t address, uint32_t value) {
  return device->port.write(device->port.context, address, value);
}

/* A time-out: ticks since `begin`, counted by the port or by polls. */
typedef struct {
  uint32_t begin, polls;
} wait_state;

static wait_state start_wait(const erngen *device) {
  wait_state w = {0, 0};
  if (device->port.now) w.begin = device->port.now(device->port.context);
  return w;
}

static int waited_too_long(const erngen *device, wait_state *w) {
  const uint32_t passed = device->port.now ? device->port.now(device->port.context) - w->begin : ++w->polls;
  return passed > device->port.timeout;
}

/* Until the register's bits in `mask` are `value`. */
static erngen_result poll_register(erngen *device, uint32_t address, uint32_t mask, uint32_t value) {
  wait_state w = start_wait(device);
  for (;;) {
    uint32_t word = 0;
    const int late = waited_too_long(device, &w); /* before the read: a slow host reads once more */
    TRY(erngen_read(device, address, &word));
    if ((word & mask) == value) return ERNGEN_OK;
    if (late) return ERNGEN_TIMEOUT;
  }
}

static erngen_result set_control(erngen *device, uint32_t control) {
  TRY(erngen_write(device, ERNGEN_AT_CONTROL, control));
  device->control = control & (ERNGEN_CONTROL_HALT | ERNGEN_CONTROL_COUNT_FRAMES);
  return ERNGEN_OK;
}

erngen_result erngen_open(erngen *device, const erngen_design *design, const erngen_port *port) {
  uint32_t word = 0;
  if (!device || !design || !port || !port->read || !port->write) return ERNGEN_BAD_ARGUMENT;
  device->design = design;
  device->port = *port;
  device->control = 0;
  device->errors = 0;
  TRY(erngen_read(device, ERNGEN_AT_CONFIGURATION, &word));
  if (word != design->configuration) return ERNGEN_OTHER_DESIGN;
  TRY(erngen_read(device, ERNGEN_AT_CONTROL, &word));
  device->control = word & (ERNGEN_CONTROL_HALT | ERNGEN_CONTROL_COUNT_FRAMES);
  return ERNGEN_OK;
}

erngen_result erngen_halt(erngen *device) {
  TRY(set_control(device, device->control | ERNGEN_CONTROL_HALT));
  return poll_register(device, ERNGEN_AT_STATUS, ERNGEN_STATUS_BUSY | ERNGEN_STATUS_HALTED, ERNGEN_STATUS_HALTED);
}

erngen_result erngen_resume(erngen *device) {
  return set_control(device, device->control & ~(uint32_t)ERNGEN_CONTROL_HALT);
}

erngen_result erngen_reset(erngen *device, int keep_states) {
  const uint32_t before = device->control;
  uint32_t status = 0;
  if (keep_states) {
    TRY(erngen_halt(device));
    TRY(set_control(device, before | ERNGEN_CONTROL_RESET | ERNGEN_CONTROL_KEEP));
  } else {
    TRY(set_control(device, before | ERNGEN_CONTROL_RESET));
  }
  return erngen_read(device, ERNGEN_AT_STATUS, &status); /* is answered when it has happened: no frame may come before */
}

erngen_result erngen_errors(erngen *device, uint32_t *bits) {
  TRY(erngen_read(device, ERNGEN_AT_STATUS, bits));
  *bits &= ALL_ERRORS;
  return ERNGEN_OK;
}

erngen_result erngen_clear_errors(erngen *device) { return erngen_write(device, ERNGEN_AT_STATUS, 0); }

erngen_result erngen_cycles(erngen *device, uint64_t *cycles) {
  uint32_t low = 0, high = 0;
  TRY(erngen_read(device, ERNGEN_AT_CYCLES, &low)); /* latches the high word */
  TRY(erngen_read(device, ERNGEN_AT_CYCLES_HIGH, &high));
  *cycles = (uint64_t)high << 32 | low;
  return ERNGEN_OK;
}

erngen_result erngen_frames(erngen *device, uint32_t *computed, uint32_t *dropped) {
  TRY(erngen_read(device, ERNGEN_AT_FRAMES, computed));
  return erngen_read(device, ERNGEN_AT_FRAMES_DROPPED, dropped);
}

/* ---- numbers and frames ---- */

static double power_of_two(int exponent) {
  double power = 1;
  for (; exponent > 0; --exponent) power *= 2;
  for (; exponent < 0; ++exponent) power *= 0.5;
  return power;
}

/* floor(value * 2^fraction + 1/2): exact in double, as a float has 24 bits and what rounding drops lies far below 1/2. */
static int32_t round_to(float value, double scale, int width) {
  const double limit = power_of_two(width - 1);
  const double scaled = (double)value * scale + 0.5;
  int32_t raw;
  if (scaled >= limit) return (int32_t)(limit - 1);
  if (scaled < -limit) return (int32_t)-limit;
  if (!(scaled >= -limit)) return 0; /* not a number */
  raw = (int32_t)scaled;
  return (double)raw > scaled ? raw - 1 : raw;
}

int32_t erngen_to_fixed(float value, const erngen_format *format) {
  return round_to(value, power_of_two(format->fraction), format->width);
}

float erngen_to_float(int32_t raw, const erngen_format *format) {
  return (float)((double)raw * power_of_two(-format->fraction));
}

size_t erngen_frame_bytes(const erngen_format *format) {
  const size_t beats = (format->size + format->beat_elements - 1u) / format->beat_elements;
  return beats * format->beat_elements * (format->element_bits / 8u);
}

static uint8_t *put_element(uint8_t *at, int32_t raw, unsigned bytes) {
  const uint32_t word = (uint32_t)raw;
  unsigned n;
  for (n = 0; n < bytes; ++n) *at++ = (uint8_t)(word >> (8 * n) & 0xffu);
  return at;
}

static int32_t get_element(const uint8_t *at, unsigned bytes) {
  const uint32_t sign = (uint32_t)1 << (8 * bytes - 1);
  uint32_t word = 0;
  unsigned n;
  for (n = 0; n < bytes; ++n) word |= (uint32_t)at[n] << (8 * n);
  /* word - 2^(8 bytes) of what is negative, without an overflow. */
  return word & sign ? -(int32_t)((sign - 1) - (word & (sign - 1))) - 1 : (int32_t)word;
}

static void pad(const erngen_format *format, uint8_t *from, const uint8_t *frame) {
  const uint8_t *const end = frame + erngen_frame_bytes(format);
  while (from != end) *from++ = 0;
}

void erngen_pack(const erngen_format *format, const int32_t *raw, void *frame) {
  uint8_t *at = (uint8_t *)frame;
  uint32_t i;
  for (i = 0; i < format->size; ++i) at = put_element(at, raw[i], format->element_bits / 8u);
  pad(format, at, (const uint8_t *)frame);
}

void erngen_unpack(const erngen_format *format, const void *frame, int32_t *raw) {
  const unsigned bytes = format->element_bits / 8u;
  const uint8_t *at = (const uint8_t *)frame;
  uint32_t i;
  for (i = 0; i < format->size; ++i, at += bytes) raw[i] = get_element(at, bytes);
}

void erngen_pack_float(const erngen_format *format, const float *values, void *frame) {
  const double scale = power_of_two(format->fraction);
  uint8_t *at = (uint8_t *)frame;
  uint32_t i;
  for (i = 0; i < format->size; ++i) at = put_element(at, round_to(values[i], scale, format->width), format->element_bits / 8u);
  pad(format, at, (const uint8_t *)frame);
}

void erngen_unpack_float(const erngen_format *format, const void *frame, float *values) {
  const unsigned bytes = format->element_bits / 8u;
  const double scale = power_of_two(-format->fraction);
  const uint8_t *at = (const uint8_t *)frame;
  uint32_t i;
  for (i = 0; i < format->size; ++i, at += bytes) values[i] = (float)(get_element(at, bytes) * scale);
}

/* ---- sequences ---- */

static uint32_t turns(const erngen_design *design) {
  return design->stream_by == ERNGEN_BY_TURNS ? design->streams : 1;
}

uint32_t erngen_output_frames(const erngen_design *design, uint32_t frames, int ends) {
  if (!design->last_only) return frames;
  return ends ? turns(design) : 0;
}

static uint64_t stream_bit(uint32_t stream) { return (uint64_t)1 << stream; }

/* What the errors of STATUS say. */
static erngen_result look_for_errors(erngen *device) {
  TRY(erngen_errors(device, &device->errors));
  if (device->errors & EXCLUDED) return ERNGEN_INTERNAL;
  return device->errors & DROPPED ? ERNGEN_FRAME_DROPPED : ERNGEN_OK;
}

/* Frames of one call: where they come from, how far they have gone. Real numbers or integers. */
typedef struct {
  const int32_t *x;
  const float *x_float;
  int32_t *y;
  float *y_float;
  uint32_t sent, taken;
  const float *sequence; /* user's frames of a whole sequence, of which frames are made */
  uint32_t length;
} frame_source;

/* A frame of a network that needs whole sequences. Outputs of the pass before lie in y: those of this pass that are
 * there already are the same where they were right. */
static void pack_parts(const erngen_design *design, const frame_source *source, uint8_t *frame) {
  const unsigned bytes = design->input.element_bits / 8u;
  size_t part;
  pad(&design->input, frame, frame);
  for (part = 0; part < design->frame_parts; ++part) {
    const erngen_part *p = &design->frame[part];
    const uint32_t from = p->mirrored ? source->length - 1 - source->sent : source->sent;
    const double scale = power_of_two(p->fraction);
    uint8_t *at = frame + (size_t)p->first * bytes;
    uint32_t i;
    for (i = 0; i < p->size; ++i) {
      const float value = p->output < 0 ? source->sequence[(size_t)from * design->features + i]
                                        : erngen_to_float(source->y[(size_t)from * design->output.size + (uint32_t)p->output + i], &design->output);
      at = put_element(at, round_to(value, scale, design->input.width), bytes);
    }
  }
}

static void pack_frames(const erngen_design *design, frame_source *source, uint8_t *to, uint32_t frames) {
  const size_t bytes = erngen_frame_bytes(&design->input);
  for (; frames; --frames, to += bytes, ++source->sent) {
    const size_t at = (size_t)source->sent * design->input.size;
    if (source->sequence)
      pack_parts(design, source, to);
    else if (source->x_float)
      erngen_pack_float(&design->input, source->x_float + at, to);
    else
      erngen_pack(&design->input, source->x + at, to);
  }
}

static void unpack_frames(const erngen_design *design, frame_source *source, const uint8_t *from, uint32_t frames) {
  const size_t bytes = erngen_frame_bytes(&design->output);
  for (; frames; --frames, from += bytes, ++source->taken) {
    const size_t at = (size_t)source->taken * design->output.size;
    if (source->y_float)
      erngen_unpack_float(&design->output, from, source->y_float + at);
    else
      erngen_unpack(&design->output, from, source->y + at);
  }
}

/* Frames of one transfer, 0 if not even the least that the options demand fit the buffers. */
static uint32_t frames_a_transfer(const erngen *device, uint32_t frames) {
  const erngen_design *design = device->design;
  const size_t input = device->port.input_bytes / erngen_frame_bytes(&design->input);
  const size_t output = device->port.output_bytes / erngen_frame_bytes(&design->output);
  const size_t room = design->last_only ? (output >= turns(design) ? input : 0) : input < output ? input : output;
  const int any = (device->port.abilities & ERNGEN_PORT_SIDE_SIGNALS) != 0;
  const int counts = any || (device->port.abilities & ERNGEN_PORT_COUNTS_OUTPUT) != 0;
  const int whole = (design->sequence_end == ERNGEN_END_TLAST && !any) || (design->tlast_per_sequence && !counts);
  if (whole) return room >= frames ? frames : 0;
  if (!design->tlast_per_sequence && !design->last_only && !counts) return room ? 1 : 0; /* a tlast ends a transfer */
  return room < frames ? (uint32_t)room : frames;
}

static erngen_result run_frames(erngen *device, uint32_t stream, frame_source *source, uint32_t frames, int ends) {
  const erngen_design *design = device->design;
  const int side_signals = (device->port.abilities & ERNGEN_PORT_SIDE_SIGNALS) != 0;
  int clear = 0; /* the host ends the sequence */
  uint32_t part;
  if (!device->port.transfer) return ERNGEN_UNSUPPORTED;
  if (stream >= design->streams || (design->stream_by == ERNGEN_BY_TURNS && (stream || (ends && frames % design->streams))))
    return ERNGEN_BAD_ARGUMENT;
  if (!frames) return ERNGEN_OK;
  if (!side_signals) {
    if (design->stream_by == ERNGEN_BY_TID && stream) return ERNGEN_UNSUPPORTED;
    if (design->sequence_end == ERNGEN_END_TLAST && !ends) return ERNGEN_UNSUPPORTED; /* a transfer ends one */
    if (design->sequence_end == ERNGEN_END_TLAST && frames > 1 && !design->tlast_per_sequence && !design->last_only &&
        !(device->port.abilities & ERNGEN_PORT_COUNTS_OUTPUT))
      return ERNGEN_UNSUPPORTED; /* a transfer in gives several out */
    if (design->sequence_end == ERNGEN_END_TUSER && ends) {
      if (design->last_only || design->tlast_per_sequence) return ERNGEN_UNSUPPORTED;
      clear = 1;
    }
    /* A DMA's tlast is that of its transfer, not of each frame. */
    if (design->input_tlast && design->sequence_end != ERNGEN_END_TLAST && !(device->control & ERNGEN_CONTROL_COUNT_FRAMES))
      TRY(set_control(device, device->control | ERNGEN_CONTROL_COUNT_FRAMES));
  }
  part = frames_a_transfer(device, frames);
  if (!part) return ERNGEN_TOO_LARGE;
  if (design->stream_by == ERNGEN_BY_REGISTER) TRY(erngen_write(device, ERNGEN_AT_STREAM, stream));
  if (design->sequence_end == ERNGEN_END_REGISTER) {
    const uint32_t length = frames / turns(design);
    if (ends && length > MOST_SEQUENCE_FRAMES) {
      if (design->last_only || design->tlast_per_sequence) return ERNGEN_TOO_LARGE;
      clear = 1;
    }
    TRY(erngen_write(device, ERNGEN_AT_SEQUENCE_FRAMES, ends && !clear ? length : 0));
  }
  while (source->sent < frames) {
    erngen_transfer t;
    uint32_t back;
    t.frames = frames - source->sent < part ? frames - source->sent : part;
    t.input = device->port.input;
    t.input_bytes = t.frames * erngen_frame_bytes(&design->input);
    t.stream = stream;
    pack_frames(design, source, (uint8_t *)device->port.input, t.frames);
    t.ends = (uint8_t)(ends && source->sent == frames);
    back = erngen_output_frames(design, t.frames, t.ends);
    t.output = device->port.output;
    t.output_bytes = back * erngen_frame_bytes(&design->output);
    {
      const erngen_result result = device->port.transfer(device->port.context, &t);
      if (result != ERNGEN_OK) {
        const erngen_result error = look_for_errors(device); /* says more than a time-out */
        return error == ERNGEN_OK ? result : error;
      }
    }
    unpack_frames(design, source, (const uint8_t *)device->port.output, back);
  }
  if (clear) {
    const uint64_t bits = turns(design) == 1 ? stream_bit(stream) : ~(uint64_t)0;
    TRY(erngen_clear_states(device, bits));
  }
  return look_for_errors(device);
}

erngen_result erngen_run(erngen *device, uint32_t stream, const int32_t *x, uint32_t frames, int32_t *y, int ends) {
  frame_source source = {0, 0, 0, 0, 0, 0, 0, 0};
  if (!device || !x || !y) return ERNGEN_BAD_ARGUMENT;
  source.x = x;
  source.y = y;
  return run_frames(device, stream, &source, frames, ends);
}

erngen_result erngen_run_float(erngen *device, uint32_t stream, const float *x, uint32_t frames, float *y, int ends) {
  frame_source source = {0, 0, 0, 0, 0, 0, 0, 0};
  if (!device || !x || !y) return ERNGEN_BAD_ARGUMENT;
  if (device->design->passes) return ERNGEN_UNSUPPORTED; /* the parts of a frame have formats of their own */
  source.x_float = x;
  source.y_float = y;
  return run_frames(device, stream, &source, frames, ends);
}

erngen_result erngen_predict(erngen *device, uint32_t stream, const float *x, uint32_t frames, float *y) {
  return erngen_run_float(device, stream, x, frames, y, 1);
}

erngen_result erngen_predict_sequence(erngen *device, uint32_t stream, const float *x, uint32_t frames, float *y,
                                      int32_t *outputs) {
  const erngen_design *design;
  uint32_t back, pass, t, i;
  size_t part;
  if (!device || !x || !y || !outputs) return ERNGEN_BAD_ARGUMENT;
  design = device->design;
  back = erngen_output_frames(design, frames, 1);
  if (!design->passes || design->stream_by == ERNGEN_BY_TURNS) return ERNGEN_UNSUPPORTED;
  for (i = 0; i < frames * design->output.size; ++i) outputs[i] = 0;
  for (pass = 0; pass < design->passes; ++pass) {
    frame_source source = {0, 0, 0, 0, 0, 0, 0, 0};
    source.sequence = x;
    source.length = frames;
    source.y = outputs;
    TRY(run_frames(device, stream, &source, frames, 1));
  }
  for (i = 0; i < back * design->results; ++i) y[i] = 0;
  for (t = 0; t < back; ++t)
    for (part = 0; part < design->result_parts; ++part) {
      const erngen_part *p = &design->result[part];
      const int32_t *from = outputs + (size_t)(p->mirrored ? back - 1 - t : t) * design->output.size + (uint32_t)p->output;
      float *to = y + (size_t)t * design->results + p->first;
      for (i = 0; i < p->size; ++i) to[i] += erngen_to_float(from[i], &design->output);
    }
  return ERNGEN_OK;
}

/* ---- states ---- */

const erngen_state *erngen_find_state(const erngen_design *design, const char *name, unsigned kind, uint32_t stream) {
  size_t n;
  for (n = 0; n < design->state_count; ++n) {
    const erngen_state *state = &design->states[n];
    const char *a = state->name, *b = name;
    while (*a && *a == *b) ++a, ++b;
    if (*a == *b && state->kind == kind && state->stream == stream) return state;
  }
  return NULL;
}

static uint32_t command_of(const erngen_state *state) {
  const uint32_t kind = state->kind == ERNGEN_CELL ? COMMAND_CELL : state->kind == ERNGEN_SPECTRUM ? COMMAND_SPECTRUM : 0;
  return (uint32_t)state->stream << 8 | kind;
}

static erngen_result name_block(erngen *device, const erngen_state *state, uint32_t block) {
  if (state->kind != ERNGEN_SPECTRUM) TRY(erngen_write(device, ERNGEN_AT_STATE_TILE, state->tile + block));
  if (state->kind != ERNGEN_CELL) {
    const uint32_t at = state->lane + block, columns = device->design->columns;
    TRY(erngen_write(device, ERNGEN_AT_STATE_ROW, (at % columns) << 16 | (state->row + at / columns)));
  }
  return ERNGEN_OK;
}

static int32_t as_signed(uint32_t word) {
  return word & 0x80000000u ? -(int32_t)(0x7fffffffu - (word & 0x7fffffffu)) - 1 : (int32_t)word;
}

/* Element i of a state lies in word i mod K of block i / K; the halted engine's. */
static erngen_result read_blocks(erngen *device, const erngen_state *state, int32_t *values) {
  const uint32_t words = device->design->words;
  uint32_t block, n;
  for (block = 0; block < state->tiles; ++block) {
    TRY(name_block(device, state, block));
    TRY(erngen_write(device, ERNGEN_AT_STATE_COMMAND, command_of(state)));
    for (n = 0; n < words && block * words + n < state->size; ++n) {
      uint32_t word = 0;
      TRY(erngen_read(device, ERNGEN_AT_WINDOW + 4 * n, &word));
      values[block * words + n] = as_signed(word);
    }
  }
  return ERNGEN_OK;
}

static erngen_result write_blocks(erngen *device, const erngen_state *state, const int32_t *values) {
  const uint32_t words = device->design->words;
  uint32_t block, n;
  for (block = 0; block < state->tiles; ++block) {
    for (n = 0; n < words; ++n) {
      const uint32_t i = block * words + n;
      TRY(erngen_write(device, ERNGEN_AT_WINDOW + 4 * n, i < state->size ? (uint32_t)values[i] : 0));
    }
    TRY(name_block(device, state, block));
    if (state->kind == ERNGEN_VECTOR) TRY(erngen_write(device, ERNGEN_AT_STATE_FLAGS, state->flags));
    TRY(erngen_write(device, ERNGEN_AT_STATE_COMMAND, command_of(state) | COMMAND_WRITE));
  }
  return ERNGEN_OK;
}

/* Goes on as before, whatever came between; tells the first thing that went wrong. */
static erngen_result leave_halt(erngen *device, uint32_t control, erngen_result result) {
  const erngen_result left = set_control(device, control);
  return result == ERNGEN_OK ? left : result;
}

erngen_result erngen_read_state(erngen *device, const erngen_state *state, int32_t *values) {
  const uint32_t control = device->control;
  erngen_result result;
  if (!state || !values) return ERNGEN_BAD_ARGUMENT;
  result = erngen_halt(device);
  if (result == ERNGEN_OK) result = read_blocks(device, state, values);
  return leave_halt(device, control, result);
}

erngen_result erngen_write_state(erngen *device, const erngen_state *state, const int32_t *values) {
  const uint32_t control = device->control;
  erngen_result result;
  if (!state || !values) return ERNGEN_BAD_ARGUMENT;
  result = erngen_halt(device);
  if (result == ERNGEN_OK) result = write_blocks(device, state, values);
  return leave_halt(device, control, result);
}

/* A spectrum has as many elements as its blocks have words. */
static size_t state_words(const erngen_design *design, const erngen_state *state) {
  return state->kind == ERNGEN_SPECTRUM ? (size_t)state->tiles * design->words : state->size;
}

size_t erngen_saved_words(const erngen_design *design, uint32_t stream) {
  size_t words = 1, n; /* the first: whether the stream begins with its initial state */
  for (n = 0; n < design->state_count; ++n)
    if (design->states[n].stream == stream) words += state_words(design, &design->states[n]);
  return words;
}

static erngen_result is_fresh(erngen *device, uint32_t stream, int32_t *fresh) {
  uint32_t word = 0;
  TRY(erngen_read(device, stream < 32 ? ERNGEN_AT_STATE_CLEAR : ERNGEN_AT_STATE_CLEAR_HIGH, &word));
  *fresh = (int32_t)(word >> (stream % 32) & 1u);
  return ERNGEN_OK;
}

/* A state as its blocks are moved: a spectrum whole. */
static erngen_state as_moved(const erngen_design *design, const erngen_state *state) {
  erngen_state whole = *state;
  whole.size = (uint32_t)state_words(design, state);
  return whole;
}

static erngen_result save_halted(erngen *device, uint32_t stream, int32_t *words) {
  const erngen_design *design = device->design;
  size_t n;
  TRY(is_fresh(device, stream, words++));
  for (n = 0; n < design->state_count; ++n) {
    const erngen_state state = as_moved(design, &design->states[n]);
    if (state.stream != stream) continue;
    TRY(read_blocks(device, &state, words));
    words += state.size;
  }
  return ERNGEN_OK;
}

static erngen_result restore_halted(erngen *device, uint32_t stream, const int32_t *words) {
  const erngen_design *design = device->design;
  const int32_t fresh = *words++;
  size_t n;
  if (fresh) return erngen_clear_states(device, stream_bit(stream));
  for (n = 0; n < design->state_count; ++n) {
    const erngen_state state = as_moved(design, &design->states[n]);
    if (state.stream != stream) continue;
    TRY(write_blocks(device, &state, words));
    words += state.size;
  }
  return ERNGEN_OK;
}

erngen_result erngen_save(erngen *device, uint32_t stream, int32_t *words) {
  const uint32_t control = device->control;
  erngen_result result;
  if (!words || stream >= device->design->streams) return ERNGEN_BAD_ARGUMENT;
  result = erngen_halt(device);
  if (result == ERNGEN_OK) result = save_halted(device, stream, words);
  return leave_halt(device, control, result);
}

erngen_result erngen_restore(erngen *device, uint32_t stream, const int32_t *words) {
  const uint32_t control = device->control;
  erngen_result result;
  if (!words || stream >= device->design->streams) return ERNGEN_BAD_ARGUMENT;
  result = erngen_halt(device);
  if (result == ERNGEN_OK) result = restore_halted(device, stream, words);
  return leave_halt(device, control, result);
}

erngen_result erngen_clear_states(erngen *device, uint64_t streams) {
  const uint32_t low = (uint32_t)(streams & 0xffffffffu), high = (uint32_t)(streams >> 32);
  if (low) TRY(erngen_write(device, ERNGEN_AT_STATE_CLEAR, low));
  return high && device->design->streams > 32 ? erngen_write(device, ERNGEN_AT_STATE_CLEAR_HIGH, high) : ERNGEN_OK;
}

/* ---- interrupt ---- */

erngen_result erngen_irq_enable(erngen *device, uint32_t causes) {
  return erngen_write(device, ERNGEN_AT_INTERRUPT_ENABLE, causes);
}
erngen_result erngen_irq_causes(erngen *device, uint32_t *causes) {
  return erngen_read(device, ERNGEN_AT_INTERRUPT_CAUSE, causes);
}
erngen_result erngen_irq_clear(erngen *device, uint32_t causes) {
  return erngen_write(device, ERNGEN_AT_INTERRUPT_CAUSE, causes);
}
erngen_result erngen_irq_frames(erngen *device, uint32_t frames) {
  if (frames > MOST_SEQUENCE_FRAMES) return ERNGEN_BAD_ARGUMENT;
  return erngen_write(device, ERNGEN_AT_INTERRUPT_FRAMES, frames);
}

erngen_result erngen_irq_wait(erngen *device, uint32_t *causes) {
  wait_state w = start_wait(device);
  for (;;) {
    const int late = waited_too_long(device, &w);
    TRY(erngen_read(device, ERNGEN_AT_INTERRUPT_STATUS, causes));
    if (*causes) return ERNGEN_OK;
    if (late) return ERNGEN_TIMEOUT;
    if (device->port.wait) TRY(device->port.wait(device->port.context));
  }
}
