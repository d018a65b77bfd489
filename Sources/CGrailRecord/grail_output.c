#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "output_capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "descriptors.h"
#include "output_system.h"

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

// Who prints from now on is recorded, or, after the end, echoed behind what was.
static void print_into_capture(grail_output *output) {
  for (int number = 0; number < STREAMS; number++) {
    int file = output->terminal;
    if (file < 0) file = output->writing[number < output->source_count ? number : 0];
    dup2(file, 1 + number);
  }
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
  output_write_some(&output->echoes[1], lost_message, sizeof lost_message - 1);
  output->on_loss(output->context);
  output_serve(output, output->wake[0], true);
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
                 output->wake[0],      output->wake[1],    output->writing[0],
                 output->writing[1],   output->terminal};
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

// Makes what the program prints into.
static bool redirect(grail_output *output, bool uses_terminal) {
  if (uses_terminal) {
    output->source_count = 1;
    if (!output_open_terminal(output->originals[0], &output->sources[0], &output->terminal)) {
      return false;
    }
  } else {
    output->source_count = is_same_place(output->originals[0], output->originals[1]) ? 1 : 2;
    for (int number = 0; number < output->source_count; number++) {
      int ends[2];
      if (!keep_pair(pipe(ends), ends)) return false;
      output->sources[number] = ends[0];
      output->writing[number] = ends[1];
    }
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
  int ends[2] = {-1, -1};
  for (int number = 0; number < STREAMS; number++) {
    output->sources[number] = output->originals[number] = output->echoes[number].file = -1;
    output->writing[number] = -1;
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
  is_ready = is_ready && redirect(output, settings->uses_terminal) &&
             keep_pair(socketpair(AF_UNIX, SOCK_STREAM, 0, output->wake), output->wake) &&
             keep_pair(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), ends);
  output->program = grail_watch_process();
  output->control = ends[0];
  if (is_ready) {
    fflush(stdout);
    // A pipe would let a program that dies take what it printed last with it.
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    is_ready = output_start_processes(output, ends[1]);
  }
  int error = errno;
  if (ends[1] >= 0) close(ends[1]);
  if (!is_ready) {
    release(output);
    errno = error;
    return NULL;
  }
  print_into_capture(output);
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

uint64_t grail_output_lost(const grail_output *output) {
  return __atomic_load_n(&output->shared->lost, __ATOMIC_RELAXED);
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
    output_tell(output->control, FINISH);
    char what = hear(output->control, 5000);
    if (what == GONE) {
      // What it left is moved and echoed here.
      output_take_up(output);
      output_end_recording(output);
      output_serve(output, -1, true);
    }
    is_complete = what == RECORDED || what == GONE;
    // A slow reader is waited for as long as it reads.
    while (what == RECORDED || what == PROGRESS) what = hear(output->control, 1000);
    // What is printed next comes behind what is still to be echoed.
    if (is_complete && what == 0 && output->writing[0] >= 0) print_into_capture(output);
  }
  pthread_mutex_lock(&current_lock);
  current = NULL;
  pthread_mutex_unlock(&current_lock);
  return (grail_output_end){output->shared->lost, output->shared->loss_error, is_complete};
}

// Waits for a guard's end, which comes when nobody prints any more.
static void await_guard(void *argument) { output_wait_unnoticed((pid_t)(intptr_t)argument); }

void grail_output_release(grail_output *output) {
  output_tell(output->control, RELEASE);
  shutdown(output->control, SHUT_WR);
  // No child is left behind, and no run waits for that.
  if (output->guard > 0) grail_thread_start(await_guard, (void *)(intptr_t)output->guard, true);
  release(output);
}
