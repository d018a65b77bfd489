// The capture of output, as its parts share it.
//
// Three processes take part. The *program* prints into pipes, whose other ends it keeps too, so
// that nobody who prints is ever told that a pipe is broken. The *writer* moves what is in the
// pipes to the files and echoes from there. The *guard*, the writer's parent, waits; if somebody
// kills the writer it does the writer's work, and if the guard is gone too, a thread of the
// program does. All three run `output_serve`, one after the other, and what one needs to know of
// the one before lies in memory that they share or in the files.
//
// A file a part: `output_index.c`, the files; `output_echo.c`; `output_pipes.c`, from the pipes to
// both; `output_writer.c`, the processes that do all this; `grail_output.c`, the program's side.
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "grail_output.h"
#include "grail_system.h"
#include "output_system.h"

enum { BUFFER_SIZE = 64 << 10, STREAMS = 2 };

// How far an echo has come.
struct progress {
  int64_t record;  // the record of the index that is echoed, or the next
  uint32_t done;   // how much of its text is
  bool is_broken;
};

// What the next one needs to go on where another was killed.
struct shared {
  uint64_t lost;
  int loss_error;  // why the last of it is
  struct progress progress[STREAMS];
  // The stream of which bytes are moved to the file at the moment.
  uint8_t stream;
  // Whether the end of the recording is in the index.
  bool is_ended;
  bool is_asked_to_end;
  // Whether the terminal shows a line of the program's own that gives way to what is printed.
  bool shows_line;
  // Whether the program has said that it needs nobody to complete its record.
  bool is_released;
  // The beginnings of lines that wait for their ends before they are redacted.
  uint32_t held[STREAMS];
  uint8_t lines[STREAMS][BUFFER_SIZE];
};

struct echo {
  int file;
  enum output_kind kind;
};

struct record {
  int64_t offset;  // where its text begins
  int64_t time;
  uint32_t length;
  uint8_t stream;
  uint8_t kind;
};

struct grail_output {
  int text;
  int index;
  int sources[STREAMS];  // where the streams are read from; -1 once they have ended
  int source_count;      // 1 where both streams go to one place
  int control;           // the program's end
  int program;           // tells when the program has ended, or -1
  struct shared *shared;
  struct echo echoes[STREAMS];
  int originals[STREAMS];

  regex_t *redactions;
  size_t redaction_count;
  char *replacement;

  char **last_environment;
  char *last_argument;

  // The program's side.
  pid_t guard;  // if it is a child of the program, else -1
  int wake[2];
  int writing[STREAMS];  // where pipes take what is printed, or -1
  int terminal;  // the side that the program writes to, or -1
  grail_thread *watcher;
  void (*on_loss)(void *context);
  void *context;
  bool is_lost;

  // The writer's side.
  int64_t length;        // of the text
  int64_t record_count;  // of the index
  struct record last;
  bool is_last_sealed;     // it belongs to another process
  bool is_last_unwritten;  // there was no space for it
  uint64_t unnoted;        // bytes lost that no record says yet
  bool splices;
};

// MARK: - The files

/// Reads a record of the index. Returns whether it is there.
bool output_read_record(grail_output *output, int64_t number, struct record *record);

/// Notes the text that was last stored, or what became of it, in the index.
void output_add_record(grail_output *output, uint8_t stream, uint8_t kind, uint32_t length);

/// Notes that bytes of the stream that is moved at the moment are lost, and why.
void output_note_loss(grail_output *output, uint64_t count, int error);

/// Finds out where the files end. What another moved and had no time to note is noted now.
void output_take_up(grail_output *output);

// MARK: - The echo

/// Writes without waiting. Returns the count, 0 if nothing is taken now, -1 if nothing ever is.
ssize_t output_write_some(struct echo *echo, const void *bytes, size_t count);

/// Whether an echo is behind and may catch up.
bool output_is_behind(grail_output *output, int number);

/// Echoes what can be echoed without waiting. Returns whether something was.
bool output_echo_some(grail_output *output, int number);

/// Echoes bytes that are in no file, if that is possible soon.
void output_echo_directly(grail_output *output, int number, const uint8_t *bytes, size_t count);

/// Waits until something is possible with a descriptor.
void output_wait_for(int file, short events, int milliseconds);

// MARK: - From the pipes to the files

/// Moves what is in a pipe to the text. Returns the count; 0 at its end, -1 if there is nothing.
ssize_t output_move_some(grail_output *output, int source);

/// Closes a pipe, and stores what is held back of it.
void output_end_source(grail_output *output, int source);

/// Moves all that is in the pipes now. What others print meanwhile may go on for ever, so there is
/// a limit to what counts as now.
void output_drain(grail_output *output);

// MARK: - The writer

// What the program tells the writer, and the writer the program.
enum { FINISH = 'F', RELEASE = 'L', RECORDED = 'R', ECHOED = 'E', PROGRESS = 'P', GONE = 'G' };

/// Says a word at one end of the pair between program and writer.
void output_tell(int control, char what);

/// Moves what was printed until now, and notes the end of the recording in the index.
void output_end_recording(grail_output *output);

/// Does the writer's work until nobody prints any more, or, in the program itself, until it is
/// asked to end. `control` tells when the recording ends: by a word, or by its own end if the
/// program is gone.
void output_serve(grail_output *output, int control, bool is_in_program);

/// Starts the guard, and so the writer, with their end of the pair. Returns whether it was started.
bool output_start_processes(grail_output *output, int control);
