/* Another network for a running accelerator: the load streams of `erngen weights`. See erngen.h.
 *
 * A load stream is little-endian 32-bit words: "ERNL", format 1, the design's CONFIGURATION, a hash of the network,
 * blocks, words of data in all blocks, the data's CRC-32 (what WEIGHT_CRC must be); the blocks, each WEIGHT_LANE,
 * WEIGHT_ROW, words, and so many words for WEIGHT_DATA; and the CRC-32 of everything before. */
#include "erngen.h"

#define TRY(call)                          \
  do {                                     \
    const erngen_result try_ = (call);     \
    if (try_ != ERNGEN_OK) return try_;    \
  } while (0)

enum { MAGIC = 0x4c4e5245, FORMAT = 1, HEADER_WORDS = 7, BLOCK_WORDS = 3 };

static uint32_t word_at(const uint8_t *bytes, size_t n) {
  const uint8_t *at = bytes + 4 * n;
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* IEEE 802.3, reflected, four bits at a time. */
static uint32_t crc32(const uint8_t *bytes, size_t size) {
  static const uint32_t table[16] = {0x00000000u, 0x1db71064u, 0x3b6e20c8u, 0x26d930acu, 0x76dc4190u, 0x6b6b51f4u,
                                     0x4db26158u, 0x5005713cu, 0xedb88320u, 0xf00f9344u, 0xd6d6a3e8u, 0xcb61b38cu,
                                     0x9b64c2b0u, 0x86d3d2d4u, 0xa00ae278u, 0xbdbdf21cu};
  uint32_t crc = 0xffffffffu;
  while (size--) {
    crc ^= *bytes++;
    crc = crc >> 4 ^ table[crc & 15u];
    crc = crc >> 4 ^ table[crc & 15u];
  }
  return ~crc;
}

erngen_result erngen_check_load(const erngen_design *design, const void *data, size_t size) {
  const uint8_t *bytes = (const uint8_t *)data;
  const size_t words = size / 4;
  size_t at = HEADER_WORDS, sum = 0;
  uint32_t blocks;
  if (!design || !data || size % 4 || words < HEADER_WORDS + 1) return ERNGEN_BAD_LOAD;
  if (word_at(bytes, 0) != MAGIC || word_at(bytes, 1) != FORMAT || word_at(bytes, 2) != design->configuration)
    return ERNGEN_BAD_LOAD;
  if (word_at(bytes, words - 1) != crc32(bytes, size - 4)) return ERNGEN_BAD_LOAD;
  for (blocks = word_at(bytes, 4); blocks; --blocks) {
    const size_t left = words - 1 - at;
    size_t count;
    if (left < BLOCK_WORDS) return ERNGEN_BAD_LOAD;
    count = word_at(bytes, at + 2);
    if (count > left - BLOCK_WORDS) return ERNGEN_BAD_LOAD;
    at += BLOCK_WORDS + count;
    sum += count;
  }
  return at == words - 1 && sum == word_at(bytes, 5) ? ERNGEN_OK : ERNGEN_BAD_LOAD;
}

static erngen_result load_halted(erngen *device, const uint8_t *bytes) {
  uint32_t blocks, status = 0;
  size_t at = HEADER_WORDS;
  TRY(erngen_clear_errors(device)); /* of an earlier load */
  TRY(erngen_write(device, ERNGEN_AT_WEIGHT_CRC, 0));
  for (blocks = word_at(bytes, 4); blocks; --blocks) {
    uint32_t count = word_at(bytes, at + 2);
    TRY(erngen_write(device, ERNGEN_AT_WEIGHT_LANE, word_at(bytes, at)));
    TRY(erngen_write(device, ERNGEN_AT_WEIGHT_ROW, word_at(bytes, at + 1)));
    for (at += BLOCK_WORDS; count; --count, ++at) TRY(erngen_write(device, ERNGEN_AT_WEIGHT_DATA, word_at(bytes, at)));
  }
  TRY(erngen_write(device, ERNGEN_AT_WEIGHT_CHECK, word_at(bytes, 6)));
  TRY(erngen_read(device, ERNGEN_AT_STATUS, &status));
  if (!(status & ERNGEN_STATUS_ERROR_WEIGHTS)) return erngen_clear_states(device, ~(uint64_t)0);
  device->errors = status;
  return ERNGEN_WEIGHTS;
}

erngen_result erngen_load(erngen *device, const void *bytes, size_t size) {
  const uint32_t control = device->control;
  TRY(erngen_check_load(device->design, bytes, size));
  TRY(erngen_halt(device));
  TRY(load_halted(device, (const uint8_t *)bytes)); /* what is half loaded does not run */
  return control & ERNGEN_CONTROL_HALT ? ERNGEN_OK : erngen_resume(device);
}
