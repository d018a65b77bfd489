#ifndef GRAIL_RECORD_H
#define GRAIL_RECORD_H

#include "grail_child.h"
#include "grail_crc32c.h"
#include "grail_digest.h"
#include "grail_endings.h"
#include "grail_output.h"
#include "grail_program.h"
#include "grail_system.h"

#endif
