#include "grail_crc32c.h"

#include <string.h>

// MARK: - Portable: eight tables, eight bytes a step

// A table is linear: an entry is the exclusive or of the entries of its bits. So eight numbers
// stand for the 256 of a table, and the compiler works out the rest.
#define ENTRY(i, a, b, c, d, e, f, g, h)                                                    \
  (((i) & 1 ? a : 0) ^ ((i) & 2 ? b : 0) ^ ((i) & 4 ? c : 0) ^ ((i) & 8 ? d : 0) ^          \
   ((i) & 16 ? e : 0) ^ ((i) & 32 ? f : 0) ^ ((i) & 64 ? g : 0) ^ ((i) & 128 ? h : 0))
#define ENTRIES_4(i, ...)                                                                   \
  ENTRY(i, __VA_ARGS__), ENTRY(i + 1, __VA_ARGS__), ENTRY(i + 2, __VA_ARGS__),              \
      ENTRY(i + 3, __VA_ARGS__)
#define ENTRIES_16(i, ...)                                                                  \
  ENTRIES_4(i, __VA_ARGS__), ENTRIES_4(i + 4, __VA_ARGS__), ENTRIES_4(i + 8, __VA_ARGS__),  \
      ENTRIES_4(i + 12, __VA_ARGS__)
#define ENTRIES_64(i, ...)                                                                  \
  ENTRIES_16(i, __VA_ARGS__), ENTRIES_16(i + 16, __VA_ARGS__),                              \
      ENTRIES_16(i + 32, __VA_ARGS__), ENTRIES_16(i + 48, __VA_ARGS__)
#define TABLE(...)                                                                          \
  ENTRIES_64(0, __VA_ARGS__), ENTRIES_64(64, __VA_ARGS__), ENTRIES_64(128, __VA_ARGS__),    \
      ENTRIES_64(192, __VA_ARGS__)

// tables[k][i] is the remainder of byte i followed by k zero bytes.
static const uint32_t tables[8][256] = {
    {TABLE(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf,
           0x105ec76f, 0x20bd8ede, 0x417b1dbc, 0x82f63b78)},
    {TABLE(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8,
           0x3fc5f181, 0x7f8be302, 0xff17c604, 0xfbc3faf9)},
    {TABLE(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5,
           0x70a27d8a, 0xe144fb14, 0xc76580d9, 0x8b277743)},
    {TABLE(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6,
           0xe964b13d, 0xd725148b, 0xaba65fe7, 0x52a0c93f)},
    {TABLE(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91,
           0x8f2261d3, 0x1ba8b557, 0x37516aae, 0x6ea2d55c)},
    {TABLE(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f,
           0xc00c303e, 0x85f4168d, 0x0e045beb, 0x1c08b7d6)},
    {TABLE(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53,
           0x9c5bfaa6, 0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4)},
    {TABLE(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da,
           0x847609b4, 0x0d006599, 0x1a00cb32, 0x34019664)},
};

static inline uint32_t little_endian_word(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

uint32_t grail_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  crc = ~crc;
  for (; count >= 8; count -= 8, next += 8) {
    uint32_t low = little_endian_word(next) ^ crc, high = little_endian_word(next + 4);
    crc = tables[7][low & 255] ^ tables[6][low >> 8 & 255] ^ tables[5][low >> 16 & 255] ^
          tables[4][low >> 24] ^ tables[3][high & 255] ^ tables[2][high >> 8 & 255] ^
          tables[1][high >> 16 & 255] ^ tables[0][high >> 24];
  }
  for (; count > 0; count--, next++) crc = crc >> 8 ^ tables[0][(crc ^ *next) & 255];
  return ~crc;
}

// MARK: - By the processor's instruction

#if defined(__x86_64__)

#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(
    uint32_t crc, const uint8_t *next, size_t count) {
  uint64_t wide = (uint32_t)~crc;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word;
    memcpy(&word, next, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = (uint32_t)wide;
  if (count & 4) {
    uint32_t word;
    memcpy(&word, next, 4);
    crc = _mm_crc32_u32(crc, word);
    next += 4;
  }
  if (count & 2) {
    uint16_t word;
    memcpy(&word, next, 2);
    crc = _mm_crc32_u16(crc, word);
    next += 2;
  }
  if (count & 1) crc = _mm_crc32_u8(crc, *next);
  return ~crc;
}

// The processor is asked once, before main; this is a load and a branch.
static inline int has_sse42(void) {
  return __builtin_expect(__builtin_cpu_supports("sse4.2"), 1);
}

uint32_t grail_crc32c(uint32_t crc, const void *bytes, size_t count) {
  if (has_sse42()) return crc32c_sse42(crc, bytes, count);
  return grail_crc32c_portable(crc, bytes, count);
}

// The last one to eight bytes are taken at once: moved to the top of a word, behind zeros that
// leave a checksum of 0 as it is. No branch depends on their number, which varies from point to
// point.
__attribute__((target("sse4.2"))) uint32_t grail_crc32c_padded(
    uint32_t crc, const void *bytes, size_t count) {
  if (!has_sse42() || count == 0) return grail_crc32c_portable(crc, bytes, count);
  const uint8_t *next = bytes;
  uint64_t wide = (uint32_t)~crc, word;
  for (; count > 8; count -= 8, next += 8) {
    memcpy(&word, next, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  memcpy(&word, next, 8);
  uint64_t behind = wide >> 8 * (count - 1) >> 8;
  return ~(uint32_t)(_mm_crc32_u64(0, (word ^ wide) << 8 * (8 - count)) ^ behind);
}

#elif defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

uint32_t grail_crc32c(uint32_t crc, const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  crc = ~crc;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word;
    memcpy(&word, next, 8);
    crc = __crc32cd(crc, word);
  }
  if (count & 4) {
    uint32_t word;
    memcpy(&word, next, 4);
    crc = __crc32cw(crc, word);
    next += 4;
  }
  if (count & 2) {
    uint16_t word;
    memcpy(&word, next, 2);
    crc = __crc32ch(crc, word);
    next += 2;
  }
  if (count & 1) crc = __crc32cb(crc, *next);
  return ~crc;
}

uint32_t grail_crc32c_padded(uint32_t crc, const void *bytes, size_t count) {
  return grail_crc32c(crc, bytes, count);
}

#else

uint32_t grail_crc32c(uint32_t crc, const void *bytes, size_t count) {
  return grail_crc32c_portable(crc, bytes, count);
}

uint32_t grail_crc32c_padded(uint32_t crc, const void *bytes, size_t count) {
  return grail_crc32c_portable(crc, bytes, count);
}

#endif
