#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "descriptors.h"
#include "grail_system.h"

#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

int grail_away_from_standard(int file) {
  if (file < 0 || file > STDERR_FILENO) return file;
  int moved = fcntl(file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  close(file);
  return moved;
}

void grail_fill_standard_streams(void) {
  for (int file = STDIN_FILENO; file <= STDERR_FILENO; file++) {
    // The least that is free is taken: this one, as those before it are not.
    if (fcntl(file, F_GETFD) < 0) open("/dev/null", O_RDWR);
  }
}

static void close_range_of(unsigned first, unsigned last) {
  if (first > last) return;
#if defined(SYS_close_range)
  if (syscall(SYS_close_range, first, last, 0) == 0) return;
#endif
  unsigned end = last < 4096 ? last : 4096;
  for (unsigned file = first; file <= end; file++) close((int)file);
}

void grail_close_others(const int *kept, size_t count) {
  unsigned next = STDERR_FILENO + 1;
  for (;;) {
    // The least of those kept that is not below `next`.
    unsigned least = ~0U;
    for (size_t at = 0; at < count; at++) {
      if (kept[at] >= 0 && (unsigned)kept[at] >= next && (unsigned)kept[at] < least) {
        least = (unsigned)kept[at];
      }
    }
    if (least == ~0U) break;
    if (least > next) close_range_of(next, least - 1);
    next = least + 1;
  }
  close_range_of(next, ~0U);
}
