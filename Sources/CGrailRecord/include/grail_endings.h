// How a process ends: signals that ask for it, crashes, and `exit`.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Installs handlers for what asks a program to end: SIGINT, SIGTERM and SIGHUP, but for those that
/// are ignored. Returns a descriptor from which the number of the first such signal can be read
/// as one byte, or -1. The second one ends the process at once.
int grail_signals_watch(void);

/// Has writing to a pipe that nobody reads fail, not end the process; children are not affected.
void grail_pipe_watch(void);

/// Installs handlers for the signals of crashes, and those that end a program unasked: they note the
/// signal in the journals that were named, and leave the rest to who handled the signal before.
void grail_crash_watch(void);

/// Lets crashes that this thread causes by using up its stack be noted too.
void grail_crash_cover_thread(void);

/// Names a journal, by its open file, in whose header a signal is noted. Returns whether there
/// was room.
bool grail_crash_add(int journal);

/// Forgets a journal, before its file is closed.
void grail_crash_remove(int journal);

/// Says what is being done before there is a journal, for the line that a crash prints; NULL for
/// nothing. The text is copied.
void grail_crash_say(const char *doing);

/// Calls a function when the process ends by `exit`, with the status where the system tells it,
/// else -1.
void grail_exit_watch(void (*body)(int status));

/// Ends the process by a signal, as if nobody had handled it.
_Noreturn void grail_die_by(int number);

/// The name of a signal, such as `SIGSEGV`; NULL if it has none here.
const char *grail_signal_name(int number);

/// Where a journal's header notes a signal, and how many bytes that takes.
enum { GRAIL_SIGNAL_OFFSET = 72, GRAIL_SIGNAL_LENGTH = 16 };
