/*
 * rules: what the law and the county ask of records, as one table. For commands/ and tests.
 *
 *     rules_load(&rules, &arena, &config, as_of, &diag, &fault);  once; gongkai.yml's own faults
 *     rules_check_record(&rules, &record, &arena, &diag);         each record, on any thread
 *     rules_check_whole(&rules, db, &touched, &ages, &arena, &found, &fault);
 *                                              the candidate database, before anything is drawn
 *
 * A rule is a row: its code, where it is checked, the legal facts that it rests on, and a function.
 * Figures and articles come from law.yml, by the date of the record; a site's profile and its own
 * figures only ever make them stricter. On a site without gongkai.yml all of it is notes.
 */
#ifndef CHECK_RULES_H
#define CHECK_RULES_H

#include "base/set.h"
#include "check/law.h"
#include "record/record.h"
#include "store/database.h"

enum rules_scope {
    RULES_SCOPE_RECORD,   /* one record as it was read */
    RULES_SCOPE_WHOLE,    /* a query over the candidate database */
    RULES_SCOPE_SITE,     /* gongkai.yml alone */
    RULES_SCOPE_READER,   /* found while a record is read: its level alone is ours */
    RULES_SCOPE_ELSEWHERE /* where it says: another part carries it out */
};

struct rule_run;
struct rule_whole;
struct rules;

struct rules_row {
    const char *code, *about; /* "R01"; one line in Chinese */
    enum rules_scope scope;
    const char *facts[4]; /* keys of law.yml */
    void (*record)(struct rule_run *run);
    void (*whole)(struct rule_whole *whole);
    void (*site)(struct rule_run *run);
    const char *where;
};

extern const struct rules_row rules_rows[];
extern const size_t rules_row_count;

enum rules_level {
    RULES_LEVEL_DEFAULT,
    RULES_LEVEL_OFF,
    RULES_LEVEL_NOTE,
    RULES_LEVEL_WARNING,
    RULES_LEVEL_ERROR
};

enum { RULES_ROWS_MAX = 40 };

/* A figure that the site sets for itself. */
struct rules_own {
    const struct law_figure *figure;
    int64_t value, since; /* a day */
};

struct rules {
    struct law law;
    struct law_chosen chosen;
    const struct config *config;
    int64_t as_of; /* a day */
    int64_t today; /* the same, or the day of the commit where that is later */
    const struct rules_row *rows;
    size_t row_count;
    enum rules_level levels[RULES_ROWS_MAX]; /* what the site says of each row */
    struct rules_own *own;
    size_t own_count;
};

/* `config` must outlive it; the diag's source is gongkai.yml. `committed` is the commit's day: who
 * looks at a day before it does not make its records untrue. */
int rules_load(struct rules *out, struct arena *arena, const struct config *config,
               struct date as_of, struct date committed, struct diag *diag, struct fault *fault);

/* The same with another table of rules than rules_rows: a test takes rows out of it. */
int rules_load_rows(struct rules *out, struct arena *arena, const struct config *config,
                    struct date as_of, struct date committed, const struct rules_row *rows,
                    size_t row_count, struct diag *diag, struct fault *fault);

/*
 * May a record that names no day, and is judged by the law of the as-of day, have been judged
 * otherwise on `day`?
 */
bool rules_were_others(const struct rules *rules, int64_t day);

/* Every rule about one record. The diag's source is the record's file. */
void rules_check_record(const struct rules *rules, const struct record *record, struct arena *arena,
                        struct diag *diag);

/* Gives faults of the reader, in `diag`, the level that the site set for them. */
void rules_settle(const struct rules *rules, struct diag *diag);

/* A withdrawn record shows no link: that the files are gone with it must not keep it in sight. */
void rules_settle_withdrawn(struct diag *diag);

/* A fault between records: which record, and which of its fields. */
struct rules_finding {
    enum diag_code code;
    enum diag_level level;
    struct str path;    /* of the record, or of gongkai.yml */
    struct str field;   /* "closing", "motions.2.deadline"; empty: the record */
    struct place place; /* of gongkai.yml, where the path is that */
    struct diag_args args;
};

struct rules_findings {
    struct rules_finding *items; /* by path */
    size_t count;
};

/*
 * Before rules_check_whole, where the database is to be asked about: a record that it does not
 * have, since it is not public yet or no more. Its number can be nobody else's.
 */
void rules_hold_number(struct database *db, struct str path, struct str number, int64_t created);

/* A number that some record has, be it hidden: another may name it, and nobody holds it yet. */
void rules_know_number(struct database *db, struct str number);

/* What a record that is not public yet names in its `field`: it must not fail on its day. */
void rules_hold_named(struct database *db, struct str path, const char *field, struct str number);

/* A ledger of theirs is gone, or another now: what began with its balance may begin with nothing.
 */
void rules_lose_ledger(struct database *db, struct str org, struct str item);

/*
 * Which of the records that share an index number has had it longest: the one of the least age in
 * `out`. Asked of such records alone. And whether a record comes only now: what is told to who
 * brings it need not be told for ever. Where no one knows, NULL: the day of creation decides, and
 * all are new.
 */
struct rules_ages {
    void *context;
    int (*find)(void *context, struct str path, struct str number, int64_t *out,
                struct fault *fault);
    bool (*is_new)(void *context, struct str path);
};

/*
 * Every rule about the whole. `touched`, paths of records, restricts it to what they can have made
 * wrong: themselves, their organisations, the records that share a number, a ledger or a step with
 * them. An error elsewhere would have kept the last build from being published, so that a whole
 * check and a restricted one find the same errors; it is NULL for the whole check, which is due
 * when the as-of date moved too.
 */
int rules_check_whole(const struct rules *rules, struct database *db, const struct set *touched,
                      const struct rules_ages *ages, struct arena *arena,
                      struct rules_findings *out, struct fault *fault);

/* Where the field that a finding names stands in the record; its title where it has none. */
struct place rules_place(const struct record *record, struct str field);

#endif
