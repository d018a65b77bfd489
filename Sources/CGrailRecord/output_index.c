#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "output_capture.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grail_crc32c.h"
#include "grail_system.h"

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

bool output_read_record(grail_output *output, int64_t number, struct record *record) {
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

void output_add_record(grail_output *output, uint8_t stream, uint8_t kind, uint32_t length) {
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

void output_note_loss(grail_output *output, uint64_t count, int error) {
  output->shared->loss_error = error;
  output->shared->lost += count;
  while (count > 0) {
    uint32_t part = count < longest_record / 2 ? (uint32_t)count : longest_record / 2;
    output_add_record(output, output->shared->stream, GRAIL_OUTPUT_LOST, part);
    count -= part;
  }
}

void output_take_up(grail_output *output) {
  struct stat status;
  int64_t length = fstat(output->text, &status) == 0 ? status.st_size : 0;
  int64_t index = fstat(output->index, &status) == 0 ? status.st_size : 0;
  output->record_count = index > index_header ? (index - index_header) / GRAIL_OUTPUT_RECORD : 0;
  int64_t noted = 0;
  int64_t last = output->record_count - 1;
  if (last >= 0 && output_read_record(output, last, &output->last)) {
    noted = output->last.offset;
    if (output->last.kind == GRAIL_OUTPUT_TEXT) noted += output->last.length;
  }
  output->is_last_sealed = true;
  output->length = noted < length ? noted : length;
  while (output->length < length) {
    int64_t rest = length - output->length;
    uint32_t part = rest < longest_record / 2 ? (uint32_t)rest : longest_record / 2;
    output->length += part;
    output_add_record(output, output->shared->stream, GRAIL_OUTPUT_TEXT, part);
  }
}
