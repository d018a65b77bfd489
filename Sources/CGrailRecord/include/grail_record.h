// Everything that the record does in C. Each part has a header of its own.
#pragma once

#include "grail_crc32c.h"
#include "grail_digest.h"
