#include "grail_digest.h"

#include <string.h>

#include "sha256_instructions.h"

static inline uint32_t rotate_left(uint32_t word, int bits) {
  return word << bits | word >> (32 - bits);
}

static inline uint32_t rotate_right(uint32_t word, int bits) {
  return word >> bits | word << (32 - bits);
}

// MARK: - MD5

static inline uint32_t load_little(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

// The RFC's functions, two of them rearranged to need one operation less.
#define F(x, y, z) ((z) ^ ((x) & ((y) ^ (z))))
#define G(x, y, z) ((y) ^ ((z) & ((x) ^ (y))))
#define H(x, y, z) ((x) ^ (y) ^ (z))
#define I(x, y, z) ((y) ^ ((x) | ~(z)))
#define STEP(f, a, b, c, d, word, bits, sine)      \
  a += f(b, c, d) + load_little(block + 4 * word) + sine; \
  a = b + rotate_left(a, bits);

static void md5_blocks(grail_md5 *state, const uint8_t *block, size_t block_count) {
  uint32_t a = state->words[0], b = state->words[1], c = state->words[2], d = state->words[3];
  for (; block_count > 0; block_count--, block += 64) {
    uint32_t old_a = a, old_b = b, old_c = c, old_d = d;
    STEP(F, a, b, c, d, 0, 7, 0xd76aa478)
    STEP(F, d, a, b, c, 1, 12, 0xe8c7b756)
    STEP(F, c, d, a, b, 2, 17, 0x242070db)
    STEP(F, b, c, d, a, 3, 22, 0xc1bdceee)
    STEP(F, a, b, c, d, 4, 7, 0xf57c0faf)
    STEP(F, d, a, b, c, 5, 12, 0x4787c62a)
    STEP(F, c, d, a, b, 6, 17, 0xa8304613)
    STEP(F, b, c, d, a, 7, 22, 0xfd469501)
    STEP(F, a, b, c, d, 8, 7, 0x698098d8)
    STEP(F, d, a, b, c, 9, 12, 0x8b44f7af)
    STEP(F, c, d, a, b, 10, 17, 0xffff5bb1)
    STEP(F, b, c, d, a, 11, 22, 0x895cd7be)
    STEP(F, a, b, c, d, 12, 7, 0x6b901122)
    STEP(F, d, a, b, c, 13, 12, 0xfd987193)
    STEP(F, c, d, a, b, 14, 17, 0xa679438e)
    STEP(F, b, c, d, a, 15, 22, 0x49b40821)
    STEP(G, a, b, c, d, 1, 5, 0xf61e2562)
    STEP(G, d, a, b, c, 6, 9, 0xc040b340)
    STEP(G, c, d, a, b, 11, 14, 0x265e5a51)
    STEP(G, b, c, d, a, 0, 20, 0xe9b6c7aa)
    STEP(G, a, b, c, d, 5, 5, 0xd62f105d)
    STEP(G, d, a, b, c, 10, 9, 0x02441453)
    STEP(G, c, d, a, b, 15, 14, 0xd8a1e681)
    STEP(G, b, c, d, a, 4, 20, 0xe7d3fbc8)
    STEP(G, a, b, c, d, 9, 5, 0x21e1cde6)
    STEP(G, d, a, b, c, 14, 9, 0xc33707d6)
    STEP(G, c, d, a, b, 3, 14, 0xf4d50d87)
    STEP(G, b, c, d, a, 8, 20, 0x455a14ed)
    STEP(G, a, b, c, d, 13, 5, 0xa9e3e905)
    STEP(G, d, a, b, c, 2, 9, 0xfcefa3f8)
    STEP(G, c, d, a, b, 7, 14, 0x676f02d9)
    STEP(G, b, c, d, a, 12, 20, 0x8d2a4c8a)
    STEP(H, a, b, c, d, 5, 4, 0xfffa3942)
    STEP(H, d, a, b, c, 8, 11, 0x8771f681)
    STEP(H, c, d, a, b, 11, 16, 0x6d9d6122)
    STEP(H, b, c, d, a, 14, 23, 0xfde5380c)
    STEP(H, a, b, c, d, 1, 4, 0xa4beea44)
    STEP(H, d, a, b, c, 4, 11, 0x4bdecfa9)
    STEP(H, c, d, a, b, 7, 16, 0xf6bb4b60)
    STEP(H, b, c, d, a, 10, 23, 0xbebfbc70)
    STEP(H, a, b, c, d, 13, 4, 0x289b7ec6)
    STEP(H, d, a, b, c, 0, 11, 0xeaa127fa)
    STEP(H, c, d, a, b, 3, 16, 0xd4ef3085)
    STEP(H, b, c, d, a, 6, 23, 0x04881d05)
    STEP(H, a, b, c, d, 9, 4, 0xd9d4d039)
    STEP(H, d, a, b, c, 12, 11, 0xe6db99e5)
    STEP(H, c, d, a, b, 15, 16, 0x1fa27cf8)
    STEP(H, b, c, d, a, 2, 23, 0xc4ac5665)
    STEP(I, a, b, c, d, 0, 6, 0xf4292244)
    STEP(I, d, a, b, c, 7, 10, 0x432aff97)
    STEP(I, c, d, a, b, 14, 15, 0xab9423a7)
    STEP(I, b, c, d, a, 5, 21, 0xfc93a039)
    STEP(I, a, b, c, d, 12, 6, 0x655b59c3)
    STEP(I, d, a, b, c, 3, 10, 0x8f0ccc92)
    STEP(I, c, d, a, b, 10, 15, 0xffeff47d)
    STEP(I, b, c, d, a, 1, 21, 0x85845dd1)
    STEP(I, a, b, c, d, 8, 6, 0x6fa87e4f)
    STEP(I, d, a, b, c, 15, 10, 0xfe2ce6e0)
    STEP(I, c, d, a, b, 6, 15, 0xa3014314)
    STEP(I, b, c, d, a, 13, 21, 0x4e0811a1)
    STEP(I, a, b, c, d, 4, 6, 0xf7537e82)
    STEP(I, d, a, b, c, 11, 10, 0xbd3af235)
    STEP(I, c, d, a, b, 2, 15, 0x2ad7d2bb)
    STEP(I, b, c, d, a, 9, 21, 0xeb86d391)
    a += old_a;
    b += old_b;
    c += old_c;
    d += old_d;
  }
  state->words[0] = a;
  state->words[1] = b;
  state->words[2] = c;
  state->words[3] = d;
}

#undef F
#undef G
#undef H
#undef I
#undef STEP

void grail_md5_start(grail_md5 *state) {
  static const uint32_t words[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  memset(state, 0, sizeof *state);
  memcpy(state->words, words, sizeof words);
}

void grail_md5_update(grail_md5 *state, const void *bytes, size_t count) {
  if (count == 0) return;
  const uint8_t *next = bytes;
  size_t held = state->byte_count % 64;
  state->byte_count += count;
  if (held > 0) {
    size_t taken = count < 64 - held ? count : 64 - held;
    memcpy(state->block + held, next, taken);
    if (held + taken < 64) return;
    md5_blocks(state, state->block, 1);
    next += taken;
    count -= taken;
  }
  md5_blocks(state, next, count / 64);
  memcpy(state->block, next + count / 64 * 64, count % 64);
}

void grail_md5_finish(grail_md5 *state, uint8_t *digest) {
  size_t held = state->byte_count % 64;
  uint64_t bit_count = state->byte_count * 8;
  state->block[held++] = 0x80;
  if (held > 56) {
    memset(state->block + held, 0, 64 - held);
    md5_blocks(state, state->block, 1);
    held = 0;
  }
  memset(state->block + held, 0, 56 - held);
  for (int i = 0; i < 8; i++) state->block[56 + i] = (uint8_t)(bit_count >> (8 * i));
  md5_blocks(state, state->block, 1);
  for (int i = 0; i < 16; i++) digest[i] = (uint8_t)(state->words[i / 4] >> (8 * (i % 4)));
}

// MARK: - SHA-256

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t load_big(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
         (uint32_t)bytes[3];
}

// One round; the caller renames the eight words instead of moving them.
#define ROUND(a, b, c, d, e, f, g, h, i)                                                     \
  h += (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) + (g ^ (e & (f ^ g))) + \
       round_constants[i] + w[(i) & 15];                                                     \
  d += h;                                                                                    \
  h += (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +                    \
       ((a & b) | (c & (a | b)));

// The message schedule, kept as the last sixteen words.
static inline void extend(uint32_t *w, int i) {
  uint32_t early = w[(i + 1) & 15], late = w[(i + 14) & 15];
  w[i & 15] += (rotate_right(early, 7) ^ rotate_right(early, 18) ^ early >> 3) + w[(i + 9) & 15] +
               (rotate_right(late, 17) ^ rotate_right(late, 19) ^ late >> 10);
}

static void sha256_blocks(grail_sha256 *state, const uint8_t *block, size_t block_count) {
  if (!state->is_portable && has_sha256_instructions()) {
    sha256_by_instructions(state->words, round_constants, block, block_count);
    return;
  }
  uint32_t w[16];
  for (; block_count > 0; block_count--, block += 64) {
    uint32_t a = state->words[0], b = state->words[1], c = state->words[2], d = state->words[3];
    uint32_t e = state->words[4], f = state->words[5], g = state->words[6], h = state->words[7];
    for (int i = 0; i < 16; i++) w[i] = load_big(block + 4 * i);
    for (int i = 0; i < 64; i += 8) {
      if (i >= 16) {
        for (int j = 0; j < 8; j++) extend(w, i + j);
      }
      ROUND(a, b, c, d, e, f, g, h, i)
      ROUND(h, a, b, c, d, e, f, g, i + 1)
      ROUND(g, h, a, b, c, d, e, f, i + 2)
      ROUND(f, g, h, a, b, c, d, e, i + 3)
      ROUND(e, f, g, h, a, b, c, d, i + 4)
      ROUND(d, e, f, g, h, a, b, c, i + 5)
      ROUND(c, d, e, f, g, h, a, b, i + 6)
      ROUND(b, c, d, e, f, g, h, a, i + 7)
    }
    state->words[0] += a;
    state->words[1] += b;
    state->words[2] += c;
    state->words[3] += d;
    state->words[4] += e;
    state->words[5] += f;
    state->words[6] += g;
    state->words[7] += h;
  }
}

#undef ROUND

void grail_sha256_start(grail_sha256 *state) {
  static const uint32_t words[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  };
  memset(state, 0, sizeof *state);
  memcpy(state->words, words, sizeof words);
}

void grail_sha256_start_portably(grail_sha256 *state) {
  grail_sha256_start(state);
  state->is_portable = true;
}

void grail_sha256_update(grail_sha256 *state, const void *bytes, size_t count) {
  if (count == 0) return;
  const uint8_t *next = bytes;
  size_t held = state->byte_count % 64;
  state->byte_count += count;
  if (held > 0) {
    size_t taken = count < 64 - held ? count : 64 - held;
    memcpy(state->block + held, next, taken);
    if (held + taken < 64) return;
    sha256_blocks(state, state->block, 1);
    next += taken;
    count -= taken;
  }
  sha256_blocks(state, next, count / 64);
  memcpy(state->block, next + count / 64 * 64, count % 64);
}

void grail_sha256_finish(grail_sha256 *state, uint8_t *digest) {
  size_t held = state->byte_count % 64;
  uint64_t bit_count = state->byte_count * 8;
  state->block[held++] = 0x80;
  if (held > 56) {
    memset(state->block + held, 0, 64 - held);
    sha256_blocks(state, state->block, 1);
    held = 0;
  }
  memset(state->block + held, 0, 56 - held);
  for (int i = 0; i < 8; i++) state->block[56 + i] = (uint8_t)(bit_count >> (56 - 8 * i));
  sha256_blocks(state, state->block, 1);
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(state->words[i / 4] >> (24 - 8 * (i % 4)));
}
