#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "output_system.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#if defined(__linux__)
#include <pty.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#else
#include <mach-o/dyld.h>
#include <util.h>
#endif

#include "descriptors.h"

enum output_kind output_echo(int file, int *echo) {
  struct stat status;
  *echo = file;
  if (fstat(file, &status) != 0) return OUTPUT_POLLED;
  if (S_ISREG(status.st_mode)) return OUTPUT_READY;
  if (S_ISSOCK(status.st_mode)) return OUTPUT_SOCKET;
#if defined(__linux__)
  // Opened once more, because waiting or not is a property that all who have one opening share.
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
#else
  const char *path = isatty(file) ? ttyname(file) : NULL;
  if (path == NULL) return OUTPUT_POLLED;
#endif
  int again = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (again < 0) return OUTPUT_POLLED;
  *echo = grail_away_from_standard(again);
  return OUTPUT_READY;
}

bool output_open_terminal(int like, int *reading, int *writing) {
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  struct termios kind;
  ioctl(like, TIOCGWINSZ, &size);
  bool is_known = tcgetattr(like, &kind) == 0;
  if (openpty(reading, writing, NULL, NULL, &size) != 0) return false;
  if (!is_known) is_known = tcgetattr(*writing, &kind) == 0;
  if (is_known) {
    // What is written comes out as it is: the terminal that it is echoed to does the rest.
    kind.c_oflag &= ~(tcflag_t)OPOST;
    kind.c_lflag &= ~(tcflag_t)(ECHO | TOSTOP);
    tcsetattr(*writing, TCSANOW, &kind);
  }
  *reading = grail_away_from_standard(*reading);
  *writing = grail_away_from_standard(*writing);
  if (*reading < 0 || *writing < 0) return false;
  fcntl(*reading, F_SETFD, FD_CLOEXEC);
  fcntl(*writing, F_SETFD, FD_CLOEXEC);
  return true;
}

#if defined(__linux__)

ssize_t output_splice(int pipe, int file, int64_t offset, size_t count) {
  loff_t place = offset;
  return splice(pipe, NULL, file, &place, count, SPLICE_F_NONBLOCK);
}

size_t output_program_path(char *path, size_t capacity) {
  int length = snprintf(path, capacity, "/proc/self/exe");
  return length > 0 && (size_t)length < capacity ? (size_t)length : 0;
}

void output_name_process(const char *name) { prctl(PR_SET_NAME, name); }

int grail_watch_process(void) {
#if !defined(SYS_pidfd_open)
#define SYS_pidfd_open 434
#endif
  int file = (int)syscall(SYS_pidfd_open, getpid(), 0);
  return file < 0 ? -1 : grail_away_from_standard(file);
}

static pid_t plain_fork(long signal) {
  return (pid_t)syscall(SYS_clone, signal, 0L, 0L, 0L, 0L);
}

pid_t output_fork_unnoticed(void) { return plain_fork(0); }

pid_t output_fork_plainly(void) { return plain_fork(SIGCHLD); }

void output_wait_unnoticed(pid_t child) {
  while (waitpid(child, NULL, __WALL) < 0 && errno == EINTR) continue;
}

#else

pid_t output_fork_unnoticed(void) { return -1; }

pid_t output_fork_plainly(void) { return fork(); }

void output_wait_unnoticed(pid_t child) { (void)child; }

ssize_t output_splice(int pipe, int file, int64_t offset, size_t count) {
  (void)pipe, (void)file, (void)offset, (void)count;
  errno = EINVAL;
  return -1;
}

size_t output_program_path(char *path, size_t capacity) {
  uint32_t size = (uint32_t)capacity;
  return _NSGetExecutablePath(path, &size) == 0 ? strnlen(path, capacity) : 0;
}

void output_name_process(const char *name) { (void)name; }

int grail_watch_process(void) { return -1; }

#endif
