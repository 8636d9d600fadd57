/* Loaded before the C library: each reading of a database file waits for 50 ms first, as from a disk that is slow. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_database(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, "/kopilka.db") != NULL;
}

#define SLOW(name, offset_type)                                                    \
    ssize_t name(int fd, void *to, size_t count, offset_type offset) {             \
        static ssize_t (*read_now)(int, void *, size_t, offset_type);              \
        if (!read_now) *(void **)&read_now = dlsym(RTLD_NEXT, #name);              \
        if (is_database(fd)) usleep(50000);                                        \
        return read_now(fd, to, count, offset);                                    \
    }

SLOW(pread, off_t)
SLOW(pread64, off64_t)
