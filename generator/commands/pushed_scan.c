#include "commands/pushed_scan.h"

#include "check/record.h"
#include "commands/check.h"
#include "commands/personal_file.h"

#include <inttypes.h>

struct scan {
    struct personal_file file;
    struct str content;
    struct pushed_leaks *leaks;
    struct diag *diag;
};

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
    arena_reset(&scan->file.arena);
    check_text(&check, &scan->file.arena, STR(""), text, &found);
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

/* One place of a file that the new commit does not have any more. */
static void tell_gone(struct scan *scan, const struct diag_entry *entry,
                      const struct pushed_commit *commit)
{
    struct str id = short_id(&scan->file.arena, &commit->id);
    diag_add(scan->diag, DIAG_PUSHED_PERSONAL, entry->place, DIAG_WITH(id));
}

static void tell(struct scan *scan, const struct pushed_file *file, struct str path, bool is_now,
                 struct diag *found)
{
    bool has_leak = false;
    for (size_t i = 0; i < found->count; i++) {
        if (!personal_is_code(found->entries[i].code)) {
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
    if (has_leak && is_now && !personal_is_told(scan->diag, path)) {
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
             DIAG_WITH(arena_printf(&scan->file.arena, "%" PRIu64, file->size),
                       arena_printf(&scan->file.arena, "%d", (int)SOURCE_FILE_MAX)));
    scan->diag->is_lenient = was_lenient;
    note_leak(scan, file->commit);
}

static int visit_file(void *context, const struct pushed_file *file, struct fault *fault)
{
    struct scan *scan = context;
    struct diag found = {.is_lenient = scan->diag->is_lenient};
    arena_reset(&scan->file.arena);
    buf_clear(&scan->file.bytes);
    if (file->is_large) {
        tell_large(scan, file);
    } else if (file->is_new_blob &&
               pushed_read(scan->file.site->source, &scan->file.bytes, file, fault) != 0) {
        return -1;
    }
    struct str path = content_path(scan, file->path);
    check_add_near(&scan->leaks->touched, path);
    bool is_now = false;
    int rc = personal_file_find(&scan->file, path, &found, fault);
    if (rc == 0 && personal_has_error(&found)) {
        rc = pushed_is_current(&is_now, scan->file.site->source, file, fault);
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
    struct scan scan = {.file = {.site = site, .bytes = BUF_EMPTY},
                        .content = str_of(content),
                        .leaks = out,
                        .diag = diag};
    const struct pushed_visitor visitor = {&scan, visit_commit, visit_file};
    int rc = pushed_walk(pushed, site->source, old, &visitor, fault);
    personal_file_free(&scan.file);
    return rc;
}
