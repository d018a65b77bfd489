// What Swift cannot reach or what differs between systems: atomics on mapped memory, clocks,
// reserved space, the kinds of file systems, the identity of a process.

#ifndef GRAIL_SYSTEM_H
#define GRAIL_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Stores eight bytes so that whoever sees them sees all that was stored before. Aligned to 8.
static inline void grail_store_release(void *address, uint64_t word) {
  __atomic_store_n((uint64_t *)address, word, __ATOMIC_RELEASE);
}

/// Microseconds since 1970 by the precise clock of the system.
int64_t grail_clock_precise(void);

/// Microseconds since 1970 by the clock that costs least to read; behind by a few milliseconds.
int64_t grail_clock_coarse(void);

/// Reserves space for a part of a file, so that writing there cannot fail for want of space.
/// Returns 0, or the error's number; EOPNOTSUPP where the system promises nothing.
int grail_reserve(int file, int64_t offset, int64_t length);

/// Whether writing to mapped, reserved space of this file can never fail: a local file system
/// that overwrites in place.
bool grail_mapping_is_safe(int file);

/// Whether a folder is on a disk of this machine, where several processes can share a database.
bool grail_folder_is_local(const char *path);

/// Makes the pages of a fresh mapping present and writable, and keeps them from forked children.
void grail_populate(void *address, size_t length);

/// Writes the file's content to its disk. Returns 0, or the error's number.
int grail_sync(int file);

/// Takes the exclusive lock of a file without waiting. Returns 0, or the error's number:
/// EWOULDBLOCK where another holds it, anything else where there are no locks.
int grail_lock(int file);

/// Takes a shared lock of a file without waiting, which fails while another holds the exclusive
/// one. Returns as above; closing the file gives either lock back.
int grail_lock_shared(int file);

/// Lets standard streams that are closed lead to nothing, so that no file that is opened later takes
/// the place of one and gets what is printed there.
void grail_fill_standard_streams(void);

/// A running thread.
typedef struct grail_thread grail_thread;

/// Starts a thread; NULL if the system refuses. A detached one is not to be joined or used.
grail_thread *grail_thread_start(void (*body)(void *), void *context, bool detached);

/// Waits until a thread has ended, and frees what stands for it.
void grail_thread_join(grail_thread *thread);

/// The id of the machine's present boot, as text. Returns its length, or 0 if there is none.
size_t grail_boot_id(char *text, size_t capacity);

/// When a process started, in the system's own count since boot; 0 if there is no such process.
uint64_t grail_process_start(int64_t process);

/// Sends a signal to the process of an id that started at a time, and to no other that has got the
/// id since, as far as the system can tell them apart. Returns 0, or the error: ESRCH if the process is
/// gone.
int grail_process_signal(int64_t process, uint64_t start, int signal);

/// Whether a process ignores a signal, as far as the system says.
bool grail_process_ignores(int64_t process, int signal);

/// The namespace of this process's ids, as text. Returns its length, or 0 if there is none.
size_t grail_process_namespace(char *text, size_t capacity);

/// The processor's name, as text. Returns its length, or 0 if it is unknown.
size_t grail_cpu_name(char *text, size_t capacity);

#endif
