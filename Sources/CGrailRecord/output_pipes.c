#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "output_capture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "grail_system.h"
#include "output_system.h"

static uint8_t stream_number(const grail_output *output, int source) {
  return output->source_count == 1 ? 0 : (uint8_t)source + 1;
}

// Writes bytes to the text; what does not fit is echoed and counted.
static void store(grail_output *output, int source, const uint8_t *bytes, size_t count) {
  if (count == 0) return;
  output->shared->stream = stream_number(output, source);
  size_t stored = 0;
  int error = 0;
  while (stored < count) {
    ssize_t written =
        pwrite(output->text, bytes + stored, count - stored, output->length + (int64_t)stored);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      error = written < 0 ? errno : ENOSPC;
      break;
    }
    stored += (size_t)written;
  }
  output->length += (int64_t)stored;
  if (stored > 0) {
    output_add_record(output, output->shared->stream, GRAIL_OUTPUT_TEXT, (uint32_t)stored);
  }
  if (stored == count) return;
  output_echo_directly(output, source, bytes + stored, count - stored);
  output_note_loss(output, count - stored, error);
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

ssize_t output_move_some(grail_output *output, int source) {
  ssize_t count;
  if (output->splices) {
    // In the kernel, so that a writer that is killed meanwhile holds nothing that would be lost.
    output->shared->stream = stream_number(output, source);
    do count = output_splice(output->sources[source], output->text, output->length, 1 << 20);
    while (count < 0 && errno == EINTR);
    if (count > 0) {
      output->length += count;
      output_add_record(output, output->shared->stream, GRAIL_OUTPUT_TEXT, (uint32_t)count);
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

void output_end_source(grail_output *output, int source) {
  release_lines(output, source, true);
  close(output->sources[source]);
  output->sources[source] = -1;
}

void output_drain(grail_output *output) {
  int64_t limit = grail_clock_precise() + 2000000;
  for (int source = 0; source < output->source_count; source++) {
    while (output->sources[source] >= 0 && grail_clock_precise() < limit) {
      ssize_t count = output_move_some(output, source);
      if (count < 0) break;
      if (count == 0) output_end_source(output, source);
    }
    release_lines(output, source, true);
  }
}
