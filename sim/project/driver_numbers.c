/* Numbers and frames of the driver on any processor: prints what driver_test.py computes by itself. */
#include <stdio.h>
#include <string.h>

#include "erngen.h"

int main(void) {
  static const erngen_format formats[] = {{5, 4, 16, 12, 9}, {7, 2, 8, 8, 7}, {3, 8, 32, 18, 20}, {9, 4, 16, 16, -3}, {1, 1, 8, 4, 0}};
  uint32_t state = 1, bits;
  size_t f;
  int n;
  for (f = 0; f < sizeof formats / sizeof formats[0]; ++f)
    for (n = 0; n < 40; ++n) {
      const erngen_format *const format = &formats[f];
      float values[9], back[9];
      int32_t raw[9];
      uint8_t frame[64], again[64];
      uint32_t i;
      for (i = 0; i < format->size; ++i) {
        state = state * 1664525u + 1013904223u;
        bits = state;
        memcpy(&values[i], &bits, sizeof bits); /* any float: NaN, infinities, subnormal numbers */
        if (n % 2) values[i] = (float)((int32_t)state >> 12) / (float)(1 << 14);
      }
      erngen_pack_float(format, values, frame);
      erngen_unpack(format, frame, raw);
      erngen_pack(format, raw, again);
      erngen_unpack_float(format, again, back);
      if (memcmp(frame, again, erngen_frame_bytes(format))) return 1;
      for (i = 0; i < format->size; ++i) {
        memcpy(&bits, &values[i], sizeof bits);
        if (raw[i] != erngen_to_fixed(values[i], format) || !(back[i] == erngen_to_float(raw[i], format))) return 2;
        printf("%u %u %08lx %ld %.17g\n", (unsigned)f, (unsigned)erngen_frame_bytes(format), (unsigned long)bits, (long)raw[i], (double)back[i]);
      }
    }
  return 0;
}
