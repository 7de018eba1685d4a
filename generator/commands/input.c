#include "commands/input.h"

#include "base/path.h"
#include "check/attachment.h"
#include "record/board.h"

/* Where the record stands whose table the file is; empty where there is none. */
static struct str owner_address(const struct input_context *resolver, struct arena *arena,
                                struct str csv)
{
    if (!str_ends_nocase(csv, STR(".csv"))) {
        return STR("");
    }
    for (size_t i = csv.n; i-- > 0 && csv.p[i] != '/';) {
        struct str owner = arena_printf(arena, "%.*s.md", (int)i, csv.p);
        if (csv.p[i] == '.' && address_index(&resolver->site->addresses, owner) >= 0 &&
            !set_has(resolver->hidden, owner)) {
            return address_find(&resolver->site->addresses, arena, owner);
        }
    }
    return STR("");
}

/*
 * A link to a record that is not public yet leads nowhere, but is no fault: its writer knows what
 * will stand there. A link to a table that is not published leads to its record, which says so. The
 * first parse may not know yet what is hidden; records_relink mends that.
 */
static struct str resolve_address(void *context, struct arena *arena, struct str path)
{
    const struct input_context *resolver = context;
    if (source_find(&resolver->site->files, path) != NULL && !address_is_markdown(path) &&
        !attachment_is_listed(path, !resolver->site->config.is_given)) {
        return STR("");
    }
    struct str found = address_find(&resolver->site->addresses, arena, path);
    if (set_has(resolver->hidden, path) || (found.n > 0 && board_is_file(path))) {
        struct str owner = owner_address(resolver, arena, path);
        return owner.n > 0 ? owner : STR("#");
    }
    return found;
}

/* A file that is there, but not for everyone: its writer must not look for a wrong path. */
static bool is_withheld(void *context, struct str path)
{
    const struct input_context *resolver = context;
    return source_find(&resolver->site->files, path) != NULL ||
           source_find(&resolver->site->ignored, path) != NULL;
}

/* The CSV files of `a/b.md`: a/b.csv, and a/b.NAME.csv for further tables. */
static size_t find_csv(const struct site *site, struct arena *arena, size_t index,
                       const struct source_file ***out)
{
    struct str stem = path_stem(site->paths[index]);
    struct str prefix = arena_printf(arena, "%.*s.", STR_ARG(stem));
    size_t count = 0;
    for (size_t at = address_first_from(&site->addresses, prefix);
         at < site->files.count && str_starts(site->paths[at], prefix); at++) {
        if (str_ends_nocase(site->paths[at], STR(".csv")) &&
            str_find_char(str_from(site->paths[at], prefix.n), '/') < 0) {
            *out = arena_grow(arena, *out, count, sizeof **out);
            (*out)[count++] = &site->files.items[at];
        }
    }
    return count;
}

int input_read_csv(const struct site *site, struct arena *arena, struct record_input *input,
                   size_t index, struct fault *fault)
{
    const struct source_file **files = NULL;
    size_t count = find_csv(site, arena, index, &files);
    struct record_file *read = arena_array(arena, count + 1, sizeof *read);
    struct buf bytes = BUF_EMPTY;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        buf_clear(&bytes);
        rc = source_read(site->source, &bytes, files[i], fault);
        read[i] = (struct record_file){files[i]->path, arena_copy(arena, buf_str(&bytes))};
    }
    buf_free(&bytes);
    input->csv_files = read;
    input->csv_count = count;
    return rc;
}

struct record_resolver input_resolver(struct input_context *context)
{
    return (struct record_resolver){context, resolve_address, is_withheld};
}
