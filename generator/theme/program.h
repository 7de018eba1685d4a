/*
 * program: what a theme is made of once it is compiled. Private to theme/.
 *
 * A template is a run of instructions, each of which knows where its body ends, so that skipping
 * is one assignment. Everything borrows from the theme's arena. Rendering changes none of it.
 */
#ifndef THEME_PROGRAM_H
#define THEME_PROGRAM_H

#include "theme/names.h"
#include "theme/theme.h"

bool key_equal(const struct key *a, const struct key *b);

enum value_kind {
    VALUE_TEXT,
    VALUE_MARKUP,
    VALUE_INT,
    VALUE_BOOL,
    VALUE_LIST,
    VALUE_MAP,
    VALUE_STRING,  /* interface text as the item of a section; lives in the theme */
    VALUE_UNKNOWN, /* freeze.h: comes later */
    VALUE_KIND_COUNT
};

struct value_entry {
    struct key key;
    const struct value *value; /* NULL is null: false, shown as nothing */
};

struct value {
    enum value_kind kind;
    union {
        struct str text; /* VALUE_MARKUP too */
        int64_t number;
        bool is_true;
        struct {
            size_t count;
            uint64_t tags; /* of a map: a bit for each tag, by which most look-ups of others end */
            union {
                const struct value **items;
                struct value_entry *entries;
            };
        };
        const struct string *string;
    };
};

/* True where the map has the key; what it has goes to `out`. */
bool value_get(const struct value **out, const struct value *map, const struct key *key);

enum op_kind {
    OP_TEXT,
    OP_INDENT, /* a line that begins with a tag */
    OP_ESCAPED,
    OP_RAW,
    OP_SECTION,
    OP_INVERTED,
    OP_STRING,
    OP_STRING_RAW,
    OP_STRING_SECTION,
    OP_STRING_INVERTED,
    OP_PARTIAL,
    OP_PARENT, /* its body is the OP_BLOCKs that are its arguments */
    OP_BLOCK,
    OP_KIND_COUNT
};

struct op {
    enum op_kind kind;
    uint32_t end;           /* the next instruction after this one and its body */
    uint32_t offset;        /* of the tag in the source */
    uint32_t index;         /* of the template or string */
    struct str text;        /* text; of a partial, parent or block its indentation */
    const struct key *name; /* its parts; none stands for "." */
    uint16_t name_count;
    bool is_line;     /* the text begins a line; the tag stands on a line of its own */
    bool is_own_line; /* the block's content begins on a line of its own */
};

struct program {
    const struct op *ops;
    uint32_t count;
};

enum template_state { TEMPLATE_UNKNOWN, TEMPLATE_BROKEN, TEMPLATE_READY };

struct template
{
    enum template_state state;
    struct str path, source;
    struct program program;
};

/* A string is a small template that has text and variables only. */
struct string {
    struct str text;
    struct program plain; /* nothing escaped */
    struct program html;  /* text escaped beforehand, variables escaped when shown */
    struct value value;   /* itself, for {{#t.key}} */
    uint32_t offset;      /* of its line */
    const struct strings_file *file;
};

struct strings_file {
    struct str path, source;
};

struct language_strings {
    struct str name;
    struct string **strings; /* by key number; NULL where this language has none */
    size_t count;
};

struct theme {
    struct arena arena;
    struct names template_names, string_keys;
    struct template **templates; /* by template number */
    size_t template_count;
    struct language_strings *languages;
    size_t language_count;
};

enum {
    THEME_FILE_LIMIT = 1024 * 1024, /* bytes of a template or string file */
    THEME_NAME_LIMIT = 200,         /* bytes of a name in a tag */
    THEME_NESTING_LIMIT = 64,       /* sections, blocks and parents in each other in one file */
    THEME_DEPTH_LIMIT = 256,        /* the same over all files while rendering, and partials */
    THEME_OUTPUT_LIMIT = 256 * 1024 * 1024, /* bytes of a page */
    THEME_STEP_LIMIT = 10000000 /* bodies rendered for one page: a guard against explosion */
};

/* The number of the template called `name`, known or not yet. */
uint32_t theme_template_number(struct theme *theme, struct str name);

/* The language of that name, or NULL. */
const struct language_strings *theme_find_language(const struct theme *theme, struct str name);

/* The string of key number `key`, or NULL. `language` may be NULL. */
const struct string *theme_find_string(const struct language_strings *language, size_t key);

/*
 * Drops a byte-order mark. False, with a diagnostic, where the file is too large, not UTF-8, or
 * holds control characters.
 */
bool theme_check_bytes(struct str *bytes, struct str path, struct diag *diag);

/* Compiles the template's source; its state becomes ready or broken. */
void program_compile(struct theme *theme, struct template *template, struct diag *diag);

/* Compiles the text of one string; false where it holds more than variables. */
bool program_compile_string(struct theme *theme, struct string *string);

#endif
