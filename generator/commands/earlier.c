#include "commands/earlier.h"

#include "base/path.h"

static bool is_below(struct str path, struct str folder)
{
    return folder.n == 0 ||
           (path.n > folder.n && path.p[folder.n] == '/' && str_starts(path, folder));
}

/* What stands behind the name in a front matter; empty where the line is not there. */
static struct str line_value(struct arena *arena, struct str text, const char *name)
{
    struct str line = arena_printf(arena, "\n%s: ", name);
    ptrdiff_t at = str_find(text, line);
    struct str rest = at < 0 ? STR("") : str_from(text, (size_t)at + line.n), value = STR("");
    str_cut(&value, &rest, '\n');
    return str_trim(value);
}

/* Calls `visit` with each record's text. */
static int for_each(const struct earlier_question *question,
                    void (*visit)(void *context, struct str path, struct str text), void *context,
                    struct fault *fault)
{
    struct site *site = question->site;
    struct buf bytes = BUF_EMPTY;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < site->record_count; i++) {
        const struct source_file *file = &site->files.items[site->records[i]];
        buf_clear(&bytes);
        rc = source_read(site->source, &bytes, file, fault);
        if (rc == 0) {
            visit(context, file->path, buf_str(&bytes));
        }
    }
    buf_free(&bytes);
    return rc;
}

/* A folder or an organisation, and how many records have it. */
struct tally {
    struct str name;
    size_t count;
};

enum { TALLY_MAX = 64 };

struct finding {
    const struct earlier_question *question;
    struct arena scratch;
    struct tally folders[TALLY_MAX], orgs[TALLY_MAX];
    struct str closing;
};

static void count(struct tally *tally, struct arena *arena, struct str name)
{
    size_t i = 0;
    while (i < TALLY_MAX && tally[i].count > 0 && !str_equal(tally[i].name, name)) {
        i++;
    }
    if (i < TALLY_MAX) {
        tally[i].name = tally[i].count > 0 ? tally[i].name : arena_copy(arena, name);
        tally[i].count++;
    }
}

static struct str most(const struct tally *tally)
{
    size_t best = 0;
    for (size_t i = 1; i < TALLY_MAX; i++) {
        best = tally[i].count > tally[best].count ? i : best;
    }
    return tally[best].name;
}

static bool is_of_item(struct finding *finding, struct str path, struct str text)
{
    const struct earlier_question *question = finding->question;
    arena_reset(&finding->scratch);
    return is_below(path, question->folder) &&
           str_equal(line_value(&finding->scratch, text, "目录事项"), question->item->name);
}

static void note_place(void *context, struct str path, struct str text)
{
    struct finding *finding = context;
    if (is_of_item(finding, path, text)) {
        struct arena *arena = finding->question->arena;
        count(finding->folders, arena, path_folder(path));
        count(finding->orgs, arena, line_value(&finding->scratch, text, "单位"));
    }
}

int earlier_find(struct earlier_places *out, const struct earlier_question *question,
                 struct fault *fault)
{
    struct finding finding = {.question = question};
    int rc = for_each(question, note_place, &finding, fault);
    *out = (struct earlier_places){.folder = most(finding.folders),
                                   .org = finding.orgs[0].name,
                                   .has_several_orgs = finding.orgs[1].count > 0};
    arena_free(&finding.scratch);
    return rc;
}

static void note_closing(void *context, struct str path, struct str text)
{
    struct finding *finding = context;
    const struct config_org *org = finding->question->org;
    if (org == NULL || !is_of_item(finding, path, text) ||
        !str_equal(line_value(&finding->scratch, text, "单位"), org->name)) {
        return;
    }
    struct str closing = line_value(&finding->scratch, text, "期末余额");
    if (closing.n > 0) {
        finding->closing = arena_copy(finding->question->arena, closing);
    }
}

int earlier_closing(struct str *out, const struct earlier_question *question, struct fault *fault)
{
    struct finding finding = {.question = question};
    int rc = for_each(question, note_closing, &finding, fault);
    *out = finding.closing;
    arena_free(&finding.scratch);
    return rc;
}

/* Index numbers that a file has: nine places, a slash, a year, a dash and five digits. */
static bool index_at(struct str text, size_t slash)
{
    if (slash < 9 || slash + 11 > text.n || text.p[slash + 5] != '-') {
        return false;
    }
    for (size_t i = slash - 9; i < slash; i++) {
        bool is_place =
            (text.p[i] >= '0' && text.p[i] <= '9') || (text.p[i] >= 'A' && text.p[i] <= 'Z');
        if (!is_place) {
            return false;
        }
    }
    return str_number(str_slice(text, slash + 1, slash + 5), 9999) >= 0 &&
           str_number(str_slice(text, slash + 6, slash + 11), 99999) >= 0;
}

struct indices {
    struct str prefix; /* nine places; empty until it is known */
    struct str beside; /* what other records of the organisation's folder begin with */
    long year, last;
    const struct earlier_question *question;
    struct arena scratch;
};

/* The record's own number tells what its organisation's begin with. */
static void read_prefix(void *context, struct str path, struct str text)
{
    struct indices *indices = context;
    const struct earlier_question *question = indices->question;
    arena_reset(&indices->scratch);
    struct str own = line_value(&indices->scratch, text, "索引号");
    if (own.n < 10 || !index_at(own, 9)) {
        return;
    }
    struct str prefix = arena_copy(question->arena, str_slice(own, 0, 9));
    if (question->org != NULL &&
        str_equal(line_value(&indices->scratch, text, "单位"), question->org->name)) {
        indices->prefix = prefix;
    } else if (is_below(path, question->folder)) {
        indices->beside = prefix;
    }
}

/* A number that was ever given is never given again: mentions in other records count too. */
static void read_numbers(void *context, struct str path, struct str text)
{
    struct indices *indices = context;
    (void)path;
    for (size_t at = 0; at < text.n; at++) {
        ptrdiff_t slash = str_find_char(str_from(text, at), '/');
        if (slash < 0) {
            return;
        }
        at += (size_t)slash;
        if (!index_at(text, at) || !str_equal(str_slice(text, at - 9, at), indices->prefix)) {
            continue;
        }
        long number = str_number(str_slice(text, at + 6, at + 11), 99999);
        bool is_year = str_number(str_slice(text, at + 1, at + 5), 9999) == indices->year;
        indices->last = is_year && number > indices->last ? number : indices->last;
    }
}

int earlier_next_index(struct str *out, const struct earlier_question *question, struct str agency,
                       struct fault *fault)
{
    struct indices indices = {
        .prefix = agency, .year = question->site->as_of.year, .question = question};
    int rc = agency.n > 0 ? 0 : for_each(question, read_prefix, &indices, fault);
    indices.prefix = indices.prefix.n > 0 ? indices.prefix : indices.beside;
    if (rc == 0 && indices.prefix.n > 0) {
        rc = for_each(question, read_numbers, &indices, fault);
    }
    *out = indices.prefix.n == 0
               ? STR("")
               : arena_printf(question->arena, "%.*s/%04ld-%05ld", STR_ARG(indices.prefix),
                              indices.year, indices.last + 1);
    arena_free(&indices.scratch);
    return rc;
}
