/*
 * check/record: the search for personal data in what a commit holds. For commands/.
 *
 *     record_parse(&record, &arena, &input, &diag);
 *     check_record(&check, &input, &diag);      the record, its tables, its own file's name
 *     check_text(&check, &arena, path, bytes, &diag);   gongkai.yml, a file of the theme
 *     ...
 *     check_mask(&diag);                        before anything of it is shown
 *
 * Certain findings are errors, in a site without configuration warnings; doubtful ones warnings.
 * No diagnostic shows a digit: the quoted lines of the file are masked, those of earlier
 * diagnostics too.
 */
#ifndef CHECK_RECORD_H
#define CHECK_RECORD_H

#include "base/set.h"
#include "check/personal.h"
#include "record/record.h"

/* What an exception of a record may let pass. */
enum check_exception {
    CHECK_EXCEPTION_IDENTITY,
    CHECK_EXCEPTION_MOBILE,
    CHECK_EXCEPTION_CARD,
    CHECK_EXCEPTION_COUNT /* not one */
};

enum { CHECK_WINDOWS_MAX = 8 };

/* A number of which stars hide a part, where a record first shows that part of it. */
struct check_window {
    size_t before, hidden, after; /* places */
    struct place place;
};

/* What was found and let pass; zeroed is ready to use. */
struct check {
    struct set cleared; /* numbers that a label, an exception or doubt lets pass; never shown */
    size_t excepted[CHECK_EXCEPTION_COUNT];
    struct check_window windows[CHECK_WINDOWS_MAX]; /* different ones */
    size_t window_count;
};

struct check_input {
    const struct record *record;
    struct arena *arena;
    struct str source;               /* as text, in the diag's encoding */
    const struct record_file *files; /* its CSV files, as in the commit */
    size_t file_count;
};

/* Front matter, body, comments, links, tables, names; counts what its exceptions let pass. */
void check_record(struct check *check, const struct check_input *input, struct diag *diag);

/* A text that is no record's; CSV where its name says so. */
void check_text(struct check *check, struct arena *arena, struct str path, struct str bytes,
                struct diag *diag);

/*
 * One window for the whole site: two tables that hide different places of a number give it away.
 * `first` holds those of the records before; a window of as many places that is another is told,
 * with both places.
 */
void check_windows(struct check *first, struct arena *arena, const struct check *check,
                   struct diag *diag);

/* The same for a file that the record offers: its exceptions hold. */
void check_file(struct check *check, const struct record *record, struct arena *arena,
                struct str path, struct str bytes, struct diag *diag);

/* The same for a file that is no text: what its bytes spell, as the comments of pictures do. */
void check_bytes(struct check *check, const struct record *record, struct arena *arena,
                 struct str path, struct str bytes, struct diag *diag);

/* Says how many findings exceptions let pass, in the record and its files. */
void check_tell_excepted(const struct check *check, const struct record *record,
                         struct arena *arena, struct diag *diag);

/* The code that an exception names, "R16A" and the like. */
struct str check_exception_rule(enum check_exception exception);

/* Masks what any diagnostic says, wherever it came from. */
void check_mask(struct diag *diag);

/* Empties it, to be used again. */
void check_clear(struct check *check);

#endif
