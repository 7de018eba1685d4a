#include "commands/roster.h"

#include "base/file.h"
#include "commands/command.h"
#include "record/board.h"

#include <fcntl.h>
#include <stdio.h>

enum { NAMES_MAX = 4 * 1024 * 1024, FIGURES = 3 };

/* A figure of the record, and the words in the name of a column that counts the same. */
static const struct row {
    const char *key;
    bool is_money;
    const char *words[6];
} rows[FIGURES] = {
    {"amount", true, {"", NULL}}, /* any column of money */
    {"households", false, {"户数", "households", NULL}},
    {"people", false, {"人数", "人口", "people", "persons", NULL}},
};

enum found {
    FOUND_NOTHING, /* the record has no such figure */
    FOUND_COLUMN,  /* a column adds up to it */
    FOUND_ROWS,    /* there are as many rows */
    FOUND_OTHER,   /* neither: columns of the kind, or rows, say something else */
};

struct check {
    const struct options *options;
    const struct record *record;
    const struct table *table;
    struct arena *arena;
    const struct record_field *fields[FIGURES];
    const struct table_sum *columns[FIGURES]; /* that agree */
    bool has_column[FIGURES];                 /* one of the kind, agreeing or not */
    enum found found[FIGURES];
};

static bool is_zh(const struct check *check)
{
    return check->options->language == LANGUAGE_ZH;
}

static bool is_of_kind(const struct table_sum *sum, const struct row *row)
{
    for (size_t i = 0; sum->is_money == row->is_money && row->words[i] != NULL; i++) {
        if (str_find(sum->name, str_of(row->words[i])) >= 0) {
            return true;
        }
    }
    return false;
}

static enum found look(struct check *check, size_t figure)
{
    const struct table *table = check->table;
    const struct record_field *field = record_field(check->record, str_of(rows[figure].key));
    if (field == NULL || field->row == NULL) {
        return FOUND_NOTHING;
    }
    check->fields[figure] = field;
    int64_t wanted = rows[figure].is_money ? field->number : field->number * 100;
    for (size_t i = 0; i < table->sum_count; i++) {
        bool is_meant = is_of_kind(&table->sums[i], &rows[figure]);
        check->has_column[figure] |= is_meant;
        if (is_meant && table->sums[i].hundredths == wanted) {
            check->columns[figure] = &table->sums[i];
            return FOUND_COLUMN;
        }
    }
    bool is_counted = !rows[figure].is_money && !check->has_column[figure];
    return is_counted && (int64_t)table->board_rows == field->number ? FOUND_ROWS : FOUND_OTHER;
}

/* "人数", "people". */
static struct str name_of(const struct check *check, size_t figure)
{
    const struct schema_field *row = check->fields[figure]->row;
    return is_zh(check) ? row->zh : row->key;
}

/* A list of households need not say how many people they are, nor one of people the reverse. */
static bool is_left_out(const struct check *check, size_t figure)
{
    return !rows[figure].is_money && !check->has_column[figure] &&
           check->found[rows[1].key == rows[figure].key ? 2 : 1] == FOUND_ROWS;
}

static void tell_agreed(const struct check *check, size_t figure)
{
    struct str name = name_of(check, figure), text = check->fields[figure]->text;
    const struct table_sum *sum = check->columns[figure];
    if (check->found[figure] == FOUND_ROWS) {
        fprintf(stderr,
                is_zh(check) ? "  “%.*s” %.*s：与名单的 %zu 行一致\n"
                             : "  \"%.*s\" %.*s: as many as the %zu rows\n",
                STR_ARG(name), STR_ARG(text), check->table->board_rows);
    } else if (sum != NULL) {
        fprintf(stderr,
                is_zh(check) ? "  “%.*s” %.*s：与名单“%.*s”一列的合计一致\n"
                             : "  \"%.*s\" %.*s: what the column \"%.*s\" adds up to\n",
                STR_ARG(name), STR_ARG(text), STR_ARG(sum->name));
    } else {
        fprintf(stderr,
                is_zh(check) ? "  “%.*s” %.*s：没有核对，名单里没有写%.*s的列\n"
                             : "  \"%.*s\" %.*s: not compared, since no column of the list "
                               "says \"%.*s\"\n",
                STR_ARG(name), STR_ARG(text), STR_ARG(name));
    }
}

/* What the list says instead: the columns of the kind with their sums, or the number of rows. */
static struct str said_instead(const struct check *check, size_t figure)
{
    struct buf out = BUF_EMPTY;
    for (size_t i = 0; i < check->table->sum_count; i++) {
        const struct table_sum *sum = &check->table->sums[i];
        if (is_of_kind(sum, &rows[figure])) {
            buf_add_text(&out, out.n == 0 ? "" : is_zh(check) ? "，" : ", ");
            buf_printf(&out, is_zh(check) ? "“%.*s”一列合计 %.*s" : "\"%.*s\" adds up to %.*s",
                       STR_ARG(sum->name), STR_ARG(sum->sum));
        }
    }
    if (out.n == 0 && rows[figure].is_money) {
        buf_add_text(&out, is_zh(check) ? "没有金额的列（列名里要有“金额”或“元”）"
                                        : "has no column of money (with amount or 元 in its name)");
    } else if (out.n == 0) {
        buf_printf(&out, is_zh(check) ? "有 %zu 行" : "has %zu rows", check->table->board_rows);
    }
    struct str copy = arena_copy(check->arena, buf_str(&out));
    buf_free(&out);
    return copy;
}

static void tell_other(const struct check *check, size_t figure)
{
    const struct record_field *field = check->fields[figure];
    struct str instead = said_instead(check, figure);
    fprintf(stderr,
            is_zh(check) ? "%.*s:%d: 名单和记录对不上：记录里“%.*s”是 %.*s，名单%.*s\n"
                         : "%.*s:%d: the names do not agree with the record: its \"%.*s\" is "
                           "%.*s, the list %.*s\n",
            STR_ARG(check->record->path), field->place.line, STR_ARG(name_of(check, figure)),
            STR_ARG(field->text), STR_ARG(instead));
}

static int refuse(const struct check *check)
{
    command_say(check->options,
                "什么也没有写。核对 %s 和记录，哪边错了改哪边，再来一次；"
                "名单按户列、记录只写了人数的，在名单里加一列“人数”，或在记录里写“户数”",
                "nothing was written. Look at %s and at the record, mend the one that is wrong, "
                "and try again; where the rows are households and the record has people alone, add "
                "a column of people or the record's households",
                check->options->names);
    return COMMAND_REFUSED;
}

static int compare(struct check *check)
{
    size_t faults = 0, compared = 0;
    for (size_t i = 0; i < FIGURES; i++) {
        check->found[i] = look(check, i);
    }
    for (size_t i = 0; i < FIGURES; i++) {
        bool is_fault = check->found[i] == FOUND_OTHER && !is_left_out(check, i);
        faults += is_fault;
        compared += check->found[i] == FOUND_COLUMN || check->found[i] == FOUND_ROWS;
        if (is_fault) {
            tell_other(check, i);
        }
    }
    fprintf(stderr, is_zh(check) ? "名单 %zu 行\n" : "%zu rows of names\n",
            check->table->board_rows);
    for (size_t i = 0; i < FIGURES; i++) {
        if (check->found[i] == FOUND_COLUMN || check->found[i] == FOUND_ROWS ||
            (check->found[i] == FOUND_OTHER && is_left_out(check, i))) {
            tell_agreed(check, i);
        }
    }
    if (faults == 0 && compared == 0) {
        fprintf(stderr, "%s\n",
                is_zh(check)
                    ? "  记录里没有写金额、户数、人数，没有可以核对的数：自己数一遍再贴"
                    : "  the record has no amount, households or people to compare them with: "
                      "count them yourself before you post the sheet");
    }
    return faults > 0 ? refuse(check) : COMMAND_DONE;
}

static int check_amounts(const struct check *check)
{
    const struct table_cell *bad = board_find_unreadable(check->table, check->arena);
    if (bad == NULL) {
        return COMMAND_DONE;
    }
    fprintf(stderr,
            is_zh(check)
                ? "%s:%d:%d: “%.*s”不是数字，合计算不出来；改成 1250.00 这样的数字再来一次\n"
                : "%s:%d:%d: \"%.*s\" is no number, and nothing can be added up: write it "
                  "as 1250.00 and try again\n",
            check->options->names, bad->line, bad->column, STR_ARG(bad->text));
    return COMMAND_REFUSED;
}

int roster_read(struct roster *out, struct arena *arena, const struct options *options,
                const struct record *record, struct diag *diag, struct fault *fault)
{
    const char *path = options->names;
    *out = (struct roster){.is_given = path != NULL, .bytes = BUF_EMPTY};
    if (path == NULL) {
        return COMMAND_DONE;
    }
    if (file_read(&out->bytes, AT_FDCWD, path, NAMES_MAX, fault) != 0) {
        return COMMAND_FAILED;
    }
    struct diag found = {0};
    table_read_csv(&out->table, arena, str_of(path), buf_str(&out->bytes), &found);
    bool is_bad = found.error_count > 0;
    diag_merge(diag, &found);
    diag_free(&found);
    struct check check = {
        .options = options, .record = record, .table = &out->table, .arena = arena};
    int status = is_bad ? COMMAND_REFUSED : check_amounts(&check);
    if (status == COMMAND_DONE) {
        board_add_up(&out->table, arena);
        status = compare(&check);
    }
    return status;
}

void roster_free(struct roster *roster)
{
    buf_free(&roster->bytes);
}
