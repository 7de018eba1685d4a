#include "commands/http.h"

#include "base/buf.h"
#include "base/escape.h"
#include "base/file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST_MAX = 16 * 1024, TIMEOUT_SECONDS = 5, FILE_MAX = 1024 * 1024 * 1024 };

int http_listen(int *out, int port, struct fault *fault)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int yes = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 16) != 0) {
        fault_tell_errno(fault, "127.0.0.1:%d 用不了（换一个，如 --port 8081）",
                         "cannot listen on 127.0.0.1:%d (choose another, as --port 8081)", port);
        if (fd >= 0) {
            close(fd);
        }
        return -1;
    }
    *out = fd;
    return 0;
}

struct request {
    char bytes[REQUEST_MAX + 1];
    struct str method, path, query;
};

static bool read_request(struct request *out, int connection)
{
    size_t n = 0;
    out->bytes[0] = '\0';
    while (strstr(out->bytes, "\r\n\r\n") == NULL) {
        ssize_t got = n < REQUEST_MAX ? read(connection, out->bytes + n, REQUEST_MAX - n) : 0;
        if (got <= 0) {
            return false;
        }
        n += (size_t)got;
        out->bytes[n] = '\0';
    }
    struct str rest = str_of(out->bytes), target;
    if (!str_cut(&out->method, &rest, ' ') || !str_cut(&target, &rest, ' ')) {
        return false;
    }
    ptrdiff_t mark = str_find_char(target, '?');
    out->path = mark < 0 ? target : str_slice(target, 0, (size_t)mark);
    out->query = mark < 0 ? STR("") : str_from(target, (size_t)mark + 1);
    return true;
}

static void send_head(int connection, const char *status, const char *type, size_t length,
                      const char *more)
{
    struct fault ignored;
    struct buf head = BUF_EMPTY;
    buf_printf(&head,
               "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\n"
               "Cache-Control: no-store\r\n%s\r\n",
               status, type, length, more);
    file_write_all(connection, buf_str(&head), &ignored); /* who went away needs no answer */
    buf_free(&head);
}

static void send_text(int connection, const char *status, const char *text, const char *more)
{
    struct fault ignored;
    send_head(connection, status, "text/plain; charset=utf-8", strlen(text), more);
    file_write_all(connection, str_of(text), &ignored);
}

/* The path below the web root, "" for the root itself; false where it leads anywhere else. */
static bool decode_path(struct buf *out, struct str path)
{
    if (!escape_decode_percent(out, path)) {
        return false;
    }
    for (size_t i = 0; i < out->n; i++) {
        if ((unsigned char)out->p[i] < 0x20) {
            return false;
        }
    }
    struct str rest = buf_str(out), part;
    while (str_cut(&part, &rest, '/')) {
        if (str_equal(part, STR("..")) || str_equal(part, STR("."))) {
            return false;
        }
    }
    return true;
}

static const char *type_of(struct str path)
{
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                           {".css", "text/css; charset=utf-8"},
                                           {".csv", "text/csv; charset=utf-8"},
                                           {".txt", "text/plain; charset=utf-8"},
                                           {".md", "text/plain; charset=utf-8"},
                                           {".json", "application/json"},
                                           {".jsonld", "application/ld+json"},
                                           {".xml", "application/xml"},
                                           {".ics", "text/calendar; charset=utf-8"},
                                           {".png", "image/png"},
                                           {".jpg", "image/jpeg"},
                                           {".jpeg", "image/jpeg"},
                                           {".gif", "image/gif"},
                                           {".svg", "image/svg+xml"},
                                           {".pdf", "application/pdf"},
                                           {".webp", "image/webp"},
                                           {"SHA256SUMS", "text/plain"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_ends_nocase(path, str_of(types[i][0]))) {
            return types[i][1];
        }
    }
    return "application/octet-stream";
}

static void send_file(int connection, const char *status, const char *path, bool is_head)
{
    struct buf bytes = BUF_EMPTY;
    struct fault ignored;
    if (file_read(&bytes, AT_FDCWD, path, FILE_MAX, &ignored) != 0) {
        send_text(connection, "404 Not Found", "没有这一页\n", "");
    } else {
        send_head(connection, status, type_of(str_of(path)), bytes.n,
                  "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; "
                  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n");
        if (!is_head) {
            file_write_all(connection, buf_str(&bytes), &ignored);
        }
    }
    buf_free(&bytes);
}

/* A folder's address ends in a slash, as on every page. */
static void send_redirect(int connection, const struct request *request)
{
    struct buf more = BUF_EMPTY;
    buf_printf(&more, "Location: %.*s/\r\n", STR_ARG(request->path));
    send_text(connection, "301 Moved Permanently", "", more.p);
    buf_free(&more);
}

static void answer_file(int connection, const struct request *request, const struct http_site *site,
                        struct str path)
{
    bool is_head = str_equal(request->method, STR("HEAD"));
    struct buf full = BUF_EMPTY;
    struct stat found;
    buf_printf(&full, "%s/%.*s", site->root, STR_ARG(path));
    bool is_found = stat(full.p, &found) == 0;
    if (is_found && S_ISDIR(found.st_mode) && path.n > 0 && !str_ends(path, STR("/"))) {
        send_redirect(connection, request);
    } else if (is_found && S_ISDIR(found.st_mode)) {
        buf_add_text(&full, "/index.html");
        send_file(connection, "200 OK", full.p, is_head);
    } else if (is_found) {
        send_file(connection, "200 OK", full.p, is_head);
    } else {
        buf_clear(&full);
        buf_printf(&full, "%s/404.html", site->root);
        send_file(connection, "404 Not Found", full.p, is_head);
    }
    buf_free(&full);
}

/* The child of a search: what a web server would set, and nothing that we have. */
static void run_cgi(int output, const struct request *request, const struct http_site *site,
                    const char *program)
{
    struct buf variables[4] = {BUF_EMPTY, BUF_EMPTY, BUF_EMPTY, BUF_EMPTY};
    buf_printf(&variables[0], "REQUEST_METHOD=%.*s", STR_ARG(request->method));
    buf_printf(&variables[1], "QUERY_STRING=%.*s", STR_ARG(request->query));
    buf_printf(&variables[2], "GONGKAI_SITE=%s", site->root);
    buf_printf(&variables[3], "GATEWAY_INTERFACE=CGI/1.1");
    char *environment[] = {variables[0].p, variables[1].p, variables[2].p, variables[3].p, NULL};
    char *arguments[] = {(char *)(uintptr_t)program, NULL};
    if (dup2(output, STDOUT_FILENO) >= 0) {
        execve(program, arguments, environment);
    }
    _exit(127);
}

static void read_all(struct buf *out, int fd)
{
    for (;;) {
        char *end = buf_reserve(out, 65536);
        ssize_t n = read(fd, end, 65536);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return;
        }
        out->n += (size_t)n;
    }
}

/* Its "Status: 200 OK" becomes the line of HTTP; the rest goes on as it is. */
static void send_cgi(int connection, struct str answer)
{
    struct fault ignored;
    struct buf head = BUF_EMPTY;
    ptrdiff_t at = str_find(answer, STR("Status: "));
    struct str status = STR("200 OK"), rest = at < 0 ? STR("") : str_from(answer, (size_t)at + 8);
    if (at >= 0) {
        str_cut(&status, &rest, '\n');
    }
    buf_printf(&head, "HTTP/1.1 %.*s\r\nConnection: close\r\n", STR_ARG(str_trim(status)));
    buf_add(&head, answer);
    file_write_all(connection, buf_str(&head), &ignored);
    buf_free(&head);
}

static void answer_cgi(int connection, const struct request *request, const struct http_site *site,
                       struct str name)
{
    struct buf program = BUF_EMPTY, answer = BUF_EMPTY;
    int ends[2];
    buf_printf(&program, "%s/%.*s", site->cgi, STR_ARG(name));
    pid_t child = pipe(ends) == 0 ? fork() : -1;
    if (child == 0) {
        run_cgi(ends[1], request, site, program.p);
    }
    if (child > 0) {
        close(ends[1]);
        read_all(&answer, ends[0]);
        close(ends[0]);
        waitpid(child, NULL, 0);
    }
    if (answer.n > 0) {
        send_cgi(connection, buf_str(&answer));
    } else {
        send_text(connection, "500 Internal Server Error", "搜索程序没有回答\n", "");
    }
    buf_free(&program);
    buf_free(&answer);
}

static void answer(int connection, const struct request *request, const struct http_site *site)
{
    struct buf path = BUF_EMPTY;
    bool is_read =
        str_equal(request->method, STR("GET")) || str_equal(request->method, STR("HEAD"));
    if (!is_read) {
        send_text(connection, "405 Method Not Allowed", "只能读\n", "Allow: GET, HEAD\r\n");
    } else if (site->root == NULL) {
        send_text(connection, "503 Service Unavailable",
                  "内容有错误，见运行 gongkai serve 的窗口\n", "");
    } else if (!str_starts(request->path, site->base) ||
               !decode_path(&path, str_from(request->path, site->base.n))) {
        send_text(connection, "404 Not Found", "没有这一页\n", "");
    } else if (str_equal(buf_str(&path), STR("search.cgi")) ||
               str_equal(buf_str(&path), STR("search-feed.cgi"))) {
        answer_cgi(connection, request, site, buf_str(&path));
    } else {
        answer_file(connection, request, site, buf_str(&path));
    }
    buf_free(&path);
}

void http_answer(int connection, const struct http_site *site)
{
    const struct timeval limit = {.tv_sec = TIMEOUT_SECONDS};
    struct request request;
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (read_request(&request, connection)) {
        answer(connection, &request, site);
    }
    close(connection);
}
