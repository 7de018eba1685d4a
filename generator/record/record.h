/*
 * record: a source file as a typed record. For store/, check/, render/ and commands/.
 *
 * record/ turns bytes into records: it knows no git and no SQL. cmark and libyaml are included
 * here and nowhere else.
 *
 *     record_parse(&record, &arena, &input, &diag);
 *
 * Everything in a record lives in the arena, or is borrowed from the input's bytes, which must
 * therefore live as long as the arena's content. Faults of content go to the diag, with places.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "record/config.h"
#include "record/schema.h"
#include "record/table.h"

/* A link or an image in the body, or a file that the front matter names. */
struct record_link {
    struct str target; /* path from the content's root, percent-decoded, without fragment */
    struct str text;   /* what the reader sees */
    struct place place;
    bool is_attachment; /* an image, or a file that is not Markdown */
    bool is_board;      /* stands in what is not published: board.h */
};

/* One field of the front matter, of a type of the schema. */
struct record_field {
    const struct schema_field *row; /* NULL for a key that only a free site may have */
    struct str key;                 /* the schema's English key, or what was written */
    struct str text; /* the value as text: dates ISO, money in yuan with two decimals */
    int64_t number;  /* integer; money in fen; date, and first day of a period, in days since
                        1970; boolean 0, 1 */
    struct record_value *value; /* lists and maps; NULL for plain values */
    struct place place;         /* of the value */
};

/* A list (items without keys) or a map, as deep as the schema allows. */
struct record_value {
    struct record_field *items;
    size_t count;
};

/* What the front matter says of a record that was withdrawn. */
struct record_withdrawal {
    struct date date; /* year 0: it does not say */
    struct str reason, approved_by;
    struct str title; /* what may be told of it; empty: nothing */
};

struct record {
    struct str path; /* from the content's root */
    struct str kind; /* key of the schema; "page" where none is given */
    struct str title;
    struct str org;  /* key of the configuration, or empty */
    struct str item; /* key of the configuration's catalogue, or empty */
    struct str summary;
    struct date date;       /* year 0: none is known; the caller then falls back on history */
    bool has_title_in_body; /* the body begins with a level-one heading */
    bool is_draft;
    struct date publish_at;   /* year 0: at once */
    struct date depublish_at; /* year 0: never */
    bool is_board;            /* of its tables and text only totals are published: board.h */
    const struct record_withdrawal *withdrawal; /* NULL: it stands */

    struct record_field *fields;
    size_t field_count;
    struct str *tags;
    size_t tag_count;

    struct str html;      /* the body, rendered: safe to stand in a page as it is */
    struct str body_text; /* of the blocks that are no tables, each with a line feed behind it */
    struct str text;      /* of all blocks in order, then CSV tables, then names of attachments:
                             a line feed behind each block and row, a tab between cells */
    struct str table_text, names_text; /* the parts of `text` that body_text leaves out */
    struct table *tables;              /* piped ones in order, then CSV ones */
    size_t table_count;
    struct record_link *links;
    size_t link_count;
};

/* A file beside the record, as the resolver found it. */
struct record_file {
    struct str path;
    struct str bytes;
};

/* Answers questions about the other files of the commit; `context` is the caller's. */
struct record_resolver {
    void *context;
    /*
     * The site's address (from its root, percent-encoded, beginning with "/") of the file `path`,
     * or the empty str where the commit has no such file that is published. Folders count too.
     */
    struct str (*address)(void *context, struct arena *arena, struct str path);
    /* Of a path without an address: has the commit such a file, which is not published? May be
     * NULL: nobody knows. */
    bool (*is_withheld)(void *context, struct str path);
};

struct record_input {
    struct str path;
    struct str bytes;                    /* as in the commit; any encoding that we accept */
    const struct record_file *csv_files; /* its tables, in order of their names */
    size_t csv_count;
    bool keeps_board; /* for the notice board itself: tables that are not published are rendered */
    const struct schema *schema;
    const struct config *config; /* config->is_given is false for a free site */
    struct record_resolver resolver;
};

/*
 * Parses one Markdown file. Always fills `out`, as well as it can: with faults in `diag` the
 * record is for showing and further checking, never for publishing where the site is configured.
 * The diag's source is then the file's text in the arena: set another before the arena is reset.
 */
void record_parse(struct record *out, struct arena *arena, const struct record_input *input,
                  struct diag *diag);

/* The field of that English key, or NULL. */
const struct record_field *record_field(const struct record *record, struct str key);

/*
 * Appends what its fields say that is no part of the body and yet stands on its page: document and
 * index number, the texts and choices of its kind, and its summary where there is no body; a line
 * feed behind each. Nothing of a page's, which may carry anything.
 */
void record_fields_text(struct buf *out, const struct record *record);

/* All fields as a JSON object: English keys, money as text in yuan, dates as text. */
struct str record_fields_json(struct arena *arena, const struct record *record);

/* The same behind what stands in `out`. */
void record_add_fields_json(struct buf *out, const struct record *record);

#endif
