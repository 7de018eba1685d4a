#include "commands/personal_file.h"

#include "base/path.h"
#include "check/record.h"

bool personal_is_code(enum diag_code code)
{
    return code == DIAG_PERSONAL_IDENTITY || code == DIAG_PERSONAL_MOBILE ||
           code == DIAG_PERSONAL_CARD;
}

/* Only what the record itself says counts: where its links lead does not. */
static struct str no_address(void *context, struct arena *arena, struct str path)
{
    (void)context;
    (void)arena;
    (void)path;
    return STR("#");
}

static void parse(struct personal_file *file, struct record *out, struct str path, struct str bytes,
                  struct diag *diag)
{
    const struct record_input input = {.path = path,
                                       .bytes = bytes,
                                       .schema = &file->site->schema,
                                       .config = &file->site->config,
                                       .resolver = {NULL, no_address, NULL}};
    record_parse(out, &file->arena, &input, diag);
}

/* The record beside a table, whose exceptions count for it; from the new commit. */
static int parse_beside(struct personal_file *file, struct record *out, struct str path,
                        struct diag *diag, struct fault *fault)
{
    struct str name = arena_printf(&file->arena, "%.*s.md", STR_ARG(path_stem(path)));
    const struct source_file *record = source_find(&file->site->files, name);
    struct buf bytes = BUF_EMPTY;
    int rc = 0;
    if (record != NULL) {
        rc = source_read(file->site->source, &bytes, record, fault);
        parse(file, out, name, arena_copy(&file->arena, buf_str(&bytes)), diag);
    }
    buf_free(&bytes);
    return rc;
}

bool personal_has_error(const struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (personal_is_code(diag->entries[i].code)) {
            return true;
        }
    }
    return false;
}

/* The file again, as the record that it is or belongs to has it: its exceptions count. */
static int find_in_record(struct personal_file *file, struct str path, struct diag *out,
                          struct fault *fault)
{
    struct record record = {.path = path};
    struct diag parsed = {.is_lenient = out->is_lenient};
    struct check check = {0};
    const struct record_file bytes = {path, buf_str(&file->bytes)};
    struct check_input input = {.record = &record, .arena = &file->arena};
    int rc = 0;
    if (address_is_markdown(path)) {
        parse(file, &record, path, bytes.bytes, &parsed);
        input.source = parsed.source;
    } else {
        struct record beside = {0};
        rc = parse_beside(file, &beside, path, &parsed, fault);
        record.fields = beside.fields; /* its exceptions alone: the rest has its own place */
        record.field_count = beside.field_count;
        input.files = &bytes;
        input.file_count = 1;
    }
    if (rc == 0) {
        check_record(&check, &input, out);
    }
    check_clear(&check);
    diag_free(&parsed);
    return rc;
}

int personal_file_find(struct personal_file *file, struct str path, struct diag *out,
                       struct fault *fault)
{
    struct check check = {0};
    bool is_lenient = out->is_lenient;
    arena_reset(&file->arena);
    check_text(&check, &file->arena, path, buf_str(&file->bytes), out);
    check_clear(&check);
    bool is_of_record = address_is_markdown(path) || str_ends_nocase(path, STR(".csv"));
    if (!is_of_record || !personal_has_error(out)) {
        return 0;
    }
    diag_free(out);
    out->is_lenient = is_lenient;
    return find_in_record(file, path, out, fault);
}

bool personal_is_told(const struct diag *diag, struct str path)
{
    for (size_t i = 0; i < diag->count; i++) {
        if (personal_is_code(diag->entries[i].code) &&
            str_equal(diag->entries[i].place.path, path)) {
            return true;
        }
    }
    return false;
}

void personal_file_free(struct personal_file *file)
{
    arena_free(&file->arena);
    buf_free(&file->bytes);
}
