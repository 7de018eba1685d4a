#include "record/link.h"

#include "base/escape.h"
#include "base/path.h"
#include "base/utf8.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_scheme_char(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* The scheme of `address` (RFC 3986, 3.1), without its colon; empty where there is none. */
static struct str scheme_of(struct str address)
{
    size_t n = 0;
    while (n < address.n && is_scheme_char(address.p[n])) {
        n++;
    }
    bool is_one = n > 0 && n < address.n && address.p[n] == ':' && is_letter(address.p[0]);
    return is_one ? str_slice(address, 0, n) : (struct str){NULL, 0};
}

static bool is_allowed(struct str scheme)
{
    static const char *const allowed[] = {"http", "https", "mailto", "tel", "ftp"};
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        if (str_equal_nocase(scheme, str_of(allowed[i]))) {
            return true;
        }
    }
    return false;
}

/* Characters by which an address can be read in two ways. */
static bool has_bad_character(struct str address)
{
    uint32_t c;
    for (struct str rest = address; rest.n > 0;) {
        if (!utf8_next(&c, &rest) || c == '\\' || c < 0x20 || utf8_is_control(c) ||
            utf8_is_bidi(c)) {
            return true;
        }
    }
    return false;
}

static struct str decoded(struct arena *arena, struct str path)
{
    if (str_find_char(path, '%') < 0) {
        return path;
    }
    struct buf buf = BUF_EMPTY;
    bool is_decoded = escape_decode_percent(&buf, path) && utf8_find_invalid(buf_str(&buf)) < 0 &&
                      !has_bad_character(buf_str(&buf));
    struct str result = is_decoded ? arena_copy(arena, buf_str(&buf)) : path;
    buf_free(&buf);
    return result;
}

static bool has_markdown_name(struct str path)
{
    return str_ends_nocase(path, STR(".md")) || str_ends_nocase(path, STR(".markdown"));
}

/* Whether the last part of `path` has an extension: without one it is a folder. */
static bool has_extension(struct str path)
{
    struct str name = str_from(path, (size_t)(str_find_last_char(path, '/') + 1));
    return str_find_last_char(name, '.') > 0;
}

/* Asks for `path`; the site's address with `tail` (query and fragment) behind it. */
static bool ask(struct link *out, struct arena *arena, struct str path, struct str tail,
                const struct record_resolver *resolver)
{
    struct str address = resolver->address(resolver->context, arena, path);
    if (address.n == 0) {
        return false;
    }
    out->kind = LINK_KIND_FOUND;
    out->target = path;
    out->is_markdown = has_markdown_name(path) || !has_extension(path);
    out->address =
        tail.n == 0 ? address : arena_printf(arena, "%.*s%.*s", STR_ARG(address), STR_ARG(tail));
    return true;
}

static void resolve_path(struct link *out, struct arena *arena, struct str path, struct str tail,
                         const struct record_resolver *resolver)
{
    if (ask(out, arena, path, tail, resolver)) {
        return;
    }
    out->kind = LINK_KIND_MISSING;
    out->target = path;
    out->is_markdown = has_markdown_name(path) || !has_extension(path);
    if (path.n > 0) {
        struct str longer = arena_printf(arena, "%.*s.md", STR_ARG(path));
        ask(out, arena, longer, tail, resolver);
    }
    if (out->kind == LINK_KIND_MISSING && resolver->is_withheld != NULL &&
        resolver->is_withheld(resolver->context, path)) {
        out->kind = LINK_KIND_WITHHELD;
    }
}

static void resolve_local(struct link *out, struct arena *arena, struct str address,
                          struct str folder, const struct record_resolver *resolver)
{
    size_t end = 0;
    while (end < address.n && address.p[end] != '?' && address.p[end] != '#') {
        end++;
    }
    if (end == 0) {
        return;
    }
    struct str path;
    if (path_resolve_in(&path, arena, folder, decoded(arena, str_slice(address, 0, end)))) {
        resolve_path(out, arena, path, str_from(address, end), resolver);
    } else {
        out->kind = LINK_KIND_OUTSIDE;
    }
}

void link_resolve(struct link *out, struct arena *arena, struct str address, struct str folder,
                  const struct record_resolver *resolver)
{
    *out = (struct link){LINK_KIND_UNSAFE, {NULL, 0}, {NULL, 0}, false};
    if (has_bad_character(address) || str_starts(address, STR("//"))) {
        return;
    }
    struct str scheme = scheme_of(address);
    if (scheme.n > 0 && !is_allowed(scheme)) {
        return;
    }
    out->kind = LINK_KIND_KEPT;
    out->address = address;
    if (scheme.n == 0 && resolver->address != NULL) {
        resolve_local(out, arena, address, folder, resolver);
    }
}
