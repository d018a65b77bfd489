// The capture of what a program and its children print: descriptors 1 and 2 lead to a process of
// its own, which writes a run's `cout.txt` and `cout.index` and echoes to where they led before.
// docs/output.md describes the files.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A capture that goes on.
typedef struct grail_output grail_output;

/// How output is captured.
typedef struct {
  /// Both files of the record, open for reading and writing; the index begins with its header.
  int text;
  int index;
  /// Whether the program is given a terminal to write to instead of pipes.
  bool uses_terminal;
  /// Regular expressions (POSIX, extended), ended by NULL, or NULL; what matches is not written.
  const char *const *redactions;
  /// Stands for what is not written.
  const char *replacement;
  /// The environment, ended by NULL, in which this program is started again if it ends without
  /// having released the capture; NULL for not at all. The first argument is that of this program.
  char *const *last_environment;
  const char *last_argument;
  /// Is called once, on a thread of its own, if the capturing processes are gone.
  void (*on_loss)(void *context);
  void *context;
} grail_output_settings;

/// Begins to capture. Returns NULL where the system refuses, with `errno`; then nothing is changed.
///
/// Call it before other threads print. One at a time in a process.
grail_output *grail_output_start(const grail_output_settings *settings);

/// What became of a capture.
typedef struct {
  /// The bytes that could not be recorded.
  uint64_t lost;
  /// The error that the last of them met, or 0.
  int loss_error;
  /// Whether all that was printed before is in the files.
  bool is_complete;
} grail_output_end;

/// The number of bytes that could not be recorded so far.
uint64_t grail_output_lost(const grail_output *output);

/// Ends a capture: 1 and 2 lead to where they led before; what was printed is in the files, and
/// on the terminal too unless that takes nothing for a second. What children print later is passed
/// on, and so is what the program prints where the terminal is behind.
grail_output_end grail_output_finish(grail_output *output);

/// Says that the record of the run needs nobody to complete it, and frees what is kept of a capture
/// that was finished.
void grail_output_release(grail_output *output);

/// The descriptor that 1 (or 2) stood for before, of the capture that goes on, else 1 (or 2).
int grail_output_original(int file);

/// Says that the program shows a line on the terminal that is to give way to what is printed next.
void grail_output_shows_line(void);

/// Writes out what the program's standard output holds back, unless another thread is about to.
void grail_flush_output(void);

/// The environment's variable that asks a program to complete the record of a run's directory, and
/// do nothing else.
#define GRAIL_FINISH_VARIABLE "GRAIL_FINISH_RUN"

/// The number of bytes of one record of the index.
enum { GRAIL_OUTPUT_RECORD = 24 };

/// What a record of the index is about.
enum {
  GRAIL_OUTPUT_TEXT = 0,
  GRAIL_OUTPUT_LOST = 1,
  GRAIL_OUTPUT_END = 2,
};

/// Makes a record of the index.
void grail_output_record(uint8_t *record, int64_t offset, int64_t time, uint32_t length,
                         uint8_t stream, uint8_t kind);
