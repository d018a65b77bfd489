#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "output_capture.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

ssize_t output_write_some(struct echo *echo, const void *bytes, size_t count) {
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
    if (!is_last && !output_read_record(output, progress->record, &record)) return 0;
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

bool output_is_behind(grail_output *output, int number) {
  int64_t offset;
  return next_text(output, number, &offset) > 0;
}

bool output_echo_some(grail_output *output, int number) {
  static uint8_t bytes[BUFFER_SIZE];
  struct progress *progress = &output->shared->progress[number];
  int64_t offset;
  uint32_t length = next_text(output, number, &offset);
  if (length == 0) return false;
  ssize_t count = pread(output->text, bytes, length < sizeof bytes ? length : sizeof bytes, offset);
  if (output->shared->shows_line && isatty(output->echoes[number].file)) {
    output->shared->shows_line = false;
    output_write_some(&output->echoes[number], "\r\033[K", 4);
  }
  ssize_t written =
      count > 0 ? output_write_some(&output->echoes[number], bytes, (size_t)count) : -1;
  if (written < 0) progress->is_broken = true;
  if (written > 0) progress->done += (uint32_t)written;
  return written > 0;
}

void output_wait_for(int file, short events, int milliseconds) {
  struct pollfd poll_file = {file, events, 0};
  poll(&poll_file, 1, milliseconds);
}

void output_echo_directly(grail_output *output, int number, const uint8_t *bytes, size_t count) {
  struct echo *echo = &output->echoes[number];
  struct progress *progress = &output->shared->progress[number];
  for (int tries = 0; tries < 5 && output_is_behind(output, number); tries++) {
    if (!output_echo_some(output, number)) output_wait_for(echo->file, POLLOUT, 10);
  }
  for (int tries = 0; tries < 5 && count > 0 && echo->file >= 0 && !progress->is_broken;) {
    ssize_t written = output_write_some(echo, bytes, count);
    if (written < 0) progress->is_broken = true;
    if (written <= 0) {
      output_wait_for(echo->file, POLLOUT, 10);
      tries++;
      continue;
    }
    bytes += written;
    count -= (size_t)written;
  }
}
