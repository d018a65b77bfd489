// What is known of this program's file, of any file's identity, and of the machine.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What changes when a file is written or replaced. Times are nanoseconds since 1970.
typedef struct {
  uint64_t device;
  uint64_t inode;
  int64_t byte_count;
  int64_t modified;
  int64_t changed;
} grail_file_identity;

/// Describes a regular file. Returns whether there is one.
bool grail_identify_file(const char *path, grail_file_identity *identity);

/// The path of this program's file, as text. Returns its length, or 0 if it is unknown.
size_t grail_program_path(char *text, size_t capacity);

/// The id that the linker gave this program, from memory. Returns its length in bytes, or 0 if
/// it has none.
size_t grail_program_build_id(uint8_t *bytes, size_t capacity);

/// The size of the machine's memory in bytes; 0 if it is unknown.
uint64_t grail_memory_size(void);

/// The number of processors that the system uses; 0 if it is unknown.
int64_t grail_processor_count(void);

/// The variables of the environment, as texts `NAME=VALUE`, ended by NULL.
char **grail_environment(void);
