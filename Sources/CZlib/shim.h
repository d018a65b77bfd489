// zlib, which every system brings: deflate, gzip and CRC-32.
#include <zlib.h>
