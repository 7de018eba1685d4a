#include "check/record.h"

#include "check/column.h"
#include "record/text.h"

static const struct rule {
    enum diag_code doubtful, certain;
    enum check_exception exception;
} rules[PERSONAL_RULE_COUNT] = {
    [PERSONAL_RULE_IDENTITY] = {DIAG_PERSONAL_IDENTITY_MAYBE, DIAG_PERSONAL_IDENTITY,
                                CHECK_EXCEPTION_IDENTITY},
    [PERSONAL_RULE_OLD_IDENTITY] = {DIAG_PERSONAL_IDENTITY_MAYBE, DIAG_PERSONAL_IDENTITY,
                                    CHECK_EXCEPTION_IDENTITY},
    [PERSONAL_RULE_MOBILE] = {DIAG_PERSONAL_MOBILE_MAYBE, DIAG_PERSONAL_MOBILE,
                              CHECK_EXCEPTION_MOBILE},
    [PERSONAL_RULE_CARD] = {DIAG_PERSONAL_CARD_MAYBE, DIAG_PERSONAL_CARD, CHECK_EXCEPTION_CARD},
};

struct str check_exception_rule(enum check_exception exception)
{
    static const enum diag_code codes[CHECK_EXCEPTION_COUNT] = {
        DIAG_PERSONAL_IDENTITY, DIAG_PERSONAL_MOBILE, DIAG_PERSONAL_CARD};
    return str_of(diag_code_text(codes[exception]));
}

static struct str value_of(const struct record_value *map, struct str key)
{
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        if (str_equal(map->items[i].key, key)) {
            return str_trim(map->items[i].text);
        }
    }
    return STR("");
}

/* Which rule the map lets pass; CHECK_EXCEPTION_COUNT where it lacks rule, reason or approver. */
static enum check_exception read_exception(const struct record_value *map)
{
    enum check_exception i = 0;
    if (value_of(map, STR("reason")).n == 0 || value_of(map, STR("approved_by")).n == 0) {
        return CHECK_EXCEPTION_COUNT;
    }
    while (i < CHECK_EXCEPTION_COUNT &&
           !str_equal_nocase(value_of(map, STR("rule")), check_exception_rule(i))) {
        i++;
    }
    return i;
}

struct scan {
    const struct record *record; /* NULL: a text that is no record's */
    struct arena *arena;
    struct str path; /* to be shown */
    struct check *check;
    struct diag *diag;
    bool is_excepted[CHECK_EXCEPTION_COUNT];
    size_t told; /* of one file */
};

enum { TOLD_MAX = 200 };

static void read_exceptions(struct scan *scan)
{
    const struct record_field *field = record_field(scan->record, STR("exceptions"));
    for (size_t i = 0; field != NULL && field->value != NULL && i < field->value->count; i++) {
        const struct record_field *item = &field->value->items[i];
        enum check_exception exception = read_exception(item->value);
        if (exception == CHECK_EXCEPTION_COUNT) {
            diag_add(scan->diag, DIAG_PERSONAL_EXCEPTION_BAD,
                     item->place.line > 0 ? item->place : field->place, DIAG_PLAIN);
        } else {
            scan->is_excepted[exception] = true;
        }
    }
}

/* Stars for each place: what is said can't be compared with a number that somebody has. */
static struct str stars_of(struct arena *arena, const struct personal_finding *finding)
{
    size_t n = str_of(finding->digits).n;
    return arena_printf(arena, "%.*s", (int)n, "************************");
}

/* A file of nothing but numbers is told of in part: each place is counted. */
static void tell(struct scan *scan, const struct personal_finding *finding, struct place place)
{
    const struct rule *rule = &rules[finding->rule];
    bool is_certain = finding->certainty == PERSONAL_CERTAINTY_CERTAIN;
    if (scan->told++ < TOLD_MAX) {
        diag_add(scan->diag, is_certain ? rule->certain : rule->doubtful, place,
                 DIAG_WITH(stars_of(scan->arena, finding)));
    } else {
        scan->diag->left_out++;
        scan->diag->error_count += is_certain && !scan->diag->is_lenient;
    }
}

/* `place` is where the finding is, or only the file. */
static void report(struct scan *scan, const struct personal_finding *finding, struct place place)
{
    const struct rule *rule = &rules[finding->rule];
    bool is_certain = finding->certainty == PERSONAL_CERTAINTY_CERTAIN;
    bool is_excepted =
        finding->certainty != PERSONAL_CERTAINTY_LOWERED && scan->is_excepted[rule->exception];
    scan->check->excepted[rule->exception] += is_excepted;
    if (!is_certain || is_excepted || scan->diag->is_lenient) {
        set_add(&scan->check->cleared, str_of(finding->digits));
    }
    if (finding->certainty != PERSONAL_CERTAINTY_LOWERED && !is_excepted) {
        tell(scan, finding, place);
    }
}

/* The text itself where nothing was found. */
static struct str without(struct arena *arena, struct str text, const struct personal_list *found)
{
    if (found->count == 0) {
        return text;
    }
    struct buf masked = BUF_EMPTY;
    personal_mask(&masked, text, found);
    struct str copy = arena_copy(arena, buf_str(&masked));
    buf_free(&masked);
    return copy;
}

static struct str masked_copy(struct arena *arena, struct str text)
{
    struct personal_list found = {0};
    struct arena scratch = {0};
    personal_find(&found, &scratch, text, PERSONAL_FORM_TEXT);
    struct str copy = without(arena, text, &found);
    arena_free(&scratch);
    return copy;
}

void check_mask(struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        struct diag_entry *entry = &diag->entries[i];
        for (size_t k = 0; k < sizeof entry->args.v / sizeof entry->args.v[0]; k++) {
            entry->args.v[k] = masked_copy(&diag->arena, entry->args.v[k]);
        }
        entry->line_text = masked_copy(&diag->arena, entry->line_text);
        entry->place.path = masked_copy(&diag->arena, entry->place.path);
    }
}

static void scan_name(struct scan *scan, struct str path)
{
    struct personal_list found = {0};
    personal_find(&found, scan->arena, path, PERSONAL_FORM_TEXT);
    scan->path = without(scan->arena, path, &found);
    for (size_t i = 0; i < found.count; i++) {
        report(scan, &found.items[i], (struct place){.path = scan->path});
    }
}

/* Where `offset` is, going on from an earlier place at `from`. */
static struct place advance(struct place place, struct str bytes, size_t from, size_t offset)
{
    struct place next = diag_place_of(place.path, str_slice(bytes, from, offset), offset - from);
    next.column += next.line == 1 ? place.column - 1 : 0;
    next.line += place.line - 1;
    return next;
}

/* Reports what is in `bytes`; `known` gets every number that was seen. */
static void scan_bytes(struct scan *scan, struct str path, struct str bytes,
                       enum personal_form form, struct set *known)
{
    struct personal_list found = {0};
    personal_find(&found, scan->arena, bytes, form);
    if (found.count == 0) {
        return;
    }
    diag_quote(scan->diag, path, without(scan->arena, bytes, &found));
    struct place place = {scan->path, 1, 1};
    size_t at = 0;
    for (size_t i = 0; i < found.count; i++) {
        place = advance(place, bytes, at, found.items[i].start);
        at = found.items[i].start;
        set_add(known, str_of(found.items[i].digits));
        report(scan, &found.items[i], place);
    }
}

/* What only shows once escapes are read and Markdown is rendered. */
static void scan_read(struct scan *scan, struct str text, struct set *known)
{
    struct personal_list found = {0};
    personal_find(&found, scan->arena, text, PERSONAL_FORM_TEXT);
    for (size_t i = 0; i < found.count; i++) {
        if (set_add(known, str_of(found.items[i].digits))) {
            report(scan, &found.items[i], (struct place){.path = scan->path});
        }
    }
}

static size_t places_of(const struct check_window *window)
{
    return window->before + window->hidden + window->after;
}

static bool is_same_window(const struct check_window *a, const struct check_window *b)
{
    return a->before == b->before && a->hidden == b->hidden && a->after == b->after;
}

static void add_window(struct check *check, const struct check_window *window)
{
    for (size_t i = 0; i < check->window_count; i++) {
        if (is_same_window(&check->windows[i], window)) {
            return;
        }
    }
    if (check->window_count < CHECK_WINDOWS_MAX) {
        check->windows[check->window_count++] = *window;
    }
}

static void read_windows(struct check *check, struct str path, struct str text)
{
    enum { SEEN_MAX = 256 };
    struct personal_window seen[SEEN_MAX];
    size_t count = personal_windows(seen, SEEN_MAX, text);
    for (size_t i = 0; i < count; i++) {
        struct check_window window = {
            seen[i].before, seen[i].hidden, seen[i].after, {.path = path}};
        size_t before = check->window_count;
        add_window(check, &window);
        if (check->window_count > before) {
            check->windows[before].place = diag_place_of(path, text, seen[i].start);
        }
    }
}

void check_windows(struct check *first, struct arena *arena, const struct check *check,
                   struct diag *diag)
{
    for (size_t i = 0; i < check->window_count; i++) {
        const struct check_window *window = &check->windows[i];
        size_t k = 0;
        while (k < first->window_count && places_of(&first->windows[k]) != places_of(window)) {
            k++;
        }
        const struct check_window *other = &first->windows[k];
        if (k == first->window_count && k < CHECK_WINDOWS_MAX) {
            first->windows[k] = *window;
            first->windows[k].place.path = arena_copy(arena, window->place.path);
            first->window_count++;
        } else if (k < first->window_count && !is_same_window(other, window)) {
            diag_add(diag, DIAG_MASK_WINDOW, window->place,
                     DIAG_WITH(arena_printf(arena, "%zu+%zu", window->before, window->after),
                               arena_printf(arena, "%.*s:%d", STR_ARG(other->place.path),
                                            other->place.line),
                               arena_printf(arena, "%zu+%zu", other->before, other->after)));
        }
    }
}

static enum personal_form form_of(struct str path)
{
    return str_ends_nocase(path, STR(".csv")) ? PERSONAL_FORM_CSV : PERSONAL_FORM_TEXT;
}

/* A file of any encoding that we read, at its own path. */
static void scan_file(struct scan *scan, struct str path, struct str bytes, struct set *known)
{
    struct diag decoding = {.is_lenient = true};
    struct str text = text_read(scan->arena, path, bytes, &decoding);
    scan->told = 0;
    scan_name(scan, path);
    scan_bytes(scan, path, text, form_of(path), known);
    diag_free(&decoding);
}

void check_tell_excepted(const struct check *check, const struct record *record,
                         struct arena *arena, struct diag *diag)
{
    size_t sum = 0;
    for (size_t i = 0; i < CHECK_EXCEPTION_COUNT; i++) {
        sum += check->excepted[i];
    }
    if (sum > 0) {
        diag_add(diag, DIAG_PERSONAL_EXCEPTED, (struct place){.path = record->path},
                 DIAG_WITH(arena_printf(arena, "%zu", sum)));
    }
}

void check_record(struct check *check, const struct check_input *input, struct diag *diag)
{
    const struct record *record = input->record;
    struct scan scan = {record, input->arena, record->path, check, diag, {false}, 0};
    struct set known = {0};
    read_exceptions(&scan);
    scan_name(&scan, record->path);
    struct str path = scan.path;
    read_windows(check, record->path, input->source);
    scan_bytes(&scan, record->path, input->source, PERSONAL_FORM_TEXT, &known);
    for (size_t i = 0; i < input->file_count; i++) {
        read_windows(check, input->files[i].path, input->files[i].bytes);
        scan_file(&scan, input->files[i].path, input->files[i].bytes, &known);
    }
    scan.path = path; /* not the last file's */
    scan_read(&scan, record->title, &known);
    scan_read(&scan, record->body_text, &known);
    scan_read(&scan, record->table_text, &known);
    scan_read(&scan, record_fields_json(input->arena, record), &known);
    check_columns(record, diag);
    set_free(&known);
}

/* A scan of a file of the record's, whose faulty exceptions are told with the record. */
static struct scan file_scan(struct check *check, const struct record *record, struct arena *arena,
                             struct str path, struct diag *diag)
{
    struct diag told = {0};
    struct scan scan = {record, arena, path, check, &told, {false}, 0};
    read_exceptions(&scan);
    diag_free(&told);
    scan.diag = diag;
    return scan;
}

void check_file(struct check *check, const struct record *record, struct arena *arena,
                struct str path, struct str bytes, struct diag *diag)
{
    struct scan scan = file_scan(check, record, arena, path, diag);
    struct set known = {0};
    scan_file(&scan, path, bytes, &known);
    set_free(&known);
}

void check_bytes(struct check *check, const struct record *record, struct arena *arena,
                 struct str path, struct str bytes, struct diag *diag)
{
    struct scan scan = file_scan(check, record, arena, path, diag);
    struct set known = {0};
    scan_name(&scan, path);
    scan_bytes(&scan, path, bytes, PERSONAL_FORM_TEXT, &known);
    set_free(&known);
}

void check_text(struct check *check, struct arena *arena, struct str path, struct str bytes,
                struct diag *diag)
{
    struct scan scan = {NULL, arena, path, check, diag, {false}, 0};
    struct set known = {0};
    scan_file(&scan, path, bytes, &known);
    set_free(&known);
}

void check_clear(struct check *check)
{
    set_free(&check->cleared);
    *check = (struct check){0};
}
