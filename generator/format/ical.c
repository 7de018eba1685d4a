#include "format/ical.h"

struct line {
    struct buf *out;
    size_t used; /* octets of the line so far */
};

static void fold(struct line *line)
{
    buf_add(line->out, STR("\r\n "));
    line->used = 1;
}

/* As many octets as there is room for, and whole characters: 10xxxxxx goes on with one. */
static size_t fitting(const struct line *line, struct str s)
{
    size_t room = ICAL_LINE_MAX - line->used;
    if (s.n <= room) {
        return s.n;
    }
    while (room > 0 && ((unsigned char)s.p[room] & 0xc0) == 0x80) {
        room--;
    }
    return room;
}

static void add(struct line *line, struct str s)
{
    while (s.n > 0) {
        size_t n = fitting(line, s);
        if (n == 0 && line->used == 1) {
            n = ICAL_LINE_MAX - 1; /* no UTF-8: better a broken line than none at all */
        }
        buf_add(line->out, str_slice(s, 0, n));
        line->used += n;
        s = str_from(s, n);
        if (s.n > 0) {
            fold(line);
        }
    }
}

static struct line begin(struct buf *out, const char *name)
{
    struct line line = {out, 0};
    add(&line, str_of(name));
    add(&line, STR(":"));
    return line;
}

void ical_line(struct buf *out, const char *name, struct str value)
{
    struct line line = begin(out, name);
    add(&line, value);
    buf_add(out, STR("\r\n"));
}

/* What stands for a character of TEXT; NULL: itself. Controls have no place in it. */
static const char *escape_of(char c)
{
    switch (c) {
    case '\\':
        return "\\\\";
    case ';':
        return "\\;";
    case ',':
        return "\\,";
    case '\n':
        return "\\n";
    case '\t':
        return NULL;
    default:
        return (unsigned char)c < ' ' || c == 0x7f ? " " : NULL;
    }
}

void ical_text(struct buf *out, const char *name, struct str text)
{
    struct line line = begin(out, name);
    size_t from = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *escape = escape_of(text.p[i]);
        if (escape != NULL) {
            add(&line, str_slice(text, from, i));
            if (line.used + strlen(escape) > ICAL_LINE_MAX) {
                fold(&line); /* allowed inside an escape, but simple readers trip over it */
            }
            add(&line, str_of(escape));
            from = i + 1;
        }
    }
    add(&line, str_from(text, from));
    buf_add(out, STR("\r\n"));
}
