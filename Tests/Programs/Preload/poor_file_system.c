// Makes files look like those of a poor file system: no locks, no reserved space, no shared
// mappings. Counters in memory of the program's own need a mapping, so a file whose name ends in
// "counters" keeps it.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

int flock(int file, int operation) {
  (void)file, (void)operation;
  errno = ENOLCK;
  return -1;
}

int fallocate(int file, int mode, off_t offset, off_t length) {
  (void)file, (void)mode, (void)offset, (void)length;
  errno = EOPNOTSUPP;
  return -1;
}

int fallocate64(int file, int mode, off_t offset, off_t length) {
  return fallocate(file, mode, offset, length);
}

static int is_counters(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  return length > 8 && memcmp(path + length - 8, "counters", 8) == 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  if (flags & MAP_SHARED && file >= 0 && !is_counters(file)) {
    errno = ENODEV;
    return MAP_FAILED;
  }
  void *(*next)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, "mmap");
  return next(address, length, protection, flags, file, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  return mmap(address, length, protection, flags, file, offset);
}
