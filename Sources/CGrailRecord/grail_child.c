#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "grail_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#else
#include <spawn.h>
#endif

// The places of the standard streams may be free in a program that closed them.
static int away_from_standard(int file) {
  if (file > STDERR_FILENO) return file;
  int moved = fcntl(file, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  close(file);
  return moved;
}

static bool make_pipe(int ends[2]) {
#if defined(__linux__)
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
#else
  if (pipe(ends) != 0) return false;
  for (int end = 0; end < 2; end++) fcntl(ends[end], F_SETFD, FD_CLOEXEC);
#endif
  for (int end = 0; end < 2; end++) ends[end] = away_from_standard(ends[end]);
  if (ends[0] >= 0 && ends[1] >= 0) return fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
  for (int end = 0; end < 2; end++) {
    if (ends[end] >= 0) close(ends[end]);
  }
  return false;
}

#if defined(__linux__)

struct start {
  const char *path;
  char *const *arguments;
  char *const *environment;
  const char *folder;
  int output;
  int error;
};

static void close_others(void) {
#if defined(SYS_close_range)
  if (syscall(SYS_close_range, 3, ~0U, 0) == 0) return;
#endif
  for (int file = 3; file < 4096; file++) close(file);
}

// Runs in the parent's memory, with all signals blocked, while the parent's thread waits.
static int become(void *argument) {
  struct start *start = argument;
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
  setsid();
  int null = open("/dev/null", O_RDWR);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 ||
      dup2(start->output, STDOUT_FILENO) < 0 || chdir(start->folder) != 0) {
    start->error = errno;
    _exit(127);
  }
  close_others();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(start->path, start->arguments, start->environment);
  start->error = errno;
  _exit(127);
}

// No signal is named for the child's end: so the program sees neither it nor the child.
static pid_t start_child(struct start *start) {
  const size_t size = 64 << 10;
  char *stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK,
                     -1, 0);
  if (stack == MAP_FAILED) return -errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = clone(become, stack + size, CLONE_VM | CLONE_VFORK, start);
  int error = child < 0 ? errno : start->error;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  munmap(stack, size);
  if (child > 0 && error != 0) waitpid(child, NULL, __WALL);
  return error != 0 ? -error : child;
}

#define WAIT_FLAGS (WNOHANG | __WALL)

#else

static pid_t start_child(const char *path, char *const *arguments, char *const *environment,
                         const char *folder, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addchdir_np(&actions, folder);
  posix_spawnattr_init(&attributes);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSID | POSIX_SPAWN_CLOEXEC_DEFAULT);
  pid_t child;
  int error = posix_spawn(&child, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error != 0 ? -error : child;
}

#define WAIT_FLAGS WNOHANG

#endif

int64_t grail_child_start(const char *path, char *const *arguments, char *const *environment,
                          const char *folder, int *output) {
  int ends[2];
  if (!make_pipe(ends)) return -errno;
#if defined(__linux__)
  struct start start = {path, arguments, environment, folder, ends[1], 0};
  pid_t child = start_child(&start);
#else
  pid_t child = start_child(path, arguments, environment, folder, ends[1]);
#endif
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
  } else {
    *output = ends[0];
  }
  return child;
}

int grail_child_poll(int64_t child, int *status) {
  int word;
  pid_t ended;
  do ended = waitpid((pid_t)child, &word, WAIT_FLAGS);
  while (ended < 0 && errno == EINTR);
  if (ended <= 0) return (int)ended;
  *status = WIFEXITED(word) ? WEXITSTATUS(word) : 256 + WTERMSIG(word);
  return 1;
}

void grail_child_kill(int64_t child) {
  // The group is the child's own, as is its session.
  kill((pid_t)-child, SIGKILL);
  kill((pid_t)child, SIGKILL);
}
