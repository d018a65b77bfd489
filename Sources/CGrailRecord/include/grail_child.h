// Programs that are started beside a run, unnoticed by the program that the run is of: on Linux
// their ends raise no SIGCHLD, and a wait for any child does not meet them.
#pragma once

#include <stdint.h>

/// Starts a program in a session of its own, without a terminal, input and error output.
///
/// - `path`: the program's file; `arguments` and `environment` end in NULL.
/// - `folder`: where it runs.
/// - `output`: becomes a descriptor to read its output from, which does not block.
///
/// Returns the child's id, or minus the error's number.
int64_t grail_child_start(const char *path, char *const *arguments, char *const *environment,
                          const char *folder, int *output);

/// Looks whether a child has ended, without waiting. Returns 1 with its exit status, 256 plus the
/// signal where one ended it; 0 while it runs; -1 where that cannot be known.
int grail_child_poll(int64_t child, int *status);

/// Ends a child and what it started. It is still to be asked for by `grail_child_poll`.
void grail_child_kill(int64_t child);
