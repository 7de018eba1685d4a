/*
 * law: what the law says on a day, read from law.yml, which is compiled in. For check/ alone.
 * Read once; read-only afterwards.
 *
 *     law_load(&law, &arena, &fault);
 *     law_find(&fact, &law, STR("posting-days"), day, profiles)
 *
 * Days count from 1970-01-01, as in base/date.h. A site's profile adds its rows to those of the
 * whole country; of two figures the stricter one holds.
 */
#ifndef CHECK_LAW_H
#define CHECK_LAW_H

#include "base/arena.h"
#include "base/fault.h"

#include <stdint.h>

enum { LAW_PROFILES_MAX = 8, LAW_TO_THIS_DAY = 4000000 /* days: far ahead */ };

enum law_stricter { LAW_STRICTER_MORE, LAW_STRICTER_LESS };

struct law_name {
    struct str key, zh, en;
};

struct law_figure { /* one that a site may set */
    struct str key, zh;
    enum law_stricter stricter;
};

struct law_fact {
    struct str key;
    struct str profile; /* empty: the whole country */
    struct str cite[2]; /* law and article, by language */
    bool has_figure;
    int64_t figure;
    int64_t from, until; /* days, both included */
};

/* A part of a whole: `is_more` more than it, else at least it. 0/0: nothing is asked. */
struct law_share {
    int64_t over, under;
    bool is_more;
};

struct law_quorum {
    struct str body, profile;
    struct str cite[2];
    struct law_share quorum, pass;
    bool is_of_due; /* the share that must agree is one of all, not of those there */
    int64_t from, until;
};

struct law {
    struct law_name *names, *profiles;
    size_t name_count, profile_count;
    struct law_figure *figures;
    size_t figure_count;
    struct law_fact *facts;
    size_t fact_count;
    struct law_quorum *quorums;
    size_t quorum_count;
};

/* The profiles that a site chose, by their keys. */
struct law_chosen {
    struct str keys[LAW_PROFILES_MAX];
    size_t count;
};

/* A fault means that the program was built wrong. */
int law_load(struct law *out, struct arena *arena, struct fault *fault);

/* The strictest row of `key` that is in force on `day`; NULL where none is. */
const struct law_fact *law_find(const struct law *law, struct str key, int64_t day,
                                const struct law_chosen *chosen);

/* Does a row hold on one of the two days and not on the other? */
bool law_is_another(const struct law *law, int64_t day, int64_t other,
                    const struct law_chosen *chosen);

/* The row for that body, or rule of a motion; NULL where the law says nothing. */
const struct law_quorum *law_quorum(const struct law *law, struct str body, int64_t day,
                                    const struct law_chosen *chosen);

const struct law_name *law_profile(const struct law *law, struct str key_or_name);
const struct law_figure *law_figure(const struct law *law, struct str key_or_name);

/* Is `figure` stricter than `than`? */
bool law_is_stricter(const struct law *law, struct str key, int64_t figure, int64_t than);

/* Is `part` of `whole` as much as the share asks for? */
bool law_is_reached(struct law_share share, int64_t part, int64_t whole);

/* The least number of `whole` that reaches the share. */
int64_t law_needed(struct law_share share, int64_t whole);

#endif
