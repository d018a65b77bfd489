// Programs that are started beside a run, unnoticed by the program that the run is of: on Linux
// they are children of another process, so that a wait for any child does not meet them and their
// ends raise no SIGCHLD.
#pragma once

/// A program that was started.
typedef struct grail_child grail_child;

/// Starts a program in a session of its own, without a terminal, input and error output.
///
/// - `path`: the program's file; `arguments` and `environment` end in NULL. All are copied.
/// - `folder`: where it runs.
/// - `output`: becomes a descriptor to read its output from, which does not block.
///
/// Returns NULL where the system has no room for it. A program that cannot be started ends at once.
grail_child *grail_child_start(const char *path, char *const *arguments,
                               char *const *environment, const char *folder, int *output);

/// Looks whether a program has ended, without waiting. Returns 1 with its exit status, 256 plus
/// the signal where one ended it; 0 while it runs; -1 if it could not be started.
int grail_child_poll(grail_child *child, int *status);

/// Ends a program and what it started.
void grail_child_kill(grail_child *child);

/// Gives up what is kept of a program; one that still runs is left to itself.
void grail_child_release(grail_child *child);
