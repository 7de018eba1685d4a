/*
 * The rules about records, each against the cases of tests/rules/RNN.txt: what passes, what stands
 * on the boundary, what fails and what is older than its article. Taking any rule out of the table
 * makes its own cases fail; a check restricted to the last file of a case finds the errors that the
 * whole one finds.
 *
 * A case begins with `=== name`, perhaps with `as-of YYYY-MM-DD` on the next line. `>>> PATH`
 * begins a file (one named gongkai.yml is added to the common one; `@YYYY-MM-DD @YYYY-MM-DD` behind
 * a path are its first and last commit), `>>> expect` the diagnostics of that rule as `R01A
 * path:line:col`,
 * `>>> zh` and `>>> en` their whole text.
 */
#include "base/file.h"
#include "check/rules.h"
#include "store/store.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FILES_MAX = 12, CASES_MAX = 60, DAY = 86400 };

struct file {
    struct str path, text, created, updated;
};

struct test_case {
    struct str name, as_of, expect, zh, en;
    bool has_zh, has_en;
    struct file files[FILES_MAX];
    size_t file_count;
};

struct book {
    char rule[4];
    struct test_case cases[CASES_MAX];
    size_t count;
};

static struct arena arena;
static struct schema schema;
static struct str common_config;
static struct book *books;
static size_t book_count;

static struct str read_file(const char *path)
{
    struct buf bytes = BUF_EMPTY;
    struct fault fault = {.text = ""};
    assert_int_equal(file_read(&bytes, AT_FDCWD, path, 1 << 20, &fault), 0);
    struct str copy = arena_copy(&arena, buf_str(&bytes));
    buf_free(&bytes);
    return copy;
}

static void set_section(struct test_case *one, struct str head, struct str text)
{
    struct str path = {NULL, 0}, rest = head, word;
    str_cut(&path, &rest, ' ');
    if (str_equal(path, STR("expect"))) {
        one->expect = text;
    } else if (str_equal(path, STR("zh"))) {
        one->zh = text;
        one->has_zh = true;
    } else if (str_equal(path, STR("en"))) {
        one->en = text;
        one->has_en = true;
    } else {
        assert_true(one->file_count < FILES_MAX);
        struct file *file = &one->files[one->file_count++];
        *file = (struct file){.path = path, .text = text};
        if (str_cut(&word, &rest, ' ')) {
            file->created = str_from(word, 1);
            file->updated = file->created;
        }
        if (str_cut(&word, &rest, ' ')) {
            file->updated = str_from(word, 1);
        }
    }
}

static void read_case(struct test_case *out, struct str text)
{
    struct str head = {NULL, 0}, line;
    const char *begin = text.p;
    *out = (struct test_case){.as_of = STR("2026-11-25")};
    str_cut(&out->name, &text, '\n');
    for (;;) {
        const char *at = text.p;
        bool is_line = str_cut(&line, &text, '\n');
        if (is_line && head.n == 0 && str_starts(line, STR("as-of "))) {
            out->as_of = str_from(line, 6);
        }
        if (is_line && !str_starts(line, STR(">>> "))) {
            continue;
        }
        if (head.n > 0) {
            set_section(
                out, head,
                (struct str){begin,
                             (size_t)((is_line ? at : line.p + line.n + (line.n > 0)) - begin)});
        }
        if (!is_line) {
            return;
        }
        head = str_from(line, 4);
        begin = text.n > 0 ? text.p : line.p + line.n + 1;
    }
}

static void read_book(const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "tests/rules/%s", name);
    struct str text = read_file(path);
    books = arena_grow(&arena, books, book_count, sizeof *books);
    struct book *book = &books[book_count++];
    memset(book, 0, sizeof *book);
    memcpy(book->rule, name, 3);
    while (str_starts(text, STR("=== "))) {
        ptrdiff_t end = str_find(text, STR("\n=== "));
        struct str one = end < 0 ? text : str_slice(text, 0, (size_t)end + 1);
        assert_true(book->count < CASES_MAX);
        read_case(&book->cases[book->count++], str_from(one, 4));
        text = str_from(text, one.n);
    }
    assert_int_equal(text.n, 0);
    assert_true(book->count > 0);
}

/* ---- one case, as check does it ---- */

struct trial {
    struct arena arena;
    const struct test_case *one;
    struct config config;
    struct rules rules;
    struct store *store;
    struct diag diag; /* all of it */
    struct record records[FILES_MAX];
    struct str sources[FILES_MAX];
};

static struct str case_address(void *context, struct arena *where, struct str path)
{
    const struct test_case *one = context;
    for (size_t i = 0; i < one->file_count; i++) {
        if (str_equal(one->files[i].path, path)) {
            return arena_printf(where, "/%.*s", STR_ARG(path));
        }
    }
    return STR("");
}

static int64_t moment(struct str day)
{
    struct date date;
    return date_parse(&date, day) ? date_to_days(date) * DAY : 0;
}

static void open_trial(struct trial *trial, const struct test_case *one,
                       const struct rules_row *rows, size_t count)
{
    struct fault fault = {.text = ""};
    struct date as_of;
    struct str text = common_config;
    memset(trial, 0, sizeof *trial);
    trial->one = one;
    for (size_t i = 0; i < one->file_count; i++) {
        if (str_equal(one->files[i].path, STR("gongkai.yml"))) {
            text = arena_printf(&trial->arena, "%.*s%.*s", STR_ARG(common_config),
                                STR_ARG(one->files[i].text));
        }
    }
    assert_true(date_parse(&as_of, one->as_of));
    bool is_read =
        config_parse(&trial->config, &trial->arena, STR("gongkai.yml"), text, &trial->diag);
    assert_true(is_read);
    assert_int_equal(rules_load_rows(&trial->rules, &trial->arena, &trial->config, as_of, as_of,
                                     rows, count, &trial->diag, &fault),
                     0);
    assert_int_equal(store_create(&trial->store, "", &schema, &fault), 0);
    store_put_config(trial->store, &trial->config);
}

static struct str stem(struct str path)
{
    return str_slice(path, 0, (size_t)str_find_last_char(path, '.'));
}

static void put_record(struct trial *trial, size_t index)
{
    const struct file *file = &trial->one->files[index];
    struct record_file csv[FILES_MAX];
    struct record_input input = {.path = file->path,
                                 .bytes = file->text,
                                 .csv_files = csv,
                                 .schema = &schema,
                                 .config = &trial->config,
                                 .resolver = {(void *)(uintptr_t)trial->one, case_address}};
    for (size_t i = 0; i < trial->one->file_count; i++) {
        const struct file *other = &trial->one->files[i];
        if (str_ends(other->path, STR(".csv")) && str_equal(stem(other->path), stem(file->path))) {
            csv[input.csv_count++] = (struct record_file){other->path, other->text};
        }
    }
    struct record *record = &trial->records[index];
    record_parse(record, &trial->arena, &input, &trial->diag);
    trial->sources[index] = trial->diag.source;
    rules_check_record(&trial->rules, record, &trial->arena, &trial->diag);
    char date[DATE_TEXT_SIZE];
    struct store_facts facts = {.url = arena_printf(&trial->arena, "/%.*s", STR_ARG(file->path)),
                                .date = str_of(date_format(date, record->date)),
                                .blob = STR("0123456789012345678901234567890123456789"),
                                .created = moment(file->created),
                                .updated = moment(file->updated)};
    store_put_record(trial->store, record, &facts);
}

static void tell(struct trial *trial, struct diag *diag, const struct rules_finding *finding)
{
    struct place place = finding->place;
    for (size_t i = 0; i < trial->one->file_count; i++) {
        if (str_equal(trial->one->files[i].path, finding->path) && place.path.n == 0) {
            diag_set_source(diag, finding->path, trial->sources[i]);
            place = rules_place(&trial->records[i], finding->field);
        }
    }
    diag_add_at(diag, finding->code, finding->level, place, finding->args);
}

static void check_whole(struct trial *trial, struct diag *diag, const struct set *touched)
{
    struct rules_findings found;
    struct fault fault = {.text = ""};
    int rc = rules_check_whole(&trial->rules, store_database(trial->store), touched, NULL,
                               &trial->arena, &found, &fault);
    assert_string_equal(fault.text, "");
    assert_int_equal(rc, 0);
    for (size_t i = 0; i < found.count; i++) {
        tell(trial, diag, &found.items[i]);
    }
}

/* What only the last file can have made wrong must be found where it alone was touched. */
static bool is_restricted_the_same(struct trial *trial, const struct diag *whole)
{
    struct set touched = {0};
    struct diag restricted = {0};
    const struct test_case *one = trial->one;
    for (size_t i = one->file_count; i > 0 && touched.count == 0; i--) {
        if (str_ends(one->files[i - 1].path, STR(".md"))) {
            set_add(&touched, one->files[i - 1].path);
        }
    }
    check_whole(trial, &restricted, &touched);
    bool is_same = whole->error_count == restricted.error_count;
    set_free(&touched);
    diag_free(&restricted);
    return is_same;
}

static void close_trial(struct trial *trial)
{
    store_abandon(trial->store);
    diag_free(&trial->diag);
    arena_free(&trial->arena);
}

/* Those of the rule, in order, as text of the given form. */
static void keep_rule(struct diag *out, struct diag *all, const char *rule)
{
    diag_sort(all);
    for (size_t i = 0; i < all->count; i++) {
        const struct diag_entry *entry = &all->entries[i];
        if (strncmp(diag_code_text(entry->code), rule, 3) == 0) {
            diag_add_at(out, entry->code, entry->level, entry->place, entry->args);
        }
    }
}

static void write_short(struct buf *out, const struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        const struct diag_entry *entry = &diag->entries[i];
        buf_printf(out, "%s %.*s:%d:%d\n", diag_code_text(entry->code), STR_ARG(entry->place.path),
                   entry->place.line, entry->place.column);
    }
}

static bool is_expected(struct str want, struct buf *got, const struct test_case *one,
                        const char *what, bool is_loud)
{
    bool is_same = str_equal(want, buf_str(got));
    if (!is_same && is_loud) {
        fprintf(stderr, "case: %.*s (%s)\n<<<<\n%.*s====\n%.*s>>>>\n", STR_ARG(one->name), what,
                STR_ARG(want), STR_ARG(buf_str(got)));
    }
    buf_clear(got);
    return is_same;
}

static bool passes(const struct book *book, const struct test_case *one,
                   const struct rules_row *rows, size_t count, bool is_loud)
{
    struct trial trial;
    struct diag kept = {0}, whole = {0};
    struct buf text = BUF_EMPTY;
    open_trial(&trial, one, rows, count);
    for (size_t i = 0; i < one->file_count; i++) {
        if (str_ends(one->files[i].path, STR(".md"))) {
            put_record(&trial, i);
        }
    }
    check_whole(&trial, &whole, NULL);
    bool is_right = is_restricted_the_same(&trial, &whole);
    if (!is_right && is_loud) {
        fprintf(stderr, "case: %.*s: restricted, it finds other errors\n", STR_ARG(one->name));
    }
    diag_merge(&trial.diag, &whole);
    keep_rule(&kept, &trial.diag, book->rule);
    write_short(&text, &kept);
    is_right = (one->has_zh && one->expect.n == 0
                    ? kept.count > 0
                    : is_expected(one->expect, &text, one, "expect", is_loud)) &&
               is_right;
    buf_clear(&text);
    if (one->has_zh) {
        diag_write_text(&text, &kept, LANGUAGE_ZH);
        is_right = is_expected(one->zh, &text, one, "zh", is_loud) && is_right;
    }
    if (one->has_en) {
        diag_write_text(&text, &kept, LANGUAGE_EN);
        is_right = is_expected(one->en, &text, one, "en", is_loud) && is_right;
    }
    buf_free(&text);
    diag_free(&kept);
    close_trial(&trial);
    return is_right;
}

static void test_cases(void **state)
{
    size_t failed = 0;
    (void)state;
    for (size_t i = 0; i < book_count; i++) {
        for (size_t k = 0; k < books[i].count; k++) {
            failed += !passes(&books[i], &books[i].cases[k], rules_rows, rules_row_count, true);
        }
    }
    assert_int_equal(failed, 0);
}

static const struct book *find_book(const char *rule)
{
    for (size_t i = 0; i < book_count; i++) {
        if (strcmp(books[i].rule, rule) == 0) {
            return &books[i];
        }
    }
    return NULL;
}

/* Without its row, at least one of the rule's cases must fail. */
static void test_each_rule_is_needed(void **state)
{
    (void)state;
    for (size_t i = 0; i < rules_row_count; i++) {
        struct rules_row rows[RULES_ROWS_MAX];
        const struct book *book = find_book(rules_rows[i].code);
        if (rules_rows[i].scope >= RULES_SCOPE_READER) {
            continue;
        }
        if (book == NULL) {
            fail_msg("tests/rules/%s.txt is missing", rules_rows[i].code);
        }
        size_t count = 0, failed = 0;
        for (size_t k = 0; k < rules_row_count; k++) {
            if (k != i) {
                rows[count++] = rules_rows[k];
            }
        }
        for (size_t k = 0; k < book->count; k++) {
            failed += !passes(book, &book->cases[k], rows, count, false);
        }
        if (failed == 0) {
            fail_msg("%s can be taken out, and no case fails", rules_rows[i].code);
        }
    }
}

/* Both languages of at least one message of each rule are pinned. */
static void test_messages_are_pinned(void **state)
{
    (void)state;
    for (size_t i = 0; i < book_count; i++) {
        bool has_both = false;
        for (size_t k = 0; k < books[i].count; k++) {
            has_both = has_both || (books[i].cases[k].has_zh && books[i].cases[k].has_en);
        }
        if (!has_both) {
            fail_msg("tests/rules/%s.txt pins no message", books[i].rule);
        }
    }
}

/* Every fact that a row names is in the law, and every row of the law is read. */
static void test_facts(void **state)
{
    struct law law;
    struct fault fault = {.text = ""};
    (void)state;
    assert_int_equal(law_load(&law, &arena, &fault), 0);
    for (size_t i = 0; i < rules_row_count; i++) {
        for (size_t k = 0; k < 4 && rules_rows[i].facts[k] != NULL; k++) {
            bool is_known = false;
            for (size_t n = 0; n < law.fact_count; n++) {
                is_known = is_known || str_equal(law.facts[n].key, str_of(rules_rows[i].facts[k]));
            }
            if (!is_known) {
                fail_msg("%s rests on %s, which is no fact", rules_rows[i].code,
                         rules_rows[i].facts[k]);
            }
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int open_books(void **state)
{
    struct fault fault = {.text = ""};
    const char *names[64];
    size_t count = 0;
    (void)state;
    assert_int_equal(schema_load(&schema, &arena, &fault), 0);
    common_config = read_file("tests/rules/gongkai.yml");
    DIR *folder = opendir("tests/rules");
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct str name = str_of(entry->d_name);
        if (str_ends(name, STR(".txt"))) {
            names[count++] = arena_printf(&arena, "%.*s%c", STR_ARG(name), '\0').p;
        }
    }
    closedir(folder);
    qsort(names, count, sizeof names[0], compare_names);
    for (size_t i = 0; i < count; i++) {
        read_book(names[i]);
    }
    return 0;
}

static int close_books(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_each_rule_is_needed),
        cmocka_unit_test(test_messages_are_pinned),
        cmocka_unit_test(test_facts),
    };
    return cmocka_run_group_tests(tests, open_books, close_books);
}
