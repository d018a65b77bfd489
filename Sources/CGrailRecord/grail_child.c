#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "grail_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "grail_system.h"

#if defined(__linux__)
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#else
#include <spawn.h>
#endif

enum state { RUNNING, ENDED, FAILED };

struct grail_child {
  char *path;
  char **arguments;
  char **environment;
  char *folder;
  int output;  // the end to write to
  int error;
  int status;
  int owners;  // the thread that waits for the program, and who asked for it
  pid_t id;    // 0 until it is started
  bool is_killed;
  enum state state;
};

// MARK: - Memory

static char **copy_texts(char *const *texts) {
  size_t count = 0;
  while (texts[count] != NULL) count++;
  char **copy = calloc(count + 1, sizeof *copy);
  for (size_t at = 0; copy != NULL && at < count; at++) copy[at] = strdup(texts[at]);
  return copy;
}

static void free_texts(char **texts) {
  for (char **text = texts; text != NULL && *text != NULL; text++) free(*text);
  free(texts);
}

void grail_child_release(grail_child *child) {
  if (__atomic_sub_fetch(&child->owners, 1, __ATOMIC_ACQ_REL) > 0) return;
  free(child->path);
  free(child->folder);
  free_texts(child->arguments);
  free_texts(child->environment);
  free(child);
}

// MARK: - Pipes

static bool make_pipe(int ends[2]) {
#if defined(__linux__)
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
#else
  if (pipe(ends) != 0) return false;
  for (int end = 0; end < 2; end++) fcntl(ends[end], F_SETFD, FD_CLOEXEC);
#endif
  for (int end = 0; end < 2; end++) ends[end] = grail_away_from_standard(ends[end]);
  if (ends[0] >= 0 && ends[1] >= 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) return true;
  for (int end = 0; end < 2; end++) {
    if (ends[end] >= 0) close(ends[end]);
  }
  return false;
}

// MARK: - Processes

// What was asked for while there was no program yet.
static void note_start(grail_child *child, pid_t id) {
  __atomic_store_n(&child->id, id, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&child->is_killed, __ATOMIC_SEQ_CST)) grail_child_kill(child);
}

static void wait_for(grail_child *child, pid_t id) {
  int word;
  pid_t ended;
  do ended = waitpid(id, &word, 0);
  while (ended < 0 && errno == EINTR);
  // Where another part of the program took the status, it is taken for a good one.
  if (ended == id) child->status = WIFEXITED(word) ? WEXITSTATUS(word) : 256 + WTERMSIG(word);
}

#if defined(__linux__)

static const size_t stack_size = 64 << 10;

// The program's process until it is the program, in the memory of this one, whose thread waits.
// All signals are blocked.
static int become_program(void *argument) {
  grail_child *child = argument;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  struct sigaction usual = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &usual, NULL);
  setsid();
  int null = open("/dev/null", O_RDWR);
  if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDERR_FILENO) >= 0 &&
      dup2(child->output, STDOUT_FILENO) >= 0 && chdir(child->folder) == 0) {
    grail_close_others(NULL, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(child->path, child->arguments, child->environment);
  }
  child->error = errno;
  _exit(127);
}

struct supervisor {
  grail_child *child;
  char *stack;
};

// The program's parent: a process that shares the memory and the descriptors of this one, ends
// with the thread that waits for it, and announces its end to nobody.
static int supervise(void *argument) {
  struct supervisor *supervisor = argument;
  grail_child *child = supervisor->child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  pid_t id = clone(become_program, supervisor->stack + stack_size,
                   CLONE_VM | CLONE_VFORK | SIGCHLD, child);
  if (id < 0) child->error = errno;
  close(child->output);
  if (id > 0) {
    if (child->error == 0) note_start(child, id);
    wait_for(child, id);
  }
  _exit(0);
}

static void run_program(grail_child *child) {
  char *stacks = mmap(NULL, 2 * stack_size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  pid_t id = -1;
  if (stacks != MAP_FAILED) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    struct supervisor supervisor = {child, stacks};
    id = clone(supervise, stacks + 2 * stack_size, CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_FS,
               &supervisor);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  if (id < 0) {
    child->error = EAGAIN;
    close(child->output);
  } else {
    while (waitpid(id, NULL, __WALL) < 0 && errno == EINTR) continue;
  }
  if (stacks != MAP_FAILED) munmap(stacks, 2 * stack_size);
}

#else

static void run_program(grail_child *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, child->output, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addchdir_np(&actions, child->folder);
  posix_spawnattr_init(&attributes);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                            POSIX_SPAWN_SETSID | POSIX_SPAWN_CLOEXEC_DEFAULT);
  pid_t id;
  child->error =
      posix_spawn(&id, child->path, &actions, &attributes, child->arguments, child->environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(child->output);
  if (child->error != 0) return;
  note_start(child, id);
  wait_for(child, id);
}

#endif

static void watch(void *context) {
  grail_child *child = context;
  run_program(child);
  __atomic_store_n(&child->state, child->error == 0 ? ENDED : FAILED, __ATOMIC_RELEASE);
  grail_child_release(child);
}

grail_child *grail_child_start(const char *path, char *const *arguments,
                               char *const *environment, const char *folder, int *output) {
  int ends[2];
  grail_child *child = calloc(1, sizeof *child);
  if (child == NULL) return NULL;
  child->owners = 1;
  child->path = strdup(path);
  child->folder = strdup(folder);
  child->arguments = copy_texts(arguments);
  child->environment = copy_texts(environment);
  if (child->path != NULL && child->folder != NULL && child->arguments != NULL &&
      child->environment != NULL && make_pipe(ends)) {
    child->output = ends[1];
    child->owners = 2;
    if (grail_thread_start(watch, child, true) != NULL) {
      *output = ends[0];
      return child;
    }
    child->owners = 1;
    close(ends[0]);
    close(ends[1]);
  }
  grail_child_release(child);
  return NULL;
}

int grail_child_poll(grail_child *child, int *status) {
  switch (__atomic_load_n(&child->state, __ATOMIC_ACQUIRE)) {
  case ENDED: *status = child->status; return 1;
  case FAILED: return -1;
  default: return 0;
  }
}

void grail_child_kill(grail_child *child) {
  __atomic_store_n(&child->is_killed, true, __ATOMIC_SEQ_CST);
  pid_t id = __atomic_load_n(&child->id, __ATOMIC_SEQ_CST);
  if (id <= 0) return;
  // The group is the program's own, as is its session.
  kill(-id, SIGKILL);
  if (__atomic_load_n(&child->state, __ATOMIC_ACQUIRE) == RUNNING) kill(id, SIGKILL);
}
