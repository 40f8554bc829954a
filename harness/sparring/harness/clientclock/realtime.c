/*
 * Moves the wall clock of one process, and nothing else.
 *
 * Loaded with LD_PRELOAD. SPARRING_CLOCK_FILE names a file of eight bytes: a signed number of nanoseconds, in the
 * machine's byte order, that is added to every reading of the wall clock. The file is mapped, so a new value reaches
 * running processes at once. Monotonic clocks are left alone, so sleeps and timeouts keep their length; waits until a
 * point of the (moved) wall clock are moved back before the kernel sees them.
 *
 * Not reached: programs that do not call libc (static ones, Go), and the times that the kernel writes (files' mtime).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
/* No monotonic clock has run for thirty years: a deadline beyond this is one of the wall clock. */
#define WALL_CLOCK_SINCE 1000000000

static volatile int64_t *shared_offset;

static int64_t offset(void) { return shared_offset ? __atomic_load_n(shared_offset, __ATOMIC_RELAXED) : 0; }

__attribute__((constructor)) static void map_offset(void) {
    const char *path = getenv("SPARRING_CLOCK_FILE");
    struct stat facts;
    int saved = errno;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        if (fstat(fd, &facts) == 0 && facts.st_size >= (off_t)sizeof(int64_t)) {
            void *page = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
            if (page != MAP_FAILED) shared_offset = page;
        }
        close(fd);
    }
    errno = saved;
}

/* The function of the C library that the one of this name here hides; looked up once. */
#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void shift(struct timespec *t, int64_t by) {
    int64_t nanoseconds = t->tv_nsec + by % SECOND;
    t->tv_sec += by / SECOND;
    if (nanoseconds >= SECOND) { nanoseconds -= SECOND; t->tv_sec++; }
    if (nanoseconds < 0) { nanoseconds += SECOND; t->tv_sec--; }
    t->tv_nsec = nanoseconds;
}

static int is_wall_clock(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

/* A deadline on the moved wall clock, as the kernel's own clock will show it. Anything odd is left for libc to refuse. */
static const struct timespec *unmoved(const struct timespec *deadline, struct timespec *room) {
    int64_t by = offset();
    if (!deadline || by == 0 || deadline->tv_sec < WALL_CLOCK_SINCE || deadline->tv_nsec < 0 || deadline->tv_nsec >= SECOND) return deadline;
    *room = *deadline;
    shift(room, -by);
    if (room->tv_sec < 0) { room->tv_sec = 0; room->tv_nsec = 0; }
    return room;
}

/* Reading the clock */

static int read_clock(clockid_t clock, struct timespec *t) {
    NEXT(clock_gettime);
    return next ? next(clock, t) : (int)syscall(SYS_clock_gettime, clock, t);
}

int clock_gettime(clockid_t clock, struct timespec *t) {
    int result = read_clock(clock, t);
    if (result == 0 && is_wall_clock(clock)) shift(t, offset());
    return result;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    struct timespec now;
    if (zone) {
        ((struct timezone *)zone)->tz_minuteswest = 0;
        ((struct timezone *)zone)->tz_dsttime = 0;
    }
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *t) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t)-1;
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *t, int base) {
    if (base != TIME_UTC) {
        NEXT(timespec_get);
        return next ? next(t, base) : 0;
    }
    return clock_gettime(CLOCK_REALTIME, t) == 0 ? base : 0;
}

/* Waiting until a point of the wall clock */

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *remain) {
    struct timespec room;
    NEXT(clock_nanosleep);
    return next(clock, flags, (flags & TIMER_ABSTIME) && is_wall_clock(clock) ? unmoved(request, &room) : request, remain);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
    struct timespec room;
    NEXT(sem_timedwait);
    return next(semaphore, unmoved(deadline, &room));
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline) {
    struct timespec room;
    NEXT(pthread_mutex_timedlock);
    return next(mutex, unmoved(deadline, &room));
}

/* A condition may wait by the monotonic clock; `unmoved` tells the two apart by the deadline. On x86-64 the plain look-up
   finds the function of a libc of long ago, with another layout of the condition. */
int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline) {
    struct timespec room;
    static __typeof__(&pthread_cond_timedwait) next;
#ifdef __GLIBC__
    if (!next) next = (__typeof__(&pthread_cond_timedwait))dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
#endif
    if (!next) next = (__typeof__(&pthread_cond_timedwait))dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    return next(condition, mutex, unmoved(deadline, &room));
}

#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 30)
int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict deadline) {
    struct timespec room;
    NEXT(sem_clockwait);
    return next(semaphore, clock, is_wall_clock(clock) ? unmoved(deadline, &room) : deadline);
}

int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict deadline) {
    struct timespec room;
    NEXT(pthread_cond_clockwait);
    return next(condition, mutex, clock, is_wall_clock(clock) ? unmoved(deadline, &room) : deadline);
}
#endif
