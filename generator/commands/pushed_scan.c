#include "commands/pushed_scan.h"

#include "base/path.h"
#include "check/record.h"
#include "commands/check.h"

#include <inttypes.h>

struct scan {
    struct site *site;
    struct str content;
    struct pushed_leaks *leaks;
    struct diag *diag;
    struct arena arena; /* of one file */
    struct buf bytes;
};

bool pushed_is_personal(enum diag_code code)
{
    return code == DIAG_PERSONAL_IDENTITY || code == DIAG_PERSONAL_MOBILE ||
           code == DIAG_PERSONAL_CARD;
}

/* Of commits the first ten digits are shown, as git does. */
static struct str short_id(struct arena *arena, const struct source_id *id)
{
    char text[41];
    source_id_format(text, id);
    return arena_printf(arena, "%.10s", text);
}

static void note_leak(struct scan *scan, const struct pushed_commit *commit)
{
    scan->leaks->is_in_tip |= commit->is_tip;
    scan->leaks->is_in_older |= !commit->is_tip;
}

static bool has_personal(struct scan *scan, struct str text)
{
    struct check check = {0};
    struct diag found = {0};
    arena_reset(&scan->arena);
    check_text(&check, &scan->arena, STR(""), text, &found);
    bool has = found.error_count > 0;
    check_clear(&check);
    diag_free(&found);
    return has;
}

static int visit_commit(void *context, const struct pushed_commit *commit, struct fault *fault)
{
    struct scan *scan = context;
    struct str id = short_id(&scan->diag->arena, &commit->id);
    (void)fault;
    bool is_in_header = has_personal(scan, commit->header);
    if (is_in_header || has_personal(scan, commit->message)) {
        diag_add(scan->diag, DIAG_PUSHED_MESSAGE, (struct place){0}, DIAG_WITH(id));
        scan->leaks->is_in_message = true;
        note_leak(scan, commit);
        scan->leaks->is_in_older |= is_in_header; /* amending would keep the header */
    }
    if (has_personal(scan, commit->names)) {
        diag_add(scan->diag, DIAG_PUSHED_AUTHOR, (struct place){0}, DIAG_WITH(id));
        scan->leaks->is_in_names = true;
        note_leak(scan, commit);
    }
    return 0;
}

/* Only what the record itself says counts: where its links lead does not. */
static struct str no_address(void *context, struct arena *arena, struct str path)
{
    (void)context;
    (void)arena;
    (void)path;
    return STR("#");
}

static void parse(struct scan *scan, struct record *out, struct str path, struct str bytes,
                  struct diag *diag)
{
    const struct record_input input = {.path = path,
                                       .bytes = bytes,
                                       .schema = &scan->site->schema,
                                       .config = &scan->site->config,
                                       .resolver = {NULL, no_address, NULL}};
    record_parse(out, &scan->arena, &input, diag);
}

/* The record beside a table, whose exceptions count for it; from the new commit. */
static int parse_beside(struct scan *scan, struct record *out, struct str path, struct diag *diag,
                        struct fault *fault)
{
    struct str name = arena_printf(&scan->arena, "%.*s.md", STR_ARG(path_stem(path)));
    const struct source_file *file = source_find(&scan->site->files, name);
    struct buf bytes = BUF_EMPTY;
    int rc = 0;
    if (file != NULL) {
        rc = source_read(scan->site->source, &bytes, file, fault);
        parse(scan, out, name, arena_copy(&scan->arena, buf_str(&bytes)), diag);
    }
    buf_free(&bytes);
    return rc;
}

static bool has_personal_error(const struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (pushed_is_personal(diag->entries[i].code)) {
            return true;
        }
    }
    return false;
}

/* The file again, as the record that it is or belongs to has it: its exceptions count. */
static int find_in_record(struct scan *scan, struct str path, struct diag *out, struct fault *fault)
{
    struct record record = {.path = path};
    struct diag parsed = {.is_lenient = out->is_lenient};
    struct check check = {0};
    const struct record_file file = {path, buf_str(&scan->bytes)};
    struct check_input input = {.record = &record, .arena = &scan->arena};
    int rc = 0;
    if (address_is_markdown(path)) {
        parse(scan, &record, path, file.bytes, &parsed);
        input.source = parsed.source;
    } else {
        struct record beside = {0};
        rc = parse_beside(scan, &beside, path, &parsed, fault);
        record.fields = beside.fields; /* its exceptions alone: the rest has its own place */
        record.field_count = beside.field_count;
        input.files = &file;
        input.file_count = 1;
    }
    if (rc == 0) {
        check_record(&check, &input, out);
    }
    check_clear(&check);
    diag_free(&parsed);
    return rc;
}

/* What is found in one file, as its own check would tell it, into an empty diag. */
static int find(struct scan *scan, struct str path, struct diag *out, struct fault *fault)
{
    struct check check = {0};
    bool is_lenient = out->is_lenient;
    check_text(&check, &scan->arena, path, buf_str(&scan->bytes), out);
    check_clear(&check);
    bool is_of_record = address_is_markdown(path) || str_ends_nocase(path, STR(".csv"));
    if (!is_of_record || !has_personal_error(out)) {
        return 0;
    }
    diag_free(out);
    out->is_lenient = is_lenient;
    return find_in_record(scan, path, out, fault);
}

static bool is_told(const struct diag *diag, struct str path)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (pushed_is_personal(diag->entries[i].code) &&
            str_equal(diag->entries[i].place.path, path)) {
            return true;
        }
    }
    return false;
}

/* One place of a file that the new commit does not have any more. */
static void tell_gone(struct scan *scan, const struct diag_entry *entry,
                      const struct pushed_commit *commit)
{
    struct str id = short_id(&scan->arena, &commit->id);
    diag_add(scan->diag, DIAG_PUSHED_PERSONAL, entry->place, DIAG_WITH(id));
}

static void tell(struct scan *scan, const struct pushed_file *file, struct str path, bool is_now,
                 struct diag *found)
{
    bool has_leak = false;
    for (size_t i = 0; i < found->count; i++) {
        if (!pushed_is_personal(found->entries[i].code)) {
            continue;
        }
        has_leak = true;
        if (!is_now) {
            tell_gone(scan, &found->entries[i], file->commit);
        }
    }
    if (has_leak) {
        note_leak(scan, file->commit);
    }
    if (has_leak && is_now && !is_told(scan->diag, path)) {
        diag_merge(scan->diag, found);
    }
}

/* From the content's root, where the file stands below it. */
static struct str content_path(const struct scan *scan, struct str path)
{
    size_t n = scan->content.n;
    bool is_below = n > 0 && path.n > n && str_starts(path, scan->content) && path.p[n] == '/';
    return is_below ? str_from(path, n + 1) : path;
}

/* What is too large to be looked at is not taken, wherever it stands in the push. */
static void tell_large(struct scan *scan, const struct pushed_file *file)
{
    struct str path = arena_copy(&scan->diag->arena, content_path(scan, file->path));
    for (size_t i = 0; i < scan->diag->count; i++) {
        const struct diag_entry *entry = &scan->diag->entries[i];
        if (entry->code == DIAG_FILE_LARGE && str_equal(entry->place.path, path)) {
            note_leak(scan, file->commit);
            return;
        }
    }
    bool was_lenient = scan->diag->is_lenient;
    scan->diag->is_lenient = false;
    diag_add(scan->diag, DIAG_FILE_LARGE, (struct place){.path = path},
             DIAG_WITH(arena_printf(&scan->arena, "%" PRIu64, file->size),
                       arena_printf(&scan->arena, "%d", (int)SOURCE_FILE_MAX)));
    scan->diag->is_lenient = was_lenient;
    note_leak(scan, file->commit);
}

static int visit_file(void *context, const struct pushed_file *file, struct fault *fault)
{
    struct scan *scan = context;
    struct diag found = {.is_lenient = scan->diag->is_lenient};
    arena_reset(&scan->arena);
    buf_clear(&scan->bytes);
    if (file->is_large) {
        tell_large(scan, file);
    } else if (file->is_new_blob &&
               pushed_read(scan->site->source, &scan->bytes, file, fault) != 0) {
        return -1;
    }
    struct str path = content_path(scan, file->path);
    check_add_near(&scan->leaks->touched, path);
    bool is_now = false;
    int rc = find(scan, path, &found, fault);
    if (rc == 0 && has_personal_error(&found)) {
        rc = pushed_is_current(&is_now, scan->site->source, file, fault);
    }
    if (rc == 0) {
        tell(scan, file, path, is_now, &found);
    }
    diag_free(&found);
    return rc;
}

void pushed_leaks_free(struct pushed_leaks *leaks)
{
    set_free(&leaks->touched);
}

int pushed_scan(struct pushed_leaks *out, struct pushed *pushed, struct site *site,
                const char *content, const char *old, struct diag *diag, struct fault *fault)
{
    *out = (struct pushed_leaks){0};
    struct scan scan = {
        .site = site, .content = str_of(content), .leaks = out, .diag = diag, .bytes = BUF_EMPTY};
    const struct pushed_visitor visitor = {&scan, visit_commit, visit_file};
    int rc = pushed_walk(pushed, site->source, old, &visitor, fault);
    arena_free(&scan.arena);
    buf_free(&scan.bytes);
    return rc;
}
