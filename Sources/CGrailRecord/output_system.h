// What differs between systems in the capture of output.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// How a descriptor is written to without waiting.
enum output_kind {
  OUTPUT_READY,   // it never waits: a file, or opened again for that
  OUTPUT_SOCKET,  // a socket, which can be told at each call
  OUTPUT_POLLED,  // asked first, and given little at once
};

/// Finds the way to write to a descriptor without waiting, and without changing it for others who
/// have it. `echo` becomes a descriptor for that, the same one or a new one.
enum output_kind output_echo(int file, int *echo);

/// Moves bytes from a pipe to a place of a file within the kernel. Returns their count; 0 at the
/// pipe's end; -1 with `errno`, EAGAIN where there is nothing now, EINVAL where that is not known.
ssize_t output_splice(int pipe, int file, int64_t offset, size_t count);

/// Opens a terminal of the same size and kind as another, if that is one: its two sides.
bool output_open_terminal(int like, int *reading, int *writing);

/// The path of a file that is this program, also if it was replaced meanwhile. Returns its
/// length, or 0.
size_t output_program_path(char *path, size_t capacity);

/// Gives the process a name in lists of processes.
void output_name_process(const char *name);

/// A descriptor that can be read once this process has ended; -1 where there is none.
int grail_watch_process(void);

/// Forks a child whose end is announced to nobody and which a wait for any child does not meet.
/// It may call only what is safe in a signal handler. Returns -1 where there is no such thing.
pid_t output_fork_unnoticed(void);

/// Forks without what the C library does then, which waits for locks that threads held which are
/// not there any more. The child may call only what is safe in a signal handler.
pid_t output_fork_plainly(void);

/// Waits for an unnoticed child, which is about to end.
void output_wait_unnoticed(pid_t child);
