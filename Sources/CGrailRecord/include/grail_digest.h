// MD5 (RFC 1321) and SHA-256 (FIPS 180-4), fed in parts of any size.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An MD5 digest in progress. It tells files apart; it does not protect them.
typedef struct {
  uint32_t words[4];
  uint64_t byte_count;
  uint8_t block[64];
} grail_md5;

/// A SHA-256 digest in progress.
typedef struct {
  uint32_t words[8];
  uint64_t byte_count;
  uint8_t block[64];
  bool is_portable;
} grail_sha256;

/// Sets up a digest of nothing.
void grail_md5_start(grail_md5 *state);
/// Adds bytes.
void grail_md5_update(grail_md5 *state, const void *bytes, size_t count);
/// Writes the digest's 16 bytes; the state cannot be fed afterwards.
void grail_md5_finish(grail_md5 *state, uint8_t *digest);

/// Sets up a digest of nothing.
void grail_sha256_start(grail_sha256 *state);
/// Does the same, and keeps to what every processor has.
void grail_sha256_start_portably(grail_sha256 *state);
/// Adds bytes.
void grail_sha256_update(grail_sha256 *state, const void *bytes, size_t count);
/// Writes the digest's 32 bytes; the state cannot be fed afterwards.
void grail_sha256_finish(grail_sha256 *state, uint8_t *digest);

#ifdef __cplusplus
}
#endif
