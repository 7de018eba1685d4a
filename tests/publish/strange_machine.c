/*
 * A machine whose clock, name and folders are others: loaded before the program, to see that none
 * of them gets into what it makes.
 *
 *     STRANGE_CLOCK   seconds since 1970 at which the clock stands
 *     STRANGE_ORDER   if set, folders give their entries from the last to the first
 */
#include <dirent.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static time_t strange_now(void)
{
    const char *text = getenv("STRANGE_CLOCK");
    return text == NULL ? 0 : (time_t)atoll(text);
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    int (*real)(clockid_t, struct timespec *);
    *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int rc = real(clock, out);
    if (rc == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        out->tv_sec = strange_now();
    }
    return rc;
}

time_t time(time_t *out)
{
    if (out != NULL) {
        *out = strange_now();
    }
    return strange_now();
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    (void)zone;
    *out = (struct timeval){strange_now(), 7};
    return 0;
}

int gethostname(char *out, size_t size)
{
    strncpy(out, "strange", size);
    return 0;
}

int uname(struct utsname *out)
{
    memset(out, 0, sizeof *out);
    strcpy(out->sysname, "Strange");
    strcpy(out->nodename, "strange");
    strcpy(out->release, "1.0");
    strcpy(out->machine, "x86_64");
    return 0;
}

/* The entries that are left of an open folder. */
struct folder {
    DIR *dir;
    struct dirent *entries;
    size_t count;
    struct folder *next;
};

static struct folder *folders;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct folder *find(DIR *dir)
{
    struct folder *folder = folders;
    while (folder != NULL && folder->dir != dir) {
        folder = folder->next;
    }
    return folder;
}

static struct folder *read_all(DIR *dir)
{
    struct dirent *(*real)(DIR *);
    *(void **)&real = dlsym(RTLD_NEXT, "readdir");
    struct folder *folder = calloc(1, sizeof *folder);
    folder->dir = dir;
    for (struct dirent *entry; (entry = real(dir)) != NULL;) {
        folder->entries = realloc(folder->entries, (folder->count + 1) * sizeof *folder->entries);
        memcpy(&folder->entries[folder->count++], entry, sizeof *entry);
    }
    folder->next = folders;
    folders = folder;
    return folder;
}

struct dirent *readdir(DIR *dir)
{
    if (getenv("STRANGE_ORDER") == NULL) {
        struct dirent *(*real)(DIR *);
        *(void **)&real = dlsym(RTLD_NEXT, "readdir");
        return real(dir);
    }
    pthread_mutex_lock(&lock);
    struct folder *folder = find(dir);
    folder = folder == NULL ? read_all(dir) : folder;
    struct dirent *entry = folder->count == 0 ? NULL : &folder->entries[--folder->count];
    pthread_mutex_unlock(&lock);
    return entry;
}

struct dirent64 *readdir64(DIR *dir)
{
    return (struct dirent64 *)readdir(dir);
}

/* What was opened at the same place later is another folder. */
int closedir(DIR *dir)
{
    int (*real)(DIR *);
    *(void **)&real = dlsym(RTLD_NEXT, "closedir");
    pthread_mutex_lock(&lock);
    struct folder *folder = find(dir);
    if (folder != NULL) {
        folder->dir = NULL;
    }
    pthread_mutex_unlock(&lock);
    return real(dir);
}

void rewinddir(DIR *dir)
{
    void (*real)(DIR *);
    *(void **)&real = dlsym(RTLD_NEXT, "rewinddir");
    pthread_mutex_lock(&lock);
    struct folder *folder = find(dir);
    if (folder != NULL) {
        folder->dir = NULL;
    }
    pthread_mutex_unlock(&lock);
    real(dir);
}
