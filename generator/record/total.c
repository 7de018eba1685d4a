#include "record/total.h"

#include "base/utf8.h"

enum { LABEL_MAX = 12 /* characters: what is longer is a sentence */ };

struct word {
    struct str text;
    enum total total;
};

static const struct word words[] = {
    {{"小计", 6}, TOTAL_PART},      {{"分计", 6}, TOTAL_PART},      {{"本组小计", 12}, TOTAL_PART},
    {{"本页小计", 12}, TOTAL_PART}, {{"本页合计", 12}, TOTAL_PART}, {{"合计", 6}, TOTAL_ALL},
    {{"总计", 6}, TOTAL_ALL},       {{"共计", 6}, TOTAL_ALL},       {{"总合计", 9}, TOTAL_ALL},
    {{"全村合计", 12}, TOTAL_ALL},  {{"全镇合计", 12}, TOTAL_ALL},  {{"全乡合计", 12}, TOTAL_ALL},
    {{"全县合计", 12}, TOTAL_ALL},  {{"本月合计", 12}, TOTAL_ALL},  {{"本期合计", 12}, TOTAL_ALL},
    {{"全年合计", 12}, TOTAL_ALL},  {{"Total", 5}, TOTAL_ALL},      {{"累计", 6}, TOTAL_OTHER}};

/* A text without blanks, cut before a colon or a bracket. */
struct plain {
    char bytes[4 * LABEL_MAX];
    size_t n;
};

static bool is_blank(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x3000;
}

static bool is_end(uint32_t c)
{
    return c == ':' || c == 0xFF1A || c == '(' || c == 0xFF08;
}

/* False where it is too long for a label. */
static bool make_plain(struct plain *out, struct str text)
{
    uint32_t c;
    int count = 0;
    out->n = 0;
    for (struct str rest = text, at = text; utf8_next(&c, &rest) && !is_end(c); at = rest) {
        if (is_blank(c)) {
            continue;
        }
        if (++count > LABEL_MAX) {
            return false;
        }
        for (; at.n > rest.n; at = str_from(at, 1)) {
            out->bytes[out->n++] = at.p[0];
        }
    }
    return true;
}

/* Nearly every cell has neither 计, which every word but one ends in, nor an ASCII letter there. */
static bool may_be_total(struct str text)
{
    return text.n >= 5 && (str_find(text, STR("计")) >= 0 || (text.p[0] | 0x20) == 't');
}

static enum total total_of_word(struct str text)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_equal_nocase(text, words[i].text)) {
            return words[i].total;
        }
    }
    return TOTAL_NONE;
}

enum total total_of_label(struct str text)
{
    static const struct str ends[] = {{"合计", 6}, {"小计", 6}, {"总计", 6}, {"累计", 6}};
    struct plain plain;
    if (!may_be_total(text) || !make_plain(&plain, text)) {
        return TOTAL_NONE;
    }
    struct str label = {plain.bytes, plain.n};
    enum total total = total_of_word(label);
    if (total == TOTAL_NONE && str_starts(label, STR("合计"))) {
        return TOTAL_ALL; /* 合计金额 */
    }
    for (size_t i = 0; total == TOTAL_NONE && i < sizeof ends / sizeof ends[0]; i++) {
        total = str_ends(label, ends[i]) ? TOTAL_OTHER : TOTAL_NONE;
    }
    return total;
}

static bool is_figure(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (str_find_char(STR("0123456789.,+-%/ "), text.p[i]) < 0) {
            return false;
        }
    }
    return true;
}

enum total total_of_row(const struct str *cells, size_t count)
{
    enum total total = TOTAL_NONE;
    bool has_label = false;
    for (size_t i = 0; i < count && total == TOTAL_NONE; i++) {
        struct plain plain;
        if (!has_label && !is_figure(cells[i])) {
            total = total_of_label(cells[i]);
            has_label = true;
        } else if (may_be_total(cells[i]) && make_plain(&plain, cells[i])) {
            total = total_of_word((struct str){plain.bytes, plain.n});
        }
    }
    return total;
}

void total_read(struct table *table, struct arena *arena)
{
    size_t count = table->column_count;
    struct str *texts = arena_array(arena, count, sizeof *texts);
    table->totals = arena_array(arena, table->row_count, sizeof *table->totals);
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t i = 0; i < count; i++) {
            texts[i] = table->cells[row * count + i].text;
        }
        table->totals[row] = total_of_row(texts, count);
    }
}
