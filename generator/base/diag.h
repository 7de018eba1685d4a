/*
 * diag: faults of content, collected so that all are shown at once. Anyone may include it.
 *
 *     diag_set_source(diag, path, bytes);     whose lines are quoted from now on
 *     diag_add(diag, DIAG_KEY_UNKNOWN, place, DIAG_WITH(key, suggestion));
 *     ...
 *     diag_write_text(&out, diag, LANGUAGE_ZH);
 *
 * Every kind of fault is a row of diag.def: a code that is never reused, a level, and its text and
 * remedy in Chinese and English, where {1} to {5} stand for the arguments and {L} for the law. The
 * documentation of the codes is generated from the same rows.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/set.h"
#include "base/str.h"

enum diag_level { DIAG_LEVEL_ERROR, DIAG_LEVEL_WARNING, DIAG_LEVEL_NOTE };

enum diag_code {
#define DIAG(name, code, level, zh, en, hint_zh, hint_en) DIAG_##name,
#include "base/diag.def"
#undef DIAG
    DIAG_CODE_COUNT /* not a code */
};

enum language { LANGUAGE_ZH, LANGUAGE_EN };

/* Where in the content: lines and columns count from 1, columns in characters; 0 is "whole". */
struct place {
    struct str path; /* from the content's root, UTF-8; not necessarily clean */
    int line, column;
};

enum { DIAG_ARGS_MAX = 5 };

struct diag_args {
    struct str v[DIAG_ARGS_MAX];
    struct str law[2]; /* what {L} stands for, by language */
};

#define DIAG_WITH(...) ((struct diag_args){.v = {__VA_ARGS__}})
#define DIAG_PLAIN ((struct diag_args){.v = {{NULL, 0}}})

struct diag_entry {
    enum diag_code code;
    enum diag_level level;
    struct place place;
    struct diag_args args;
    struct str line_text; /* the source line, without its end, of a long one the part around the
                             column; empty where there is none */
    int line_column;      /* where in it the caret stands, in characters */
};

/* Zeroed is ready to use. */
struct diag {
    struct arena arena;
    struct diag_entry *entries;
    size_t count;
    size_t left_out;    /* past DIAG_LIMIT: counted, not kept */
    size_t error_count; /* of those left out too */
    bool is_lenient;    /* a site without configuration: errors of content become notes,
                              those of personal data warnings */
    bool is_all_errors; /* all that are kept: no room is left for more */
    struct str source_path, source;
};

enum {
    DIAG_LIMIT = 5000,
    DIAG_SUMMARY_FILES = 5,
    /* Columns that a quote takes: with what git writes before it, it stands on 80, unbroken, so
     * that the caret is under its character. */
    DIAG_QUOTE_WIDTH = 64
};

/* The bytes that places in `path` speak of; borrowed until the next call. */
void diag_set_source(struct diag *diag, struct str path, struct str bytes);

/* Quotes `bytes`, a masked copy of the source with the same lines, in all that speaks of `path`:
 * what was added before, and what is added until the next source. */
void diag_quote(struct diag *diag, struct str path, struct str bytes);

/* Quotes `bytes`, another file than the source, in all that speaks of `path` and has no quote. */
void diag_quote_other(struct diag *diag, struct str path, struct str bytes);

/* Adds one fault. The arguments and the path are copied; controls in them are shown as "?". */
void diag_add(struct diag *diag, enum diag_code code, struct place place, struct diag_args args);

/* The same at another level than its row's: what a site decided for one of its rules. */
void diag_add_at(struct diag *diag, enum diag_code code, enum diag_level level, struct place place,
                 struct diag_args args);

/* Moves all of `from` behind those of `into`; `from` is empty then. */
void diag_merge(struct diag *into, struct diag *from);

/* The same for diagnostics made before it was known whether errors of content are lenient. */
void diag_adopt(struct diag *into, struct diag *from);

/* Drops warnings and notes that are not about one of these paths: of what somebody else wrote, who
 * now changes a file need not hear. */
void diag_keep_near(struct diag *diag, const struct set *paths);

/* Sorts by path, line, column, then in the order of adding. */
void diag_sort(struct diag *diag);

/* The line and column, in characters, of byte `offset` in `source`. */
struct place diag_place_of(struct str path, struct str source, size_t offset);

/*
 * `path:line:col: error[E104]: text`, the source line, a caret under the character, the remedy;
 * sorted, notes first and errors last, where whoever sees only the end of it finds them. The caret
 * stands right on a terminal that gives Han characters two columns.
 */
void diag_write_text(struct buf *out, struct diag *diag, enum language language);

/* "3 errors (a.md, b.md); 2 warnings, which hinder nothing", without an end of line. */
void diag_write_summary(struct buf *out, struct diag *diag, enum language language);

/* The same as a JSON array of {path, line, column, level, code, text, hint}. */
void diag_write_json(struct buf *out, struct diag *diag, enum language language);

/* "E104" and the like; the raw message with its {1}; for the generated documentation. */
const char *diag_code_text(enum diag_code code);
enum diag_level diag_code_level(enum diag_code code);
const char *diag_message(enum diag_code code, enum language language);
const char *diag_hint(enum diag_code code, enum language language);

void diag_free(struct diag *diag);

#endif
