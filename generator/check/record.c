#include "check/record.h"

static const enum diag_code codes[PERSONAL_RULE_COUNT][2] = {
    [PERSONAL_RULE_IDENTITY] = {DIAG_PERSONAL_IDENTITY_MAYBE, DIAG_PERSONAL_IDENTITY},
    [PERSONAL_RULE_OLD_IDENTITY] = {DIAG_PERSONAL_IDENTITY_MAYBE, DIAG_PERSONAL_IDENTITY},
    [PERSONAL_RULE_MOBILE] = {DIAG_PERSONAL_MOBILE_MAYBE, DIAG_PERSONAL_MOBILE},
    [PERSONAL_RULE_CARD] = {DIAG_PERSONAL_CARD_MAYBE, DIAG_PERSONAL_CARD},
};

static struct str value_of(const struct record_value *map, struct str key)
{
    for (size_t i = 0; i < map->count; i++) {
        if (str_equal(map->items[i].key, key)) {
            return map->items[i].text;
        }
    }
    return STR("");
}

static bool is_complete(const struct record_value *map)
{
    return map != NULL && value_of(map, STR("rule")).n > 0 && value_of(map, STR("reason")).n > 0 &&
           value_of(map, STR("approved_by")).n > 0;
}

/* Does the record name the rule, with a reason and an approver? */
static bool is_excepted(const struct record *record, enum diag_code code)
{
    const struct record_field *field = record_field(record, STR("exceptions"));
    for (size_t i = 0; field != NULL && field->value != NULL && i < field->value->count; i++) {
        const struct record_value *map = field->value->items[i].value;
        if (is_complete(map) &&
            str_equal(value_of(map, STR("rule")), str_of(diag_code_text(code)))) {
            return true;
        }
    }
    return false;
}

static void check_exceptions(const struct record *record, struct diag *diag)
{
    const struct record_field *field = record_field(record, STR("exceptions"));
    for (size_t i = 0; field != NULL && field->value != NULL && i < field->value->count; i++) {
        if (!is_complete(field->value->items[i].value)) {
            diag_add(diag, DIAG_PERSONAL_EXCEPTION_BAD, field->place, DIAG_PLAIN);
        }
    }
}

/* Stars for each place: what is said can't be compared with a number that somebody has. */
static struct str stars_of(struct arena *arena, const struct personal_finding *finding)
{
    size_t n = str_of(finding->digits).n;
    return arena_printf(arena, "%.*s", (int)n, "************************");
}

struct scan {
    const struct record *record;
    struct arena *arena;
    struct str path; /* to be shown */
    struct check *check;
    struct diag *diag;
};

static void report(struct scan *scan, struct str bytes, const struct personal_finding *finding,
                   bool has_lines)
{
    struct str digits = str_of(finding->digits);
    if (finding->certainty == PERSONAL_CERTAINTY_LOWERED) {
        set_add(&scan->check->cleared, digits);
        return;
    }
    bool is_certain = finding->certainty == PERSONAL_CERTAINTY_CERTAIN;
    if (is_excepted(scan->record, codes[finding->rule][1])) {
        set_add(&scan->check->cleared, digits);
        scan->check->excepted++;
        return;
    }
    struct place place = has_lines ? diag_place_of(scan->path, bytes, finding->start)
                                   : (struct place){.path = scan->path};
    diag_add(scan->diag, codes[finding->rule][is_certain], place,
             DIAG_WITH(stars_of(scan->arena, finding)));
}

static void scan_bytes(struct scan *scan, struct str path, struct str bytes,
                       enum personal_form form)
{
    struct personal_list found = {0};
    struct buf masked = BUF_EMPTY;
    personal_find(&found, scan->arena, bytes, form);
    if (found.count > 0) {
        personal_mask(&masked, bytes, &found);
        diag_quote(scan->diag, path, arena_copy(scan->arena, buf_str(&masked)));
    }
    for (size_t i = 0; i < found.count; i++) {
        report(scan, bytes, &found.items[i], true);
    }
    buf_free(&masked);
}

static struct str masked_copy(struct arena *arena, struct str text)
{
    struct buf masked = BUF_EMPTY;
    personal_mask_all(&masked, arena, text);
    struct str copy = arena_copy(arena, buf_str(&masked));
    buf_free(&masked);
    return copy;
}

/* What earlier diagnostics quote as arguments, and the path itself. */
static void mask_entries(struct diag *diag)
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
    scan->path = masked_copy(scan->arena, path);
    for (size_t i = 0; i < found.count; i++) {
        report(scan, path, &found.items[i], false);
    }
    scan->path = path;
}

/* The text that readers see, for what only shows once Markdown is rendered. */
static void scan_text(struct scan *scan, struct str source)
{
    struct personal_list in_source = {0}, found = {0};
    struct set known = {0};
    personal_find(&in_source, scan->arena, source, PERSONAL_FORM_TEXT);
    for (size_t i = 0; i < in_source.count; i++) {
        set_add(&known, str_of(in_source.items[i].digits));
    }
    personal_find(&found, scan->arena, scan->record->body_text, PERSONAL_FORM_TEXT);
    for (size_t i = 0; i < found.count; i++) {
        if (!set_has(&known, str_of(found.items[i].digits))) {
            report(scan, scan->record->body_text, &found.items[i], false);
        }
    }
    set_free(&known);
}

void check_record(const struct record *record, struct arena *arena, struct str source,
                  struct check *check, struct diag *diag)
{
    struct scan scan = {record, arena, record->path, check, diag};
    size_t before = check->excepted;
    check_exceptions(record, diag);
    scan_name(&scan, record->path);
    scan_text(&scan, source);
    scan_bytes(&scan, record->path, source, PERSONAL_FORM_TEXT);
    if (check->excepted > before) {
        diag_add(diag, DIAG_PERSONAL_EXCEPTED, (struct place){.path = record->path},
                 DIAG_WITH(arena_printf(arena, "%zu", check->excepted - before)));
    }
    mask_entries(diag);
}

void check_file(const struct record *record, struct arena *arena, const struct record_file *file,
                struct check *check, struct diag *diag)
{
    struct scan scan = {record, arena, file->path, check, diag};
    scan_name(&scan, file->path);
    scan_bytes(&scan, file->path, file->bytes,
               str_ends_nocase(file->path, STR(".csv")) ? PERSONAL_FORM_CSV : PERSONAL_FORM_TEXT);
    mask_entries(diag);
}

size_t check_output(struct str bytes, const struct set *cleared)
{
    struct arena arena = {0};
    struct personal_list found = {0};
    size_t count = 0;
    personal_find(&found, &arena, bytes, PERSONAL_FORM_TEXT);
    for (size_t i = 0; i < found.count; i++) {
        count += found.items[i].certainty == PERSONAL_CERTAINTY_CERTAIN &&
                 (cleared == NULL || !set_has(cleared, str_of(found.items[i].digits)));
    }
    arena_free(&arena);
    return count;
}

void check_free(struct check *check)
{
    set_free(&check->cleared);
}
