/*
 * serve: the site as it would be published, on one's own machine. A copy is built into a temporary
 * folder and served; where the commit or, with --worktree, a file changes, it is built again when
 * the next page is asked for. A change with faults is told, and the pages before it stay.
 */
#include "commands/command.h"
#include "commands/http.h"
#include "commands/program.h"
#include "commands/site.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PORT_DEFAULT = 8080, FOLDERS_DEEP = 64 };

struct serve {
    const struct options *options;
    char folder[64];     /* of all that is built here */
    struct buf root;     /* the web root that is served; empty before the first */
    struct buf base;     /* the path of the site's address */
    struct str worktree; /* empty where commits are served */
    struct str cgi;
    struct arena arena;
    uint64_t seen; /* what the source was when it was last built */
    int number;    /* of builds */
};

/* Files of the working tree with size and time of change, git's own left out. */
static void add_folder(uint64_t *sum, struct arena *arena, struct str path, int depth)
{
    DIR *folder = opendir(path.p);
    for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        struct stat found;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            strcmp(entry->d_name, ".git") == 0) {
            continue;
        }
        struct str below = arena_printf(arena, "%.*s/%s", STR_ARG(path), entry->d_name);
        if (lstat(below.p, &found) != 0) {
            continue;
        }
        struct str facts =
            arena_printf(arena, "%s %lld %lld.%09ld", below.p, (long long)found.st_size,
                         (long long)found.st_mtim.tv_sec, found.st_mtim.tv_nsec);
        *sum += str_hash(facts); /* whatever the order of the folder */
        if (S_ISDIR(found.st_mode) && depth < FOLDERS_DEEP) {
            add_folder(sum, arena, below, depth + 1);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

/* A number that is another once the source is; 0 where it cannot be read. */
static uint64_t look(const struct serve *serve)
{
    struct arena arena = {0};
    uint64_t sum = 1;
    struct source *source = NULL;
    struct fault ignored;
    const struct source_options options = {.path = serve->options->repository,
                                           .revision = serve->options->revision};
    if (serve->worktree.n > 0) {
        add_folder(&sum, &arena, serve->worktree, 0);
    } else {
        sum = source_open(&source, &options, &ignored) == 0
                  ? str_hash(str_of(source_commit(source)))
                  : 0;
        source_close(source);
    }
    arena_free(&arena);
    return sum;
}

/* The path of the site's address, which its pages begin their links with. */
static int read_base(struct serve *serve, struct fault *fault)
{
    struct site site = {0};
    struct diag ignored = {0};
    int rc = site_open(&site, serve->options, fault);
    if (rc == 0) {
        rc = site_load(&site, NULL, &ignored, fault);
    }
    if (rc == 0) {
        buf_clear(&serve->base);
        buf_add(&serve->base, site.config.base);
    }
    site_free(&site);
    diag_free(&ignored);
    return rc;
}

/* Into a folder of its own each time: what is served stays whole until the next is. */
static void build(struct serve *serve)
{
    struct options options = *serve->options;
    struct fault fault;
    struct buf root = BUF_EMPTY, former = BUF_EMPTY;
    buf_printf(&root, "%s/%d/public", serve->folder, ++serve->number);
    serve->seen = look(serve);
    options.output = root.p;
    options.is_json = false;
    bool is_built = file_make_parents(AT_FDCWD, root.p, &fault) == 0 &&
                    command_build(&options) == COMMAND_DONE && read_base(serve, &fault) == 0;
    if (is_built && serve->root.n > 0) {
        buf_add(&former, str_slice(buf_str(&serve->root), 0, serve->root.n - STR("/public").n));
        file_remove_tree(AT_FDCWD, former.p, &fault);
    }
    if (is_built) {
        buf_clear(&serve->root);
        buf_add(&serve->root, buf_str(&root));
    }
    buf_free(&root);
    buf_free(&former);
}

static void answer(struct serve *serve, int listener)
{
    int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) {
        return;
    }
    if (look(serve) != serve->seen) {
        build(serve);
    }
    const struct http_site site = {.root = serve->root.n > 0 ? serve->root.p : NULL,
                                   .base = serve->base.n > 0 ? buf_str(&serve->base) : STR("/"),
                                   .cgi = serve->cgi.p};
    http_answer(connection, &site);
}

/* Until somebody ends it. */
static int loop(struct serve *serve, int listener, struct fault *fault)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    signal(SIGPIPE, SIG_IGN); /* who goes away in the midst of a page is no matter */
    if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0) {
        return fault_errno(fault, "signals cannot be blocked");
    }
    int signals = signalfd(-1, &ends, SFD_CLOEXEC);
    struct pollfd fds[2] = {{.fd = listener, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
    int rc = signals < 0 ? fault_errno(fault, "signals cannot be read") : 0;
    while (rc == 0 && fds[1].revents == 0) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            rc = fault_errno(fault, "poll failed");
        } else if (fds[0].revents != 0) {
            answer(serve, listener);
        }
    }
    if (signals >= 0) {
        close(signals);
    }
    return rc;
}

static int find_worktree(struct serve *serve, struct fault *fault)
{
    struct source *source = NULL;
    struct buf path = BUF_EMPTY;
    const struct source_options options = {.path = serve->options->repository,
                                           .tree = SOURCE_TREE_WORKTREE};
    int rc = source_open(&source, &options, fault);
    if (rc == 0) {
        rc = source_worktree(&path, source, fault);
    }
    serve->worktree = arena_copy(&serve->arena, buf_str(&path));
    source_close(source);
    buf_free(&path);
    return rc;
}

static int run(struct serve *serve, struct fault *fault)
{
    int listener = -1, port = serve->options->port > 0 ? serve->options->port : PORT_DEFAULT;
    struct str program;
    strcpy(serve->folder, "/tmp/gongkai-serve.XXXXXX");
    if (program_path(&program, &serve->arena, fault) != 0 ||
        (serve->options->tree == OPTIONS_TREE_WORKTREE && find_worktree(serve, fault) != 0) ||
        http_listen(&listener, port, fault) != 0) {
        return -1;
    }
    serve->cgi = program_cgi_folder(&serve->arena, program);
    if (mkdtemp(serve->folder) == NULL) {
        close(listener);
        return fault_errno(fault, "no temporary folder");
    }
    build(serve);
    printf(serve->options->language == LANGUAGE_ZH
               ? "打开 http://127.0.0.1:%d%s 看；按 Ctrl-C 结束\n"
               : "Open http://127.0.0.1:%d%s; Ctrl-C ends it\n",
           port, serve->base.n > 0 ? serve->base.p : "/");
    fflush(stdout);
    int rc = loop(serve, listener, fault);
    close(listener);
    struct fault ignored;
    file_remove_tree(AT_FDCWD, serve->folder, &ignored);
    return rc;
}

int command_serve(const struct options *options)
{
    struct serve serve = {.options = options, .root = BUF_EMPTY, .base = BUF_EMPTY};
    struct fault fault = {.text = ""};
    int rc = run(&serve, &fault);
    buf_free(&serve.root);
    buf_free(&serve.base);
    arena_free(&serve.arena);
    return rc == 0 ? COMMAND_DONE : command_fail(&fault, options);
}
