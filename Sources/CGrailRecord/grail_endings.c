#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "grail_endings.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "descriptors.h"
#include "grail_output.h"
#include "grail_system.h"

// MARK: - Journals

enum { MOST_JOURNALS = 1024 };

// Each place holds an open file plus one, or 0.
static int journals[MOST_JOURNALS];

bool grail_crash_add(int journal) {
  for (int at = 0; at < MOST_JOURNALS; at++) {
    int free_place = 0;
    if (__atomic_compare_exchange_n(&journals[at], &free_place, journal + 1, false,
                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
      return true;
    }
  }
  return false;
}

void grail_crash_remove(int journal) {
  for (int at = 0; at < MOST_JOURNALS; at++) {
    int place = journal + 1;
    if (__atomic_compare_exchange_n(&journals[at], &place, 0, false, __ATOMIC_SEQ_CST,
                                    __ATOMIC_SEQ_CST)) {
      return;
    }
  }
}

// The process whose journals these are; a child that it forks has a copy of all this.
static pid_t owner;

// Safe in a signal handler.
static void note_signal(int number) {
  if (getpid() != owner) return;
  uint8_t note[GRAIL_SIGNAL_LENGTH] = {0};
  int64_t now = grail_clock_precise();
  for (int at = 0; at < 4; at++) note[at] = (uint8_t)((uint32_t)number >> (8 * at));
  for (int at = 0; at < 8; at++) note[8 + at] = (uint8_t)((uint64_t)now >> (8 * at));
  for (int at = 0; at < MOST_JOURNALS; at++) {
    int journal = __atomic_load_n(&journals[at], __ATOMIC_SEQ_CST) - 1;
    if (journal >= 0 && pwrite(journal, note, sizeof note, GRAIL_SIGNAL_OFFSET) < 0) {}
  }
}

// Whether the process is about to die of a fault of its own. A terminal that is closed while the
// language's runtime tells of the crash there is not what ended it.
static bool is_crashing;

// MARK: - What asks for the end

static int signal_pipe[2] = {-1, -1};
// When the first signal came.
static int64_t asked;

// Who ends a program may tell it and its group at once, as timeout(1) does; that is one wish.
static const int64_t one_wish = 100000;

static bool is_second_wish(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  int64_t now = (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000 + 1, first = 0;
  if (__atomic_compare_exchange_n(&asked, &first, now, false, __ATOMIC_SEQ_CST,
                                  __ATOMIC_SEQ_CST)) {
    return false;
  }
  return now - first >= one_wish;
}

static void handle_request(int number) {
  if (getpid() != owner) grail_die_by(number);
  int error = errno;
  if (!__atomic_load_n(&is_crashing, __ATOMIC_SEQ_CST)) note_signal(number);
  if (is_second_wish()) grail_die_by(number);
  uint8_t byte = (uint8_t)number;
  if (write(signal_pipe[1], &byte, 1) < 0) {}
  errno = error;
}

int grail_signals_watch(void) {
  owner = getpid();
  if (pipe(signal_pipe) != 0) return -1;
  for (int end = 0; end < 2; end++) {
    signal_pipe[end] = grail_away_from_standard(signal_pipe[end]);
    fcntl(signal_pipe[end], F_SETFD, FD_CLOEXEC);
  }
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t at = 0; at < sizeof numbers / sizeof *numbers; at++) {
    struct sigaction before;
    struct sigaction action = {.sa_handler = handle_request, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    // Who started the program with a signal ignored, as nohup does, wants it ignored.
    if (sigaction(numbers[at], NULL, &before) != 0 || before.sa_handler != SIG_DFL) continue;
    sigaction(numbers[at], &action, NULL);
  }
  return signal_pipe[0];
}

void grail_die_by(int number) {
  struct sigaction usual = {.sa_handler = SIG_DFL};
  sigaction(number, &usual, NULL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, number);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
  kill(getpid(), number);
  // Another thread may take it; until then nothing more happens here.
  for (int turn = 0; turn < 1000; turn++) usleep(1000);
  _exit(128 + number);
}

// MARK: - Crashes

static const int crashes[] = {SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGTRAP, SIGABRT,   SIGSYS,
                              SIGQUIT, SIGXCPU, SIGXFSZ, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1,
                              SIGUSR2};
enum { CRASH_COUNT = sizeof crashes / sizeof *crashes };
static struct sigaction before_crash[CRASH_COUNT];

static char doing[256];

void grail_crash_say(const char *text) {
  doing[0] = 0;
  if (text == NULL) return;
  strncpy(doing + 1, text + 1, sizeof doing - 2);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  doing[0] = text[0];
}

static void say_what_was_done(void) {
  if (doing[0] == 0) return;
  const char start[] = "grail: the program crashed while it ";
  if (write(STDERR_FILENO, start, sizeof start - 1) < 0) return;
  if (write(STDERR_FILENO, doing, strnlen(doing, sizeof doing)) < 0) return;
  if (write(STDERR_FILENO, "\n", 1) < 0) return;
  doing[0] = 0;
}

static void handle_crash(int number, siginfo_t *info, void *context) {
  (void)context;
  int error = errno;
  note_signal(number);
  bool is_fatal = number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL ||
                  number == SIGTRAP || number == SIGABRT || number == SIGSYS;
  if (is_fatal) __atomic_store_n(&is_crashing, true, __ATOMIC_SEQ_CST);
  // The start of a line that nobody will end; a thread that prints at the moment keeps its own.
  grail_flush_output();
  say_what_was_done();
  for (int at = 0; at < CRASH_COUNT; at++) {
    if (crashes[at] == number) sigaction(number, &before_crash[at], NULL);
  }
  // What an instruction raised is raised by it again; what a timer, a limit, a terminal or a
  // process sent is not, nor is what a trap raised behind itself.
  bool is_fault = info != NULL && info->si_code > 0 &&
                  (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL);
  if (!is_fault) raise(number);
  errno = error;
}

static void handle_nothing(int number) { (void)number; }

void grail_pipe_watch(void) {
  struct sigaction before;
  // A handler, not SIG_IGN, which programs that are started from here would take over.
  struct sigaction action = {.sa_handler = handle_nothing, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGPIPE, NULL, &before) != 0 || before.sa_handler != SIG_DFL) return;
  sigaction(SIGPIPE, &action, NULL);
}

void grail_crash_watch(void) {
  owner = getpid();
  for (int at = 0; at < CRASH_COUNT; at++) {
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = handle_crash;
    sigemptyset(&action.sa_mask);
    if (sigaction(crashes[at], NULL, &before_crash[at]) != 0) continue;
    if (before_crash[at].sa_handler == SIG_IGN) continue;
    sigaction(crashes[at], &action, NULL);
  }
  grail_crash_cover_thread();
}

void grail_crash_cover_thread(void) {
  stack_t present;
  if (sigaltstack(NULL, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0) return;
  size_t size = 64 << 10;
  void *memory =
      mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  // It stays as long as the thread, which nobody can wait for.
  stack_t stack = {.ss_sp = memory, .ss_size = size};
  if (sigaltstack(&stack, NULL) != 0) munmap(memory, size);
}

// MARK: - exit

static void (*exit_body)(int status);
static pid_t exit_process;

#if defined(__GLIBC__)
static void handle_exit(int status, void *context) {
  (void)context;
  // A child that was forked ends by itself.
  if (getpid() == exit_process) exit_body(status);
}
#else
static void handle_exit(void) {
  if (getpid() == exit_process) exit_body(-1);
}
#endif

void grail_exit_watch(void (*body)(int status)) {
  exit_body = body;
  exit_process = getpid();
#if defined(__GLIBC__)
  on_exit(handle_exit, NULL);
#else
  atexit(handle_exit);
#endif
}

// MARK: - Names

const char *grail_signal_name(int number) {
  switch (number) {
  case SIGHUP: return "SIGHUP";
  case SIGINT: return "SIGINT";
  case SIGQUIT: return "SIGQUIT";
  case SIGILL: return "SIGILL";
  case SIGTRAP: return "SIGTRAP";
  case SIGABRT: return "SIGABRT";
  case SIGBUS: return "SIGBUS";
  case SIGFPE: return "SIGFPE";
  case SIGKILL: return "SIGKILL";
  case SIGUSR1: return "SIGUSR1";
  case SIGSEGV: return "SIGSEGV";
  case SIGUSR2: return "SIGUSR2";
  case SIGPIPE: return "SIGPIPE";
  case SIGALRM: return "SIGALRM";
  case SIGTERM: return "SIGTERM";
  case SIGXCPU: return "SIGXCPU";
  case SIGXFSZ: return "SIGXFSZ";
  case SIGVTALRM: return "SIGVTALRM";
  case SIGPROF: return "SIGPROF";
  case SIGSYS: return "SIGSYS";
  default: return NULL;
  }
}
