#include "search/query.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "search/segment.h"

static const struct {
    const char *name;
    enum query_field field;
} field_names[] = {
    {"title", QUERY_FIELD_TITLE}, {"标题", QUERY_FIELD_TITLE},  {"body", QUERY_FIELD_BODY},
    {"正文", QUERY_FIELD_BODY},   {"table", QUERY_FIELD_TABLE}, {"表格", QUERY_FIELD_TABLE},
    {"file", QUERY_FIELD_FILE},   {"附件", QUERY_FIELD_FILE},   {"org", QUERY_FIELD_ORG},
    {"单位", QUERY_FIELD_ORG},    {"kind", QUERY_FIELD_KIND},   {"类型", QUERY_FIELD_KIND},
};

static const struct {
    const char *open, *close;
} quotes[] = {{"\"", "\""}, {"“", "”"}, {"「", "」"}, {"＂", "＂"}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct parser {
    struct str rest;
    struct arena *arena;
    struct query *out;
    struct buf scratch;
    bool has_or; /* an operator stands before the next operand */
};

/* The bytes of the blank or control at the front; 0 where it is none. */
static size_t blank_length(struct str s)
{
    uint32_t c;
    size_t n = utf8_decode(&c, s);
    bool is_blank = c <= ' ' || (c >= 0x7f && c <= 0xa0) || c == 0x1680 ||
                    (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
                    c == 0x205f || c == 0x3000;
    return n > 0 && is_blank ? n : 0;
}

/*
 * The bytes of what parts no word but may stand before one unseen, pasted along with it. Folding
 * takes it out of words; in front of a sign it would keep that from being read.
 */
static size_t invisible_length(struct str s)
{
    uint32_t c;
    size_t n = utf8_decode(&c, s);
    bool is_invisible = c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
                        (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
    return n > 0 && is_invisible ? n : 0;
}

/* Takes `text` off the front of `rest`. */
static bool take_text(struct str *rest, const char *text)
{
    struct str prefix = str_of(text);
    bool is_there = str_starts(*rest, prefix);
    *rest = str_from(*rest, is_there ? prefix.n : 0);
    return is_there;
}

static bool take_one_of(struct str *rest, const char *a, const char *b)
{
    return take_text(rest, a) || take_text(rest, b);
}

/* Does an operand, or the rest of one, stand here? */
static bool is_operand(struct str rest)
{
    return rest.n > 0 && blank_length(rest) == 0 && !take_one_of(&rest, "|", "｜");
}

static bool take_minus(struct str *rest)
{
    struct str behind = *rest;
    if (!take_one_of(&behind, "-", "－") || !is_operand(behind)) {
        return false;
    }
    *rest = behind;
    return true;
}

static enum query_field take_field(struct str *rest)
{
    for (size_t i = 0; i < COUNT(field_names); i++) {
        size_t n = str_of(field_names[i].name).n;
        struct str behind = str_from(*rest, n);
        if (str_equal_nocase(str_slice(*rest, 0, n), str_of(field_names[i].name)) &&
            take_one_of(&behind, ":", "：") && is_operand(behind)) {
            *rest = behind;
            return field_names[i].field;
        }
    }
    return QUERY_FIELD_ANY;
}

/* A quoted phrase, up to its closing quote or the end. */
static bool take_quoted(struct str *out, struct str *rest)
{
    for (size_t i = 0; i < COUNT(quotes); i++) {
        if (!take_text(rest, quotes[i].open)) {
            continue;
        }
        ptrdiff_t end = str_find(*rest, str_of(quotes[i].close));
        *out = str_slice(*rest, 0, end < 0 ? rest->n : (size_t)end);
        *rest = str_from(*rest, out->n);
        take_text(rest, quotes[i].close);
        return true;
    }
    return false;
}

static struct str take_word(struct str *rest)
{
    struct str word = {rest->p, 0};
    while (is_operand(*rest)) {
        uint32_t c;
        size_t n = utf8_decode(&c, *rest);
        word.n += n;
        *rest = str_from(*rest, n);
    }
    return word;
}

/* The last character of `s`, which is valid UTF-8; 0 where it is empty. */
static uint32_t last_character(struct str s)
{
    size_t at = s.n;
    while (at > 0 && ((unsigned char)s.p[at - 1] & 0xc0) == 0x80) {
        at--;
    }
    uint32_t c = 0;
    utf8_decode(&c, str_from(s, at > 0 ? at - 1 : 0));
    return c;
}

/* A star acts on what ends in a letter or digit; on Han it changes nothing and is taken away. */
static void take_star_off(struct query_operand *operand)
{
    struct str star = str_ends(operand->text, STR("＊")) ? STR("＊") : STR("*");
    if (!str_ends(operand->text, star)) {
        return;
    }
    struct str bare = str_slice(operand->text, 0, operand->text.n - star.n);
    uint32_t last = last_character(bare);
    bool is_han = utf8_is_han(last);
    if (is_han || unicode_is_alphanumeric(last)) {
        operand->text = bare;
        operand->is_prefix = !is_han;
    }
}

static struct query_operand take_operand(struct str *rest)
{
    struct query_operand operand = {0};
    operand.is_excluded = take_minus(rest);
    operand.field = take_field(rest);
    operand.is_quoted = take_quoted(&operand.text, rest);
    if (operand.is_quoted) {
        operand.is_prefix = take_one_of(rest, "*", "＊");
        return operand;
    }
    operand.text = take_word(rest);
    take_star_off(&operand);
    return operand;
}

/* Cuts the text into its phrase. False where nothing of it is left to look for. */
static bool make_phrase(struct parser *parser, struct query_operand *operand)
{
    buf_clear(&parser->scratch);
    struct segment_phrase made = segment_query(&parser->scratch, operand->text, operand->is_prefix);
    operand->phrase = arena_copy(parser->arena, buf_str(&parser->scratch));
    parser->out->star_count += made.has_star;
    return made.tokens > 0;
}

/* May the operand stand in the last group, as an alternative to what is there? */
static bool is_alternative(const struct parser *parser, const struct query_operand *operand)
{
    if (!parser->has_or || parser->out->count == 0 || operand->is_excluded) {
        return false;
    }
    const struct query_operand *first = parser->out->groups[parser->out->count - 1].operands;
    bool is_same =
        first->field == operand->field || (query_is_text(first) && query_is_text(operand));
    return is_same && !first->is_excluded;
}

static void add_operand(struct parser *parser, const struct query_operand *operand)
{
    struct query *query = parser->out;
    if (!is_alternative(parser, operand)) {
        query->groups =
            arena_grow(parser->arena, query->groups, query->count, sizeof(*query->groups));
        query->groups[query->count++] = (struct query_group){0};
    }
    struct query_group *group = &query->groups[query->count - 1];
    group->operands =
        arena_grow(parser->arena, group->operands, group->count, sizeof(*group->operands));
    group->operands[group->count++] = *operand;
    query->operand_count++;
    parser->has_or = false;
}

/* An operator between operands. OR as the very first word is a word. */
static bool take_or(struct parser *parser)
{
    if (take_one_of(&parser->rest, "|", "｜")) {
        parser->has_or = true;
        return true;
    }
    struct str behind = parser->rest;
    if (parser->out->count == 0 || !take_text(&behind, "OR") || is_operand(behind)) {
        return false;
    }
    parser->rest = behind;
    parser->has_or = true;
    return true;
}

static void parse_all(struct parser *parser)
{
    while (parser->rest.n > 0) {
        size_t skipped = blank_length(parser->rest) + invisible_length(parser->rest);
        if (skipped > 0) {
            parser->rest = str_from(parser->rest, skipped);
            continue;
        }
        if (take_or(parser)) {
            continue;
        }
        struct query_operand operand = take_operand(&parser->rest);
        if (query_is_text(&operand) ? make_phrase(parser, &operand) : operand.text.n > 0) {
            add_operand(parser, &operand);
        }
    }
}

static bool has_only_exclusions(const struct query *query)
{
    bool has_excluded = false;
    for (size_t i = 0; i < query->count; i++) {
        const struct query_operand *first = query->groups[i].operands;
        if (query_is_text(first) && !first->is_excluded) {
            return false;
        }
        has_excluded = has_excluded || query_is_text(first);
    }
    return has_excluded;
}

static enum search_status check_limits(const struct query *query)
{
    if (query->operand_count > QUERY_OPERANDS_MAX) {
        return SEARCH_STATUS_TOO_MANY_WORDS;
    }
    if (query->star_count > QUERY_SINGLES_MAX) {
        return SEARCH_STATUS_TOO_MANY_SINGLES;
    }
    return has_only_exclusions(query) ? SEARCH_STATUS_ONLY_EXCLUSIONS : SEARCH_STATUS_OK;
}

enum search_status query_parse(struct query *out, struct arena *arena, struct str text)
{
    *out = (struct query){.text = text};
    if (text.n > QUERY_BYTES_MAX) {
        return SEARCH_STATUS_TOO_LONG;
    }
    if (utf8_find_invalid(text) >= 0) {
        return SEARCH_STATUS_NOT_UTF8;
    }
    struct parser parser = {.rest = text, .arena = arena, .out = out, .scratch = BUF_EMPTY};
    parse_all(&parser);
    buf_free(&parser.scratch);
    return check_limits(out);
}
