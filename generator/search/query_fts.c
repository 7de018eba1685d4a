#include "search/query.h"

#include "search/segment.h"

/* The columns of the table `search` that a field stands for; ANY is all of them. */
static const char *const columns[QUERY_FIELD_COUNT] = {
    [QUERY_FIELD_TITLE] = "title : ",
    [QUERY_FIELD_BODY] = "body : ",
    [QUERY_FIELD_TABLE] = "tables : ",
    [QUERY_FIELD_FILE] = "names : ",
};

/* An expression, and beside it its phrases. */
struct expression {
    struct buf *out, *phrases;
};

static void write_phrase(struct expression *out, enum query_field field, struct str phrase)
{
    struct str column = str_of(columns[field]);
    buf_add(out->out, column);
    buf_add(out->out, phrase);
    buf_add(out->phrases, column);
    buf_add(out->phrases, phrase);
    buf_add_char(out->phrases, '\n');
}

static void write_operand(struct expression *out, const struct query_operand *operand)
{
    write_phrase(out, operand->field, operand->phrase);
    for (size_t i = 0; i < operand->synonym_count; i++) {
        struct buf phrase = BUF_EMPTY;
        if (segment_query(&phrase, operand->synonyms[i], false).tokens > 0) {
            buf_add(out->out, STR(" OR "));
            write_phrase(out, operand->field, buf_str(&phrase));
        }
        buf_free(&phrase);
    }
}

static void write_group(struct expression *out, const struct query_group *group)
{
    buf_add_char(out->out, '(');
    for (size_t i = 0; i < group->count; i++) {
        buf_add(out->out, i > 0 ? STR(" OR ") : STR(""));
        write_operand(out, &group->operands[i]);
    }
    buf_add_char(out->out, ')');
}

/* The groups on text that are excluded, or that are not, one behind the other. */
static void write_groups(struct expression *out, const struct query *query, bool is_excluded)
{
    struct str between = is_excluded ? STR(" NOT ") : STR(" AND ");
    bool is_first = !is_excluded;
    for (size_t i = 0; i < query->count; i++) {
        const struct query_operand *first = query->groups[i].operands;
        if (query_is_text(first) && first->is_excluded == is_excluded) {
            buf_add(out->out, is_first ? STR("") : between);
            write_group(out, &query->groups[i]);
            is_first = false;
        }
    }
}

/*
 * FTS5 binds NOT tighter than AND, so the parentheses around what must match matter; several NOTs
 * are grouped from the left.
 */
void query_write_fts(struct buf *out, struct buf *phrases, const struct query *query)
{
    struct buf wanted = BUF_EMPTY, unused = BUF_EMPTY;
    struct expression expression = {&wanted, phrases != NULL ? phrases : &unused};
    write_groups(&expression, query, false);
    if (wanted.n > 0) {
        buf_add_char(out, '(');
        buf_add(out, buf_str(&wanted));
        buf_add_char(out, ')');
        expression.out = out;
        write_groups(&expression, query, true);
    }
    buf_free(&wanted);
    buf_free(&unused);
}
