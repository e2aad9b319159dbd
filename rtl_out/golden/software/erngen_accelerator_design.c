/* erngen_accelerator for the driver in erngen.h. Made by erngen 0.2.0. */
#include "erngen_accelerator_design.h"

/* name, kind, stream, width, fraction, size, tiles, tile, row, lane, flags */
static const erngen_state states[] = {
  {"c0", ERNGEN_CELL, 0u, 13u, 10, 4u, 1u, 0u, 0u, 0u, 0u},
  {"h0", ERNGEN_VECTOR, 0u, 8u, 7, 4u, 1u, 0u, 0u, 0u, 4101u},
};

const erngen_design erngen_accelerator_design = {
  "erngen_accelerator",
  0x00000200u, /* version */
  0x47b23901u, /* configuration */
  1u, /* streams */
  4u, /* words */
  1u, /* columns */
  {3u, 4u, 16u, 8u, 7}, /* input: elements, of a beat, bits of a lane, width, fraction */
  {2u, 4u, 16u, 8u, 7}, /* output */
  ERNGEN_END_TUSER, /* what ends a sequence */
  ERNGEN_BY_TID, /* whose a frame is */
  1, /* the input has tlast in each frame's last beat */
  0, /* the output has tlast per sequence */
  0, /* only last frames come out */
  states, sizeof states / sizeof states[0],
  0u, 0u, 0u, /* whole sequences: values of a frame and of a result, passes */
  0, 0,
  0, 0
};
