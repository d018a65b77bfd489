// Descriptors in processes that are about to become something else.
#pragma once

#include <stddef.h>

/// Moves a descriptor out of the places of the standard streams, which may be free in a program
/// that closed them. Returns its new number, or -1.
int grail_away_from_standard(int file);

/// Closes all descriptors from 3 on but some; -1 among these is none. Safe after `fork`.
void grail_close_others(const int *kept, size_t count);
