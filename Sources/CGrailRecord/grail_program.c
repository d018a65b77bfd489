#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "grail_program.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__)
#include <link.h>
#elif defined(__APPLE__)
#include <crt_externs.h>
#include <mach-o/dyld.h>
#include <mach-o/loader.h>
#include <sys/sysctl.h>
#endif

static int64_t nanoseconds(struct timespec time) {
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

bool grail_identify_file(const char *path, grail_file_identity *identity) {
  struct stat status;
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return false;
#if defined(__APPLE__)
  struct timespec modified = status.st_mtimespec, changed = status.st_ctimespec;
#else
  struct timespec modified = status.st_mtim, changed = status.st_ctim;
#endif
  *identity = (grail_file_identity){
      .device = (uint64_t)status.st_dev,
      .inode = (uint64_t)status.st_ino,
      .byte_count = (int64_t)status.st_size,
      .modified = nanoseconds(modified),
      .changed = nanoseconds(changed),
  };
  return true;
}

int64_t grail_processor_count(void) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? count : 0;
}

#if defined(__linux__)

extern char **environ;

char **grail_environment(void) { return environ; }

size_t grail_program_path(char *text, size_t capacity) {
  ssize_t length = readlink("/proc/self/exe", text, capacity);
  return length > 0 && (size_t)length < capacity ? (size_t)length : 0;
}

struct build_id {
  uint8_t *bytes;
  size_t capacity;
  size_t length;
};

// Looks for the note of the linker, of type 3 and named "GNU", in the notes of one segment.
static void find_in_notes(const char *notes, size_t size, struct build_id *id) {
  size_t at = 0;
  while (at + sizeof(ElfW(Nhdr)) <= size) {
    ElfW(Nhdr) head;
    memcpy(&head, notes + at, sizeof head);
    size_t name = at + sizeof head;
    size_t content = name + ((head.n_namesz + 3) & ~(size_t)3);
    size_t next = content + ((head.n_descsz + 3) & ~(size_t)3);
    if (content > size || next > size || next <= at) return;
    if (head.n_type == 3 && head.n_namesz == 4 && memcmp(notes + name, "GNU", 4) == 0) {
      id->length = head.n_descsz < id->capacity ? head.n_descsz : id->capacity;
      memcpy(id->bytes, notes + content, id->length);
      return;
    }
    at = next;
  }
}

// The first object is the program itself.
static int look_at_program(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  struct build_id *id = context;
  for (int at = 0; at < object->dlpi_phnum && id->length == 0; at++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[at];
    if (segment->p_type != PT_NOTE) continue;
    find_in_notes((const char *)(object->dlpi_addr + segment->p_vaddr), segment->p_memsz, id);
  }
  return 1;
}

size_t grail_program_build_id(uint8_t *bytes, size_t capacity) {
  struct build_id id = {bytes, capacity, 0};
  dl_iterate_phdr(look_at_program, &id);
  return id.length;
}

uint64_t grail_memory_size(void) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : 0;
}

#elif defined(__APPLE__)

char **grail_environment(void) { return *_NSGetEnviron(); }

size_t grail_program_path(char *text, size_t capacity) {
  uint32_t size = (uint32_t)capacity;
  return _NSGetExecutablePath(text, &size) == 0 ? strnlen(text, capacity) : 0;
}

size_t grail_program_build_id(uint8_t *bytes, size_t capacity) {
  const struct mach_header_64 *header = (const struct mach_header_64 *)_dyld_get_image_header(0);
  if (header == NULL || header->magic != MH_MAGIC_64 || capacity < 16) return 0;
  const char *command = (const char *)(header + 1);
  for (uint32_t at = 0; at < header->ncmds; at++) {
    const struct load_command *head = (const struct load_command *)command;
    if (head->cmd == LC_UUID) {
      memcpy(bytes, ((const struct uuid_command *)head)->uuid, 16);
      return 16;
    }
    command += head->cmdsize;
  }
  return 0;
}

uint64_t grail_memory_size(void) {
  uint64_t size = 0;
  size_t length = sizeof size;
  return sysctlbyname("hw.memsize", &size, &length, NULL, 0) == 0 ? size : 0;
}

#endif
