#if defined(__linux__)
#define _GNU_SOURCE
#endif

#include "grail_system.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <sys/vfs.h>
#elif defined(__APPLE__)
#include <sys/mount.h>
#include <sys/proc_info.h>
#include <libproc.h>
#include <sys/sysctl.h>
#endif

static int64_t clock_microseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t grail_clock_precise(void) { return clock_microseconds(CLOCK_REALTIME); }

int64_t grail_clock_coarse(void) {
#if defined(CLOCK_REALTIME_COARSE)
  return clock_microseconds(CLOCK_REALTIME_COARSE);
#else
  return clock_microseconds(CLOCK_REALTIME);
#endif
}

static int lock(int file, int operation) {
  while (flock(file, operation | LOCK_NB) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

int grail_lock(int file) { return lock(file, LOCK_EX); }

int grail_lock_shared(int file) { return lock(file, LOCK_SH); }

struct grail_thread {
  pthread_t thread;
  void (*body)(void *);
  void *context;
  bool detached;
};

static void *run_thread(void *argument) {
  grail_thread *thread = argument;
  thread->body(thread->context);
  if (thread->detached) free(thread);
  return NULL;
}

grail_thread *grail_thread_start(void (*body)(void *), void *context, bool detached) {
  grail_thread *thread = malloc(sizeof *thread);
  if (thread == NULL) return NULL;
  *thread = (grail_thread){.body = body, .context = context, .detached = detached};
  // Signals are the program's business: none is to be handled on a thread of ours.
  sigset_t all, before;
  sigfillset(&all);
  // But for faults, and for the one by which the runtime halts threads when it tells of a crash.
  const int kept[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF};
  for (size_t at = 0; at < sizeof kept / sizeof *kept; at++) sigdelset(&all, kept[at]);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  if (detached) pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  int result = pthread_create(&thread->thread, &attributes, run_thread, thread);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (result == 0) return thread;
  free(thread);
  return NULL;
}

void grail_thread_join(grail_thread *thread) {
  pthread_join(thread->thread, NULL);
  free(thread);
}

#if defined(__linux__)

int grail_reserve(int file, int64_t offset, int64_t length) {
  // The system call itself: the library's posix_fallocate writes bytes where a file system
  // cannot reserve, and that promises nothing.
  while (fallocate(file, 0, offset, length) != 0)
    if (errno != EINTR) return errno == ENOSYS ? EOPNOTSUPP : errno;
  return 0;
}

bool grail_mapping_is_safe(int file) {
  struct statfs system;
  if (fstatfs(file, &system) != 0) return false;
  switch ((unsigned long)system.f_type) {
  case 0xEF53:      // ext2, ext3, ext4
  case 0x58465342:  // XFS
  case 0x01021994:  // tmpfs
  case 0xF2F52010:  // F2FS
    return true;
  default:  // over a network, copy-on-write, stacked or unknown
    return false;
  }
}

bool grail_folder_is_local(const char *path) {
  struct statfs system;
  if (statfs(path, &system) != 0) return false;
  switch ((unsigned long)system.f_type & 0xFFFFFFFFul) {
  case 0x6969:      // NFS
  case 0x517B:      // SMB
  case 0xFF534D42:  // CIFS
  case 0xFE534D42:  // SMB2
  case 0x0BD00BD0:  // Lustre
  case 0x47504653:  // GPFS
  case 0x00C36400:  // Ceph
  case 0x5346414F:  // AFS
  case 0x6B414653:  // kAFS
  case 0x01021997:  // 9P
  case 0x65735546:  // FUSE: sshfs, GlusterFS and others
  case 0x19830326:  // BeeGFS
  case 0x7461636F:  // OCFS2
  case 0x01161970:  // GFS2
    return false;
  default:
    return true;
  }
}

void grail_populate(void *address, size_t length) {
  madvise(address, length, MADV_DONTFORK);
#if !defined(MADV_POPULATE_WRITE)
#define MADV_POPULATE_WRITE 23
#endif
  if (madvise(address, length, MADV_POPULATE_WRITE) == 0) return;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (size_t at = 0; at < length; at += page) ((volatile char *)address)[at] = 0;
}

int grail_sync(int file) { return fdatasync(file) == 0 ? 0 : errno; }

// Reads a small file of the system whole; returns its length, without line breaks at the end.
static size_t read_text(const char *path, char *text, size_t capacity) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  size_t length = 0;
  while (length < capacity) {
    ssize_t count = read(file, text + length, capacity - length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    length += (size_t)count;
  }
  close(file);
  while (length > 0 && text[length - 1] == '\n') length--;
  return length;
}

size_t grail_boot_id(char *text, size_t capacity) {
  return read_text("/proc/sys/kernel/random/boot_id", text, capacity);
}

uint64_t grail_process_start(int64_t process) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%lld/stat", (long long)process);
  size_t length = read_text(path, text, sizeof text - 1);
  text[length] = 0;
  // The second field is the program's name in parentheses, which may hold anything.
  char *field = strrchr(text, ')');
  if (field == NULL) return 0;
  for (int number = 2; number < 22; number++) {
    field = strchr(field + 1, ' ');
    if (field == NULL) return 0;
    if (number == 2 && field[1] == 'Z') return 0;  // it has ended and waits to be noticed
  }
  return strtoull(field + 1, NULL, 10);
}

size_t grail_process_namespace(char *text, size_t capacity) {
  ssize_t length = readlink("/proc/self/ns/pid", text, capacity);
  return length < 0 ? 0 : (size_t)length;
}

size_t grail_cpu_name(char *text, size_t capacity) {
  FILE *file = fopen("/proc/cpuinfo", "re");
  if (file == NULL) return 0;
  char line[512];
  size_t length = 0;
  while (length == 0 && fgets(line, sizeof line, file) != NULL) {
    char *value = strstr(line, ": ");
    if (value == NULL || strncmp(line, "model name", 10) != 0) continue;
    value += 2;
    length = strcspn(value, "\n");
    if (length > capacity) length = capacity;
    memcpy(text, value, length);
  }
  fclose(file);
  return length;
}

#elif defined(__APPLE__)

int grail_reserve(int file, int64_t offset, int64_t length) {
  (void)file, (void)offset, (void)length;
  return EOPNOTSUPP;
}

// APFS writes every change to a new place, so reserved space promises nothing.
bool grail_mapping_is_safe(int file) {
  (void)file;
  return false;
}

bool grail_folder_is_local(const char *path) {
  struct statfs system;
  return statfs(path, &system) == 0 && (system.f_flags & MNT_LOCAL) != 0;
}

void grail_populate(void *address, size_t length) { (void)address, (void)length; }

int grail_sync(int file) { return fsync(file) == 0 ? 0 : errno; }

static size_t read_setting(const char *name, char *text, size_t capacity) {
  size_t length = capacity;
  if (sysctlbyname(name, text, &length, NULL, 0) != 0 || length == 0) return 0;
  return length - 1;
}

size_t grail_boot_id(char *text, size_t capacity) {
  return read_setting("kern.bootsessionuuid", text, capacity);
}

uint64_t grail_process_start(int64_t process) {
  struct proc_bsdinfo about;
  int size = proc_pidinfo((int)process, PROC_PIDTBSDINFO, 0, &about, sizeof about);
  if (size != (int)sizeof about) return 0;
  return about.pbi_start_tvsec * 1000000 + about.pbi_start_tvusec;
}

size_t grail_process_namespace(char *text, size_t capacity) {
  (void)text, (void)capacity;
  return 0;
}

size_t grail_cpu_name(char *text, size_t capacity) {
  return read_setting("machdep.cpu.brand_string", text, capacity);
}

#endif

// A process by its id, which no other process can take over: -1 where the system has no such thing.
static int process_handle(int64_t process) {
#if defined(__linux__)
#if !defined(SYS_pidfd_open)
#define SYS_pidfd_open 434
#endif
  return (int)syscall(SYS_pidfd_open, (pid_t)process, 0);
#else
  (void)process;
  return -1;
#endif
}

static int signal_process(int handle, int64_t process, int signal) {
#if defined(__linux__)
#if !defined(SYS_pidfd_send_signal)
#define SYS_pidfd_send_signal 424
#endif
  if (handle >= 0) {
    if (syscall(SYS_pidfd_send_signal, handle, signal, NULL, 0) == 0) return 0;
    if (errno != ENOSYS) return errno;
  }
#else
  (void)handle;
#endif
  return kill((pid_t)process, signal) == 0 ? 0 : errno;
}

int grail_process_signal(int64_t process, uint64_t start, int signal) {
  // Ids below name groups, or the system's own first process.
  if (process <= 1 || process > INT32_MAX) return ESRCH;
  int handle = process_handle(process);
  // Asked while the handle keeps the process from being taken for another.
  int result = start != 0 && grail_process_start(process) == start
                   ? signal_process(handle, process, signal)
                   : ESRCH;
  if (handle >= 0) close(handle);
  return result;
}

bool grail_process_ignores(int64_t process, int signal) {
#if defined(__linux__)
  char path[64], text[4096];
  snprintf(path, sizeof path, "/proc/%lld/status", (long long)process);
  size_t length = read_text(path, text, sizeof text - 1);
  text[length] = 0;
  const char *field = strstr(text, "\nSigIgn:");
  if (field == NULL || signal < 1 || signal > 64) return false;
  return (strtoull(field + 8, NULL, 16) >> (signal - 1) & 1) != 0;
#else
  (void)process, (void)signal;
  return false;
#endif
}
