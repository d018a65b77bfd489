#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "output_capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "grail_system.h"
#include "output_system.h"

void output_tell(int control, char what) {
  while (send(control, &what, 1, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
}

void output_end_recording(grail_output *output) {
  if (output->shared->is_ended) return;
  output_drain(output);
  output_add_record(output, output->shared->is_asked_to_end ? 0 : 1, GRAIL_OUTPUT_END, 0);
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
    ssize_t written = output_write_some(echo, bytes + at, (size_t)(count - at));
    if (written < 0) progress->is_broken = true;
    if (written == 0) output_wait_for(echo->file, POLLOUT, 1000);
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

void output_serve(grail_output *output, int control, bool is_in_program) {
  output_take_up(output);
  struct shared *shared = output->shared;
  int program = is_in_program ? -1 : output->program;
  bool is_echoed = false;
  int64_t told = 0;
  if (shared->is_asked_to_end && !shared->is_ended && !is_in_program) {
    // Whoever was asked is gone.
    output_end_recording(output);
    output_tell(control, RECORDED);
  }
  for (;;) {
    bool is_open = false, is_any_behind = false, is_over = shared->is_ended;
    struct pollfd files[2 + 2 * STREAMS] = {{control, POLLIN, 0}, {program, POLLIN, 0}};
    for (int number = 0; number < STREAMS; number++) {
      bool behind = number < output->source_count && output_is_behind(output, number);
      is_any_behind = is_any_behind || behind;
      is_open = is_open || output->sources[number] >= 0;
      files[2 + number] = (struct pollfd){output->sources[number], POLLIN, 0};
      files[4 + number] = (struct pollfd){behind ? output->echoes[number].file : -1, POLLOUT, 0};
    }
    if (is_over && !is_any_behind && !is_echoed) {
      is_echoed = true;
      if (control >= 0) output_tell(control, ECHOED);
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
      } else if (output_move_some(output, source) == 0) {
        output_end_source(output, source);
      }
    }
    for (int number = 0; number < output->source_count; number++) {
      if (!output_echo_some(output, number) || !is_over || control < 0) continue;
      int64_t now = grail_clock_coarse();
      if (now - told < 100000) continue;
      told = now;
      output_tell(control, PROGRESS);
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
      output_end_recording(output);
      output_tell(control, RECORDED);
    } else {
      output_end_recording(output);
      if (!is_in_program && !shared->is_released) start_again(output);
      control = program = -1;
    }
  }
}

// MARK: - Its process, and the guard's

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
  output_serve(output, control, false);
  _exit(0);
}

bool output_start_processes(grail_output *output, int control) {
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
