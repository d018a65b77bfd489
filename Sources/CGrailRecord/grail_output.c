#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "grail_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "grail_crc32c.h"
#include "grail_system.h"
#include "descriptors.h"
#include "output_system.h"

// Three processes take part. The *program* prints into pipes, whose other ends it keeps too, so
// that nobody who prints is ever told that a pipe is broken. The *writer* moves what is in the
// pipes to the files and echoes from there. The *guard*, the writer's parent, waits; if somebody
// kills the writer it does the writer's work, and if the guard is gone too, a thread of the
// program does. All three run `serve`, one after the other, and what one needs to know of the
// one before lies in memory that they share or in the files.

// MARK: - What is shared

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

static const int64_t index_header = 32;
// Chunks of one stream within this time, in microseconds, share a record.
static const int64_t coalescing = 50000;
static const uint32_t longest_record = 1u << 30;

static void put(uint8_t *bytes, uint64_t bits, int count) {
  for (int at = 0; at < count; at++) bytes[at] = (uint8_t)(bits >> (8 * at));
}

static uint64_t get(const uint8_t *bytes, int count) {
  uint64_t bits = 0;
  for (int at = 0; at < count; at++) bits |= (uint64_t)bytes[at] << (8 * at);
  return bits;
}

void grail_output_record(uint8_t *record, int64_t offset, int64_t time, uint32_t length,
                         uint8_t stream, uint8_t kind) {
  put(record, (uint64_t)offset, 8);
  put(record + 8, (uint64_t)time, 8);
  put(record + 16, length, 4);
  record[20] = stream;
  record[21] = kind;
  put(record + 22, grail_crc32c_portable(0, record, 22), 2);
}

// MARK: - The files

static bool write_all(int file, const void *bytes, size_t count, int64_t offset) {
  while (count > 0) {
    ssize_t written = pwrite(file, bytes, count, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = (const uint8_t *)bytes + written;
    count -= (size_t)written;
    offset += written;
  }
  return true;
}

static bool write_last(grail_output *output) {
  uint8_t record[GRAIL_OUTPUT_RECORD];
  const struct record *last = &output->last;
  grail_output_record(record, last->offset, last->time, last->length, last->stream, last->kind);
  int64_t place = index_header + (output->record_count - 1) * GRAIL_OUTPUT_RECORD;
  output->is_last_unwritten = !write_all(output->index, record, sizeof record, place);
  return !output->is_last_unwritten;
}

static bool read_record(grail_output *output, int64_t number, struct record *record) {
  uint8_t bytes[GRAIL_OUTPUT_RECORD];
  int64_t place = index_header + number * GRAIL_OUTPUT_RECORD;
  if (pread(output->index, bytes, sizeof bytes, place) != sizeof bytes) return false;
  record->offset = (int64_t)get(bytes, 8);
  record->time = (int64_t)get(bytes + 8, 8);
  record->length = (uint32_t)get(bytes + 16, 4);
  record->stream = bytes[20];
  record->kind = bytes[21];
  return true;
}

// Whether text, or a loss, is told by the last record too.
static bool extends_last(grail_output *output, const struct record *next) {
  const struct record *last = &output->last;
  if (output->record_count == 0 || output->is_last_sealed || last->kind != next->kind ||
      next->kind == GRAIL_OUTPUT_END || last->length > longest_record - next->length) {
    return false;
  }
  // Where there is no space for two records, one has to do.
  if (output->is_last_unwritten && !write_last(output)) return true;
  int64_t age = next->time - last->time;
  return last->stream == next->stream && age >= 0 && age < coalescing;
}

static void add_record(grail_output *output, uint8_t stream, uint8_t kind, uint32_t length) {
  int64_t offset = output->length - (kind == GRAIL_OUTPUT_TEXT ? length : 0);
  struct record next = {offset, grail_clock_precise(), length, stream, kind};
  if (extends_last(output, &next)) {
    if (output->last.stream != stream) output->last.stream = 0;
    output->last.length += length;
  } else {
    output->last = next;
    output->is_last_sealed = false;
    output->record_count++;
  }
  write_last(output);
}

static void note_loss(grail_output *output, uint64_t count) {
  output->shared->lost += count;
  while (count > 0) {
    uint32_t part = count < longest_record / 2 ? (uint32_t)count : longest_record / 2;
    add_record(output, output->shared->stream, GRAIL_OUTPUT_LOST, part);
    count -= part;
  }
}

// Finds out where the files end. What another moved and had no time to note is noted now.
static void take_up(grail_output *output) {
  struct stat status;
  int64_t length = fstat(output->text, &status) == 0 ? status.st_size : 0;
  int64_t index = fstat(output->index, &status) == 0 ? status.st_size : 0;
  output->record_count = index > index_header ? (index - index_header) / GRAIL_OUTPUT_RECORD : 0;
  int64_t noted = 0;
  if (output->record_count > 0 && read_record(output, output->record_count - 1, &output->last)) {
    noted = output->last.offset;
    if (output->last.kind == GRAIL_OUTPUT_TEXT) noted += output->last.length;
  }
  output->is_last_sealed = true;
  output->length = noted < length ? noted : length;
  while (output->length < length) {
    int64_t rest = length - output->length;
    uint32_t part = rest < longest_record / 2 ? (uint32_t)rest : longest_record / 2;
    output->length += part;
    add_record(output, output->shared->stream, GRAIL_OUTPUT_TEXT, part);
  }
}

// MARK: - The echo

// Writes without waiting. Returns the count, 0 if nothing is taken now, -1 if nothing ever is.
static ssize_t write_some(struct echo *echo, const void *bytes, size_t count) {
  ssize_t written;
  do {
    switch (echo->kind) {
    case OUTPUT_SOCKET: written = send(echo->file, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL); break;
    case OUTPUT_POLLED: {
      // It may wait where it takes less than this, which a pipe and a terminal seldom do.
      struct pollfd poll_file = {echo->file, POLLOUT, 0};
      if (poll(&poll_file, 1, 0) <= 0) return 0;
      written = write(echo->file, bytes, count < 512 ? count : 512);
      break;
    }
    default: written = write(echo->file, bytes, count);
    }
  } while (written < 0 && errno == EINTR);
  if (written >= 0) return written;
  if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
  // A file on a full disk takes nothing, and says that it would: what is missing there is skipped.
  return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? (ssize_t)count : -1;
}

// Finds the next text that an echo has not got yet. Returns its length, 0 if there is none.
static uint32_t next_text(grail_output *output, int number, int64_t *offset) {
  struct progress *progress = &output->shared->progress[number];
  if (output->echoes[number].file < 0 || progress->is_broken) return 0;
  while (progress->record < output->record_count) {
    struct record record = output->last;
    bool is_last = progress->record == output->record_count - 1;
    if (!is_last && !read_record(output, progress->record, &record)) return 0;
    bool is_own = output->source_count == 1 || record.stream == number + 1 ||
                  (record.stream == 0 && number == 0);
    if (record.kind == GRAIL_OUTPUT_TEXT && is_own && progress->done < record.length) {
      *offset = record.offset + progress->done;
      return record.length - progress->done;
    }
    if (is_last) return 0;
    progress->record++;
    progress->done = 0;
  }
  return 0;
}

// Whether an echo is behind and may catch up.
static bool is_behind(grail_output *output, int number) {
  int64_t offset;
  return next_text(output, number, &offset) > 0;
}

// Echoes what can be echoed without waiting. Returns whether something was.
static bool echo_some(grail_output *output, int number) {
  static uint8_t bytes[BUFFER_SIZE];
  struct progress *progress = &output->shared->progress[number];
  int64_t offset;
  uint32_t length = next_text(output, number, &offset);
  if (length == 0) return false;
  ssize_t count = pread(output->text, bytes, length < sizeof bytes ? length : sizeof bytes, offset);
  if (output->shared->shows_line && isatty(output->echoes[number].file)) {
    output->shared->shows_line = false;
    write_some(&output->echoes[number], "\r\033[K", 4);
  }
  ssize_t written = count > 0 ? write_some(&output->echoes[number], bytes, (size_t)count) : -1;
  if (written < 0) progress->is_broken = true;
  if (written > 0) progress->done += (uint32_t)written;
  return written > 0;
}

static void wait_for(int file, short events, int milliseconds) {
  struct pollfd poll_file = {file, events, 0};
  poll(&poll_file, 1, milliseconds);
}

// Echoes bytes that are in no file, if that is possible soon.
static void echo_directly(grail_output *output, int number, const uint8_t *bytes, size_t count) {
  struct echo *echo = &output->echoes[number];
  struct progress *progress = &output->shared->progress[number];
  for (int tries = 0; tries < 5 && is_behind(output, number); tries++) {
    if (!echo_some(output, number)) wait_for(echo->file, POLLOUT, 10);
  }
  for (int tries = 0; tries < 5 && count > 0 && echo->file >= 0 && !progress->is_broken;) {
    ssize_t written = write_some(echo, bytes, count);
    if (written < 0) progress->is_broken = true;
    if (written <= 0) {
      wait_for(echo->file, POLLOUT, 10);
      tries++;
      continue;
    }
    bytes += written;
    count -= (size_t)written;
  }
}

// MARK: - From the pipes to the files

static uint8_t stream_number(const grail_output *output, int source) {
  return output->source_count == 1 ? 0 : (uint8_t)source + 1;
}

// Writes bytes to the text; what does not fit is echoed and counted.
static void store(grail_output *output, int source, const uint8_t *bytes, size_t count) {
  if (count == 0) return;
  output->shared->stream = stream_number(output, source);
  size_t stored = 0;
  while (stored < count) {
    ssize_t written =
        pwrite(output->text, bytes + stored, count - stored, output->length + (int64_t)stored);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    stored += (size_t)written;
  }
  output->length += (int64_t)stored;
  if (stored > 0) {
    add_record(output, output->shared->stream, GRAIL_OUTPUT_TEXT, (uint32_t)stored);
  }
  if (stored == count) return;
  echo_directly(output, source, bytes + stored, count - stored);
  note_loss(output, count - stored);
}

// Stores a line without what is not to be written.
static void store_redacted(grail_output *output, int source, uint8_t *line, size_t length) {
  size_t at = 0;
  while (at < length) {
    regoff_t first = -1, end = -1;
    for (size_t number = 0; number < output->redaction_count; number++) {
      regmatch_t match = {.rm_so = 0, .rm_eo = (regoff_t)(length - at)};
      int flags = REG_STARTEND | (at > 0 ? REG_NOTBOL : 0);
      if (regexec(&output->redactions[number], (char *)line + at, 1, &match, flags) != 0) continue;
      if (match.rm_eo == match.rm_so) continue;
      if (first < 0 || match.rm_so < first || (match.rm_so == first && match.rm_eo > end)) {
        first = match.rm_so;
        end = match.rm_eo;
      }
    }
    if (first < 0) break;
    store(output, source, line + at, (size_t)first);
    store(output, source, (uint8_t *)output->replacement, strlen(output->replacement));
    at += (size_t)end;
  }
  store(output, source, line + at, length - at);
}

// Redacts and stores the whole lines that are held, and the rest too if nothing more comes.
static void release_lines(grail_output *output, int source, bool is_end) {
  uint8_t *lines = output->shared->lines[source];
  size_t held = output->shared->held[source], start = 0;
  for (size_t at = 0; at < held; at++) {
    if (lines[at] != '\n' && lines[at] != '\r') continue;
    store_redacted(output, source, lines + start, at - start);
    store(output, source, lines + at, 1);
    start = at + 1;
  }
  if (is_end || (start == 0 && held == BUFFER_SIZE)) {
    store_redacted(output, source, lines + start, held - start);
    start = held;
  }
  memmove(lines, lines + start, held - start);
  output->shared->held[source] = (uint32_t)(held - start);
}

// Reads what is in a pipe and stores it. Returns the count; 0 at its end, -1 if there is nothing.
static ssize_t read_some(grail_output *output, int source) {
  if (output->redaction_count > 0) {
    uint32_t held = output->shared->held[source];
    ssize_t count =
        read(output->sources[source], output->shared->lines[source] + held, BUFFER_SIZE - held);
    if (count <= 0) return count;
    output->shared->held[source] = held + (uint32_t)count;
    release_lines(output, source, false);
    return count;
  }
  static uint8_t bytes[BUFFER_SIZE];
  ssize_t count = read(output->sources[source], bytes, sizeof bytes);
  if (count > 0) store(output, source, bytes, (size_t)count);
  return count;
}

// Moves what is in a pipe to the text. Returns the count; 0 at its end, -1 if there is nothing.
static ssize_t move_some(grail_output *output, int source) {
  ssize_t count;
  if (output->splices) {
    // In the kernel, so that a writer that is killed meanwhile holds nothing that would be lost.
    output->shared->stream = stream_number(output, source);
    do count = output_splice(output->sources[source], output->text, output->length, 1 << 20);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
      output->length += count;
      add_record(output, output->shared->stream, GRAIL_OUTPUT_TEXT, (uint32_t)count);
      return count;
    }
    if (count == 0 || errno == EAGAIN) return count;
    // Where there is no space some may be read and counted; other errors mean another way.
    if (errno != ENOSPC && errno != EDQUOT && errno != EFBIG) output->splices = false;
  }
  do count = read_some(output, source);
  while (count < 0 && errno == EINTR);
  if (count < 0 && errno != EAGAIN) return 0;  // a terminal that nobody holds any more
  return count;
}

static void end_source(grail_output *output, int source) {
  release_lines(output, source, true);
  close(output->sources[source]);
  output->sources[source] = -1;
}

// Moves all that is in the pipes now. What others print meanwhile may go on for ever, so there is
// a limit to what counts as now.
static void drain(grail_output *output) {
  int64_t limit = grail_clock_precise() + 2000000;
  for (int source = 0; source < output->source_count; source++) {
    while (output->sources[source] >= 0 && grail_clock_precise() < limit) {
      ssize_t count = move_some(output, source);
      if (count < 0) break;
      if (count == 0) end_source(output, source);
    }
    release_lines(output, source, true);
  }
}

// MARK: - Serving

// What the program tells the writer, and the writer the program.
enum { FINISH = 'F', RELEASE = 'L', RECORDED = 'R', ECHOED = 'E', PROGRESS = 'P', GONE = 'G' };

static void tell(int control, char what) {
  while (send(control, &what, 1, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
}

static void end_recording(grail_output *output) {
  if (output->shared->is_ended) return;
  drain(output);
  add_record(output, output->shared->is_asked_to_end ? 0 : 1, GRAIL_OUTPUT_END, 0);
  output->shared->is_ended = true;
}

// Passes on what children print after the end, as if nobody were between.
static void pass_on(grail_output *output, int source) {
  uint8_t bytes[4096];
  ssize_t count = read(output->sources[source], bytes, sizeof bytes);
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    close(output->sources[source]);
    output->sources[source] = -1;
    return;
  }
  struct echo *echo = &output->echoes[source];
  struct progress *progress = &output->shared->progress[source];
  for (ssize_t at = 0; at < count && echo->file >= 0 && !progress->is_broken;) {
    ssize_t written = write_some(echo, bytes + at, (size_t)(count - at));
    if (written < 0) progress->is_broken = true;
    if (written == 0) wait_for(echo->file, POLLOUT, 1000);
    if (written > 0) at += written;
  }
}

// Runs the program once more, to complete the record of its run.
static void start_again(grail_output *output) {
  if (output->last_environment == NULL) return;
  if (output_fork_plainly() != 0) return;
  char path[4096];
  size_t length = output_program_path(path, sizeof path - 1);
  if (length == 0) _exit(127);
  path[length] = 0;
  grail_close_others(NULL, 0);
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
  char *arguments[] = {output->last_argument, NULL};
  execve(path, arguments, output->last_environment);
  _exit(127);
}

// Does the writer's work until nobody prints any more, or, in the program itself, until it is
// asked to end. `control` tells when the recording ends: by a word, or by its own end if the
// program is gone.
static void serve(grail_output *output, int control, bool is_in_program) {
  take_up(output);
  struct shared *shared = output->shared;
  int program = is_in_program ? -1 : output->program;
  bool is_echoed = false;
  int64_t told = 0;
  if (shared->is_asked_to_end && !shared->is_ended && !is_in_program) {
    // Whoever was asked is gone.
    end_recording(output);
    tell(control, RECORDED);
  }
  for (;;) {
    bool is_open = false, is_any_behind = false, is_over = shared->is_ended;
    struct pollfd files[2 + 2 * STREAMS] = {{control, POLLIN, 0}, {program, POLLIN, 0}};
    for (int number = 0; number < STREAMS; number++) {
      bool behind = number < output->source_count && is_behind(output, number);
      is_any_behind = is_any_behind || behind;
      is_open = is_open || output->sources[number] >= 0;
      files[2 + number] = (struct pollfd){output->sources[number], POLLIN, 0};
      files[4 + number] = (struct pollfd){behind ? output->echoes[number].file : -1, POLLOUT, 0};
    }
    if (is_over && !is_any_behind && !is_echoed) {
      is_echoed = true;
      if (control >= 0) tell(control, ECHOED);
    }
    if (is_over && !is_any_behind && (!is_open || is_in_program) && control < 0) return;
    // What children print later comes behind what is still to be echoed.
    if (is_over && is_any_behind) files[2].fd = files[3].fd = -1;
    int wait = is_over && is_in_program ? 1000 : -1;
    int found = poll(files, 2 + 2 * STREAMS, wait);
    if (found < 0 && errno != EINTR) return;
    if (found == 0) return;

    // Reading first: who prints never waits for who looks.
    for (int source = 0; source < output->source_count; source++) {
      if (output->sources[source] < 0 || files[2 + source].revents == 0) continue;
      if (is_over) {
        pass_on(output, source);
      } else if (move_some(output, source) == 0) {
        end_source(output, source);
      }
    }
    for (int number = 0; number < output->source_count; number++) {
      if (!echo_some(output, number) || !is_over || control < 0) continue;
      int64_t now = grail_clock_coarse();
      if (now - told < 100000) continue;
      told = now;
      tell(control, PROGRESS);
    }
    if (control < 0 || (files[0].revents == 0 && files[1].revents == 0)) continue;
    char what = 0;
    ssize_t count = recv(control, &what, 1, MSG_DONTWAIT);
    bool is_gone = files[1].revents != 0;
    if (count < 0 && (errno == EAGAIN || errno == EINTR) && !is_gone) continue;
    if (count == 1 && what == RELEASE) {
      shared->is_released = true;
    } else if (count == 1 && what == FINISH) {
      shared->is_asked_to_end = true;
      end_recording(output);
      tell(control, RECORDED);
    } else {
      end_recording(output);
      if (!is_in_program && !shared->is_released) start_again(output);
      control = program = -1;
    }
  }
}

// MARK: - The processes

// What follows `fork` in a program that may have threads.
static void become_guard(grail_output *output, int control) {
  setsid();
  signal(SIGCHLD, SIG_DFL);
  const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTTOU, SIGTTIN, SIGTSTP,
                         SIGUSR1, SIGUSR2, SIGALRM, SIGWINCH, SIGXFSZ};
  for (size_t at = 0; at < sizeof ignored / sizeof *ignored; at++) signal(ignored[at], SIG_IGN);
  const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
  for (size_t at = 0; at < sizeof faults / sizeof *faults; at++) signal(faults[at], SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  output_name_process("grail-output");
  int null = open("/dev/null", O_RDWR);
  for (int file = 0; file < 3; file++) dup2(null, file);
  int kept[4 + 2 * STREAMS] = {output->text, output->index, control, output->program};
  for (int number = 0; number < STREAMS; number++) {
    kept[4 + number] = output->sources[number];
    kept[4 + STREAMS + number] = output->echoes[number].file;
  }
  grail_close_others(kept, sizeof kept / sizeof *kept);
  if (chdir("/") != 0) {}

  pid_t writer = output_fork_plainly();
  if (writer > 0) {
    int status = 0;
    pid_t ended;
    do ended = waitpid(writer, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended == writer && WIFEXITED(status)) _exit(0);
  }
  // The writer itself, or the guard if there is no writer or it was killed.
  signal(SIGCHLD, SIG_IGN);
  serve(output, control, false);
  _exit(0);
}

// Starts the guard. Whether as a child that no wait but one that asks for it meets, or as nobody's:
// a program's own wait for any child meets no stranger.
static bool start_processes(grail_output *output, int control) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  // Who redacts needs memory, which only `fork` leaves in order for a program with threads.
  output->guard = output->redaction_count == 0 ? output_fork_unnoticed() : -1;
  if (output->guard == 0) become_guard(output, control);
  bool is_started = output->guard > 0;
  if (!is_started) {
    pid_t first = fork();
    if (first == 0) {
      pid_t guard = fork();
      if (guard == 0) become_guard(output, control);
      _exit(guard < 0 ? 1 : 0);
    }
    int status = 0;
    pid_t ended = -1;
    if (first > 0) {
      do ended = waitpid(first, &status, 0);
      while (ended < 0 && errno == EINTR);
    }
    // Where another part of the program took the status, it is taken for a good one.
    is_started = first > 0 && (ended != first || status == 0);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return is_started;
}

// MARK: - The program's side

static grail_output *current;
static pthread_mutex_t current_lock = PTHREAD_MUTEX_INITIALIZER;

int grail_output_original(int file) {
  pthread_mutex_lock(&current_lock);
  int original = file;
  if (current != NULL && (file == 1 || file == 2)) original = current->originals[file - 1];
  pthread_mutex_unlock(&current_lock);
  return original;
}

void grail_output_shows_line(void) {
  pthread_mutex_lock(&current_lock);
  if (current != NULL) current->shared->shows_line = true;
  pthread_mutex_unlock(&current_lock);
}

void grail_flush_output(void) {
  // Not all streams: a thread that waits for input holds that one's lock.
  if (ftrylockfile(stdout) != 0) return;
  fflush(stdout);
  funlockfile(stdout);
}

// Who prints from now on prints to where it went before.
static void restore(grail_output *output) {
  grail_flush_output();
  for (int number = 0; number < STREAMS; number++) dup2(output->originals[number], 1 + number);
}

static const char lost_message[] =
    "grail: the process that records the output is gone; what is printed from now on is not "
    "recorded\n";

static void watch(void *argument) {
  grail_output *output = argument;
  struct pollfd files[2] = {{output->control, POLLIN, 0}, {output->wake[0], POLLIN, 0}};
  for (;;) {
    if (poll(files, 2, -1) < 0 && errno != EINTR) return;
    if (files[1].revents != 0) return;
    if (files[0].revents != 0) break;
  }
  // Both processes are gone, or stay so: the writer says nothing before it is asked.
  __atomic_store_n(&output->is_lost, true, __ATOMIC_SEQ_CST);
  for (int number = 0; number < STREAMS; number++) dup2(output->originals[number], 1 + number);
  if (output->terminal >= 0) close(output->terminal);
  output->terminal = -1;
  // Who does not look at the moment is not waited for.
  write_some(&output->echoes[1], lost_message, sizeof lost_message - 1);
  output->on_loss(output->context);
  serve(output, output->wake[0], true);
}

// Keeps both ends of a pair out of the places of the standard streams, and from other programs.
static bool keep_pair(int result, int ends[2]) {
  if (result != 0) return false;
  for (int end = 0; end < 2; end++) {
    ends[end] = grail_away_from_standard(ends[end]);
    if (ends[end] < 0) return false;
    fcntl(ends[end], F_SETFD, FD_CLOEXEC);
  }
  return true;
}

// The terminal whose size the program's own follows, and the signal's handler before.
static int window_original = -1, window_copy = -1;
static struct sigaction before_window;

static void handle_window(int number) {
  (void)number;
  int error = errno;
  struct winsize size;
  if (ioctl(window_original, TIOCGWINSZ, &size) == 0) ioctl(window_copy, TIOCSWINSZ, &size);
  errno = error;
}

static void follow_window(int original, int copy) {
  window_original = original;
  window_copy = copy;
  struct sigaction action = {.sa_handler = handle_window, .sa_flags = SA_RESTART};
  sigaction(SIGWINCH, &action, &before_window);
}

static bool is_same_place(int one, int other) {
  struct stat first, second;
  if (fstat(one, &first) != 0 || fstat(other, &second) != 0) return false;
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino &&
         first.st_rdev == second.st_rdev;
}

static char *copy_text(const char *text) { return text == NULL ? NULL : strdup(text); }

static void release(grail_output *output) {
  for (size_t number = 0; number < output->redaction_count; number++) {
    regfree(&output->redactions[number]);
  }
  free(output->redactions);
  free(output->replacement);
  free(output->last_argument);
  for (char **text = output->last_environment; text != NULL && *text != NULL; text++) free(*text);
  free(output->last_environment);
  int files[] = {output->sources[0],  output->sources[1], output->originals[0],
                 output->originals[1], output->control,    output->program,
                 output->wake[0],      output->wake[1],    output->terminal};
  for (size_t at = 0; at < sizeof files / sizeof *files; at++) {
    if (files[at] >= 0) close(files[at]);
  }
  for (int number = 0; number < STREAMS; number++) {
    int file = output->echoes[number].file;
    if (file >= 0 && file != output->originals[number]) close(file);
  }
  if (output->shared != NULL) munmap(output->shared, sizeof *output->shared);
  free(output);
}

static bool compile_redactions(grail_output *output, const char *const *texts) {
  size_t count = 0;
  while (texts != NULL && texts[count] != NULL) count++;
  if (count == 0) return true;
  output->redactions = calloc(count, sizeof *output->redactions);
  if (output->redactions == NULL) return false;
  for (size_t number = 0; number < count; number++) {
    if (regcomp(&output->redactions[number], texts[number], REG_EXTENDED) != 0) {
      errno = EINVAL;
      return false;
    }
    output->redaction_count++;
  }
  return true;
}

static bool copy_environment(grail_output *output, char *const *texts) {
  if (texts == NULL) return true;
  size_t count = 0;
  while (texts[count] != NULL) count++;
  output->last_environment = calloc(count + 1, sizeof *output->last_environment);
  if (output->last_environment == NULL) return false;
  for (size_t at = 0; at < count; at++) output->last_environment[at] = strdup(texts[at]);
  return true;
}

// Makes what the program prints into, and puts its ends in the places of 1 and 2.
static bool redirect(grail_output *output, bool uses_terminal, int writing[STREAMS]) {
  if (uses_terminal) {
    output->source_count = 1;
    if (!output_open_terminal(output->originals[0], &output->sources[0], &output->terminal)) {
      return false;
    }
    writing[0] = writing[1] = output->terminal;
  } else {
    output->source_count = is_same_place(output->originals[0], output->originals[1]) ? 1 : 2;
    for (int number = 0; number < output->source_count; number++) {
      int ends[2];
      if (!keep_pair(pipe(ends), ends)) return false;
      output->sources[number] = ends[0];
      writing[number] = ends[1];
    }
    if (output->source_count == 1) writing[1] = writing[0];
  }
  for (int number = 0; number < output->source_count; number++) {
    int file = output->sources[number];
    fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK);
  }
  return true;
}

grail_output *grail_output_start(const grail_output_settings *settings) {
  grail_output *output = calloc(1, sizeof *output);
  if (output == NULL) return NULL;
  output->text = settings->text;
  output->index = settings->index;
  output->control = output->program = output->wake[0] = output->wake[1] = output->terminal = -1;
  int ends[2] = {-1, -1}, writing[STREAMS] = {-1, -1};
  for (int number = 0; number < STREAMS; number++) {
    output->sources[number] = output->originals[number] = output->echoes[number].file = -1;
  }
  output->splices = settings->redactions == NULL || settings->redactions[0] == NULL;
  output->on_loss = settings->on_loss;
  output->context = settings->context;
  output->last_argument = copy_text(settings->last_argument);
  output->replacement = copy_text(settings->replacement);
  bool is_ready = compile_redactions(output, settings->redactions) &&
                  copy_environment(output, settings->last_environment);
  output->shared = mmap(NULL, sizeof *output->shared, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (output->shared == MAP_FAILED) {
    output->shared = NULL;
    is_ready = false;
  }
  for (int number = 0; is_ready && number < STREAMS; number++) {
    int file = fcntl(1 + number, F_DUPFD_CLOEXEC, 3);
    if (file < 0) file = grail_away_from_standard(open("/dev/null", O_RDWR | O_CLOEXEC));
    output->originals[number] = file;
    output->echoes[number].kind = output_echo(file, &output->echoes[number].file);
    is_ready = file >= 0;
  }
  is_ready = is_ready && redirect(output, settings->uses_terminal, writing) &&
             keep_pair(socketpair(AF_UNIX, SOCK_STREAM, 0, output->wake), output->wake) &&
             keep_pair(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), ends);
  output->program = grail_watch_process();
  output->control = ends[0];
  if (is_ready) {
    fflush(stdout);
    // A pipe would let a program that dies take what it printed last with it.
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    is_ready = start_processes(output, ends[1]);
  }
  int error = errno;
  if (ends[1] >= 0) close(ends[1]);
  if (is_ready) {
    for (int number = 0; number < STREAMS; number++) dup2(writing[number], 1 + number);
  }
  if (writing[0] >= 0 && writing[0] != output->terminal) close(writing[0]);
  if (writing[1] >= 0 && writing[1] != writing[0] && writing[1] != output->terminal) {
    close(writing[1]);
  }
  if (!is_ready) {
    release(output);
    errno = error;
    return NULL;
  }
  if (output->terminal >= 0) follow_window(output->originals[0], output->terminal);
  pthread_mutex_lock(&current_lock);
  current = output;
  pthread_mutex_unlock(&current_lock);
  output->watcher = grail_thread_start(watch, output, false);
  return output;
}

// Waits for a word of the writer. Returns 0 if it is silent for the time.
static char hear(int control, int milliseconds) {
  struct pollfd file = {control, POLLIN, 0};
  int found;
  do found = poll(&file, 1, milliseconds);
  while (found < 0 && errno == EINTR);
  char what = 0;
  if (found <= 0) return 0;
  return recv(control, &what, 1, 0) == 1 ? what : GONE;
}

grail_output_end grail_output_finish(grail_output *output) {
  if (output->terminal >= 0) sigaction(SIGWINCH, &before_window, NULL);
  restore(output);
  if (output->terminal >= 0) close(output->terminal);
  output->terminal = -1;
  output->shared->is_asked_to_end = true;
  if (output->watcher != NULL) {
    // The thread that waits for the writer's end, or does its work, is to end first.
    close(output->wake[1]);
    output->wake[1] = -1;
    grail_thread_join(output->watcher);
  }
  bool is_complete = output->shared->is_ended;
  if (!__atomic_load_n(&output->is_lost, __ATOMIC_SEQ_CST)) {
    tell(output->control, FINISH);
    char what = hear(output->control, 5000);
    if (what == GONE) {
      // What it left is moved and echoed here.
      take_up(output);
      end_recording(output);
      serve(output, -1, true);
    }
    is_complete = what == RECORDED || what == GONE;
    // A slow reader is waited for as long as it reads.
    while (what == RECORDED || what == PROGRESS) what = hear(output->control, 1000);
  }
  pthread_mutex_lock(&current_lock);
  current = NULL;
  pthread_mutex_unlock(&current_lock);
  return (grail_output_end){output->shared->lost, is_complete};
}

// Waits for a guard's end, which comes when nobody prints any more.
static void await_guard(void *argument) { output_wait_unnoticed((pid_t)(intptr_t)argument); }

void grail_output_release(grail_output *output) {
  tell(output->control, RELEASE);
  shutdown(output->control, SHUT_WR);
  // No child is left behind, and no run waits for that.
  if (output->guard > 0) grail_thread_start(await_guard, (void *)(intptr_t)output->guard, true);
  release(output);
}
