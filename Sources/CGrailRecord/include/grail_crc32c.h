// CRC-32C (Castagnoli), the checksum of the journal's blocks.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Continues a running checksum; that of nothing is 0.
///
/// The order of parts is that of the bytes: crc(crc(0, a), b) is the checksum of a and b joined.
/// Takes the processor's own instruction where there is one.
uint32_t grail_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same for bytes with seven more behind them that can be read, which is faster for few bytes.
uint32_t grail_crc32c_padded(uint32_t crc, const void *bytes, size_t count);

/// The same without special instructions, for processors without them and for tests.
uint32_t grail_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

#ifdef __cplusplus
}
#endif
