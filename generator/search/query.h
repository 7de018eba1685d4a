/*
 * query: what a person typed, as a tree, and as an FTS5 expression. For search/, its tests and
 * site/cgi.
 *
 * Every byte string has a meaning or a status: none is ever a syntax error of FTS5.
 *
 *     低保 医保          both (blanks, U+3000 too, separate)
 *     "exact phrase"     as it stands; also “…” and 「…」; an open quote ends with the query
 *     -低保              not this; the minus stands at the front of a word
 *     低保 OR 医保, 低保 | 医保     either; binds tighter than the blank
 *     title:低保, 标题:低保         only in the title; ： does too; query.c has the table of fields
 *     title:"exact phrase"
 *     org:柳溪镇, 单位:柳溪镇       of an organisation whose key it is, or whose name holds it, or
 *                                   below one
 *     kind:meeting, 类型:会议        of a kind with that key, or whose Chinese name holds it
 *     build*             words that begin so; behind a Han character the star changes nothing
 *
 * A word is all between blanks, punctuation included: GB/T, 3.5% and 《办法》 are found as they
 * stand. Zero-width spaces and other invisible characters are as if they were not there. An operand
 * is a word or a phrase; an empty one is passed over. A minus, a star or a colon with nothing to
 * act on is text, and so are brackets. OR joins operands on text, or such on the same one of org
 * and kind; between others it is passed over, and they must all match.
 */
#ifndef SEARCH_QUERY_H
#define SEARCH_QUERY_H

#include "base/arena.h"
#include "base/buf.h"
#include "search/status.h"

enum {
    QUERY_BYTES_MAX = 256,
    QUERY_OPERANDS_MAX = 8, /* synonyms are not counted */
    QUERY_SINGLES_MAX = 1,  /* single rarer Han characters and words with a star */
    QUERY_SYNONYMS_MAX = 4, /* of one operand; more are left out, */
    QUERY_SYNONYMS_ALL = 16 /* and of all, in equal shares: each is searched as an operand is */
};

enum query_field {
    QUERY_FIELD_ANY,
    QUERY_FIELD_TITLE,
    QUERY_FIELD_BODY,
    QUERY_FIELD_TABLE,
    QUERY_FIELD_FILE,
    QUERY_FIELD_ORG,
    QUERY_FIELD_KIND,
    QUERY_FIELD_COUNT /* not a field */
};

struct query_operand {
    enum query_field field;
    struct str text;   /* raw, without quotes, prefix and star */
    struct str phrase; /* for FTS5; empty for org and kind */
    bool is_excluded;
    bool is_prefix;
    bool is_quoted;       /* to be found as it is written: no synonyms */
    struct str *synonyms; /* raw; to be set by whoever knows them */
    size_t synonym_count;
};

/* Operands of which one must match. An excluded operand stands alone in its group. */
struct query_group {
    struct query_operand *operands;
    size_t count;
};

/* Groups that must all match. */
struct query {
    struct str text; /* as given */
    struct query_group *groups;
    size_t count;
    size_t operand_count;
    size_t star_count; /* dear ones: single Han characters and words with a star */
};

/* Is it about the text, and not about org or kind? */
static inline bool query_is_text(const struct query_operand *operand)
{
    return operand->field < QUERY_FIELD_ORG;
}

/* Reads the query into `out`, in the arena. An empty one, or one of blanks, has no groups. */
enum search_status query_parse(struct query *out, struct arena *arena, struct str text);

/*
 * Appends the FTS5 expression of all operands on text; nothing where there are none. Those on
 * organisation and kind are filters, and left to whoever runs the query. `phrases` gets its phrases
 * in their order, each with its column and a line feed behind it; NULL is fine.
 */
void query_write_fts(struct buf *out, struct buf *phrases, const struct query *query);

#endif
