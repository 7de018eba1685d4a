#include "base/diag.h"

#include "base/json.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static const struct diag_row {
    const char *code;
    enum diag_level level;
    const char *message[2], *hint[2]; /* by language */
} rows[] = {
#define DIAG(name, code, level, zh, en, hint_zh, hint_en)                                          \
    {code, DIAG_LEVEL_##level, {zh, en}, {hint_zh, hint_en}},
#include "base/diag.def"
#undef DIAG
};

enum { DIAG_LINE_MAX = 100000 }; /* characters of a line that are looked at */

static const char *const level_names[] = {"error", "warning", "note"};

void diag_set_source(struct diag *diag, struct str path, struct str bytes)
{
    diag->source_path = path;
    diag->source = bytes;
}

static struct str line_of(struct str source, int line)
{
    struct str text = {NULL, 0};
    for (int i = 0; i < line; i++) {
        if (!str_cut(&text, &source, '\n')) {
            return (struct str){NULL, 0};
        }
    }
    return str_ends(text, STR("\r")) ? str_slice(text, 0, text.n - 1) : text;
}

/* A copy fit to be shown on a terminal: no controls, no bidi, no invalid bytes. */
static struct str copy_clean(struct arena *arena, struct str s)
{
    struct buf clean = BUF_EMPTY;
    while (s.n > 0) {
        uint32_t c;
        size_t n = utf8_decode(&c, s);
        if (n == 0 || c < 0x20 || utf8_is_control(c) || utf8_is_bidi(c)) {
            buf_add_char(&clean, n > 0 && c == '\t' ? ' ' : '?');
        } else {
            buf_add(&clean, str_slice(s, 0, n));
        }
        s = str_from(s, n == 0 ? 1 : n);
    }
    struct str copy = arena_copy(arena, buf_str(&clean));
    buf_free(&clean);
    return copy;
}

/* How many bytes before `at` take at most `width` columns. */
static size_t bytes_before(struct str line, size_t at, size_t width)
{
    size_t begin = at;
    while (begin > 0) {
        size_t back = begin - 1;
        while (back > 0 && ((unsigned char)line.p[back] & 0xc0) == 0x80) {
            back--;
        }
        if (utf8_width(str_slice(line, back, at)) > width) {
            break;
        }
        begin = back;
    }
    return at - begin;
}

/* How many bytes from `at` on take at most `width` columns. */
static size_t bytes_behind(struct str line, size_t at, size_t width)
{
    size_t end = at, taken = 0;
    while (end < line.n) {
        uint32_t c;
        size_t n = utf8_decode(&c, str_from(line, end));
        n = n == 0 ? 1 : n;
        taken += utf8_width(str_slice(line, end, end + n));
        if (taken > width) {
            break;
        }
        end += n;
    }
    return end - at;
}

/* Quotes the line, of one that is too long for a terminal what stands around the column. */
static void quote(struct diag *diag, struct diag_entry *entry, struct str line)
{
    struct arena scratch = {0};
    struct str clean = copy_clean(&scratch, utf8_first(line, DIAG_LINE_MAX));
    size_t column = entry->place.column > 0 ? (size_t)entry->place.column - 1 : 0;
    entry->line_column = entry->place.column;
    if (utf8_width(clean) <= DIAG_QUOTE_WIDTH) {
        entry->line_text = arena_copy(&diag->arena, clean);
        arena_free(&scratch);
        return;
    }
    size_t at = utf8_first(clean, column).n;
    size_t behind = bytes_behind(clean, at, DIAG_QUOTE_WIDTH / 2);
    size_t room = DIAG_QUOTE_WIDTH - utf8_width(str_slice(clean, at, at + behind));
    size_t before = bytes_before(clean, at, room);
    struct str begun = str_from(clean, at - before);
    struct str part = str_slice(begun, 0, bytes_behind(begun, 0, DIAG_QUOTE_WIDTH));
    bool is_cut = at > before;
    bool is_open = at - before + part.n < clean.n;
    entry->line_text = arena_printf(&diag->arena, "%s%.*s%s", is_cut ? "…" : "", STR_ARG(part),
                                    is_open ? "…" : "");
    if (entry->place.column > 0) {
        entry->line_column = (int)utf8_length(str_slice(begun, 0, before)) + 1 + is_cut;
    }
    arena_free(&scratch);
}

/* Personal data stays in sight even where nothing is refused. */
static enum diag_level lenient_level(enum diag_code code)
{
    bool is_personal = code == DIAG_PERSONAL_IDENTITY || code == DIAG_PERSONAL_MOBILE ||
                       code == DIAG_PERSONAL_CARD || code == DIAG_PERSONAL_OUTPUT ||
                       code == DIAG_PUSHED_PERSONAL || code == DIAG_PUSHED_MESSAGE ||
                       code == DIAG_PUSHED_AUTHOR;
    return is_personal ? DIAG_LEVEL_WARNING : DIAG_LEVEL_NOTE;
}

void diag_quote(struct diag *diag, struct str path, struct str bytes)
{
    for (size_t i = 0; i < diag->count; i++) {
        struct diag_entry *entry = &diag->entries[i];
        if (entry->line_text.n > 0 && str_equal(entry->place.path, path)) {
            quote(diag, entry, line_of(bytes, entry->place.line));
        }
    }
    if (str_equal(diag->source_path, path)) {
        diag->source = bytes;
    }
}

void diag_quote_other(struct diag *diag, struct str path, struct str bytes)
{
    for (size_t i = 0; i < diag->count; i++) {
        struct diag_entry *entry = &diag->entries[i];
        if (entry->line_text.n == 0 && entry->place.line > 0 &&
            str_equal(entry->place.path, path)) {
            quote(diag, entry, line_of(bytes, entry->place.line));
        }
    }
}

/* Fills `out` with copies, each made by `copy`. */
static void copy_args(struct diag_args *out, struct arena *arena, const struct diag_args *args,
                      struct str (*copy)(struct arena *arena, struct str s))
{
    for (size_t i = 0; i < DIAG_ARGS_MAX; i++) {
        out->v[i] = copy(arena, args->v[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        out->law[i] = copy(arena, args->law[i]);
    }
}

/*
 * Where one more is kept. Counts it; NULL past the limit, but an error takes the place of the last
 * one that is none: whoever sees the list must not look for it in vain.
 */
static struct diag_entry *take_entry(struct diag *diag, enum diag_level level)
{
    bool is_error = level == DIAG_LEVEL_ERROR;
    diag->error_count += is_error;
    if (diag->count < DIAG_LIMIT) {
        diag->entries = arena_grow(&diag->arena, diag->entries, diag->count, sizeof *diag->entries);
        return &diag->entries[diag->count++];
    }
    diag->left_out++;
    for (size_t i = is_error && !diag->is_all_errors ? diag->count : 0; i > 0; i--) {
        if (diag->entries[i - 1].level != DIAG_LEVEL_ERROR) {
            return &diag->entries[i - 1];
        }
    }
    diag->is_all_errors = diag->is_all_errors || is_error;
    return NULL;
}

void diag_add(struct diag *diag, enum diag_code code, struct place place, struct diag_args args)
{
    enum diag_level level = rows[code].level;
    if (level == DIAG_LEVEL_ERROR && diag->is_lenient) {
        level = lenient_level(code);
    }
    diag_add_at(diag, code, level, place, args);
}

void diag_add_at(struct diag *diag, enum diag_code code, enum diag_level level, struct place place,
                 struct diag_args args)
{
    struct diag_entry *entry = take_entry(diag, level);
    if (entry == NULL) {
        return;
    }
    *entry = (struct diag_entry){.code = code, .level = level, .place = place};
    entry->place.path = copy_clean(&diag->arena, place.path);
    copy_args(&entry->args, &diag->arena, &args, copy_clean);
    if (place.line > 0 && str_equal(place.path, diag->source_path)) {
        quote(diag, entry, line_of(diag->source, place.line));
    }
}

void diag_merge(struct diag *into, struct diag *from)
{
    for (size_t i = 0; i < from->count; i++) {
        struct diag_entry *entry = &from->entries[i];
        struct diag_entry *copy = take_entry(into, entry->level);
        if (copy == NULL) {
            continue;
        }
        *copy = *entry;
        copy->place.path = arena_copy(&into->arena, entry->place.path);
        copy->line_text = arena_copy(&into->arena, entry->line_text);
        copy_args(&copy->args, &into->arena, &entry->args, arena_copy);
    }
    into->left_out += from->left_out;
    bool was_lenient = from->is_lenient;
    diag_free(from);
    from->is_lenient = was_lenient;
}

void diag_adopt(struct diag *into, struct diag *from)
{
    for (size_t i = 0; into->is_lenient && i < from->count; i++) {
        if (from->entries[i].level == DIAG_LEVEL_ERROR) {
            from->entries[i].level = lenient_level(from->entries[i].code);
        }
    }
    diag_merge(into, from);
}

void diag_keep_near(struct diag *diag, const struct set *paths)
{
    size_t kept = 0;
    for (size_t i = 0; i < diag->count; i++) {
        const struct diag_entry *entry = &diag->entries[i];
        if (entry->level == DIAG_LEVEL_ERROR || set_has(paths, entry->place.path)) {
            diag->entries[kept++] = *entry;
        }
    }
    diag->count = kept;
}

static int compare_entries(const void *a, const void *b)
{
    const struct diag_entry *x = a, *y = b;
    int order = str_compare(x->place.path, y->place.path);
    if (order == 0) {
        order = x->place.line - y->place.line;
    }
    if (order == 0) {
        order = x->place.column - y->place.column;
    }
    return order != 0 ? order : (int)x->code - (int)y->code;
}

void diag_sort(struct diag *diag)
{
    if (diag->count > 1) {
        qsort(diag->entries, diag->count, sizeof *diag->entries, compare_entries);
    }
}

struct place diag_place_of(struct str path, struct str source, size_t offset)
{
    struct str before = str_slice(source, 0, offset);
    struct place place = {.path = path, .line = 1};
    for (ptrdiff_t end; (end = str_find_char(before, '\n')) >= 0; place.line++) {
        before = str_from(before, (size_t)end + 1);
    }
    place.column = (int)utf8_length(before) + 1;
    return place;
}

static void write_template(struct buf *out, const char *text, const struct diag_args *args,
                           enum language language)
{
    for (; *text != '\0'; text++) {
        bool is_tag = text[0] == '{' && text[1] != '\0' && text[2] == '}';
        if (is_tag && text[1] >= '1' && text[1] < '1' + DIAG_ARGS_MAX) {
            buf_add(out, args->v[text[1] - '1']);
            text += 2;
        } else if (is_tag && text[1] == 'L') {
            buf_add(out, args->law[language]);
            text += 2;
        } else {
            buf_add_char(out, *text);
        }
    }
}

static void write_place(struct buf *out, const struct place *place)
{
    buf_add(out, place->path);
    if (place->line > 0) {
        buf_printf(out, ":%d", place->line);
        if (place->column > 0) {
            buf_printf(out, ":%d", place->column);
        }
    }
    if (place->path.n > 0) {
        buf_add(out, STR(": "));
    }
}

static void write_caret(struct buf *out, const struct diag_entry *entry)
{
    if (entry->line_text.n == 0) {
        return;
    }
    buf_add(out, STR("  | "));
    buf_add(out, entry->line_text);
    buf_add_char(out, '\n');
    if (entry->line_column > 0) {
        struct str before = utf8_first(entry->line_text, (size_t)entry->line_column - 1);
        buf_printf(out, "  | %*s^\n", (int)utf8_width(before), "");
    }
}

static void write_entry(struct buf *out, const struct diag_entry *entry, enum language language)
{
    const struct diag_row *row = &rows[entry->code];
    write_place(out, &entry->place);
    buf_printf(out, "%s[%s]: ", level_names[entry->level], row->code);
    write_template(out, row->message[language], &entry->args, language);
    buf_add_char(out, '\n');
    write_caret(out, entry);
    if (row->hint[language][0] != '\0') {
        buf_add_text(out, language == LANGUAGE_ZH ? "  = 改法：" : "  = help: ");
        write_template(out, row->hint[language], &entry->args, language);
        buf_add_char(out, '\n');
    }
}

void diag_write_text(struct buf *out, struct diag *diag, enum language language)
{
    static const enum diag_level order[] = {DIAG_LEVEL_NOTE, DIAG_LEVEL_WARNING, DIAG_LEVEL_ERROR};
    diag_sort(diag);
    if (diag->left_out > 0) {
        buf_printf(out, language == LANGUAGE_ZH ? "还有 %zu 处，未列出\n" : "%zu more left out\n",
                   diag->left_out);
    }
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        for (size_t i = 0; i < diag->count; i++) {
            if (diag->entries[i].level == order[k]) {
                write_entry(out, &diag->entries[i], language);
            }
        }
    }
}

/* The files that have errors, in order; more than a few are only counted. */
static void write_files(struct buf *out, const struct diag *diag, bool is_zh)
{
    struct str last = {NULL, 0};
    size_t files = 0;
    for (size_t i = 0; i < diag->count; i++) {
        const struct diag_entry *entry = &diag->entries[i];
        bool is_other = files == 0 || !str_equal(entry->place.path, last);
        if (entry->level != DIAG_LEVEL_ERROR || entry->place.path.n == 0 || !is_other) {
            continue;
        }
        last = entry->place.path;
        files++;
        if (files <= DIAG_SUMMARY_FILES) {
            buf_add_text(out, files > 1 ? (is_zh ? "、" : ", ") : is_zh ? "（" : " (");
            buf_add(out, entry->place.path);
        }
    }
    if (files > DIAG_SUMMARY_FILES) {
        buf_printf(out, is_zh ? "等 %zu 个文件" : " and others, %zu files", files);
    }
    buf_add_text(out, files == 0 ? "" : is_zh ? "）" : ")");
}

void diag_write_summary(struct buf *out, struct diag *diag, enum language language)
{
    bool is_zh = language == LANGUAGE_ZH;
    size_t warnings = 0;
    diag_sort(diag);
    for (size_t i = 0; i < diag->count; i++) {
        warnings += diag->entries[i].level == DIAG_LEVEL_WARNING;
    }
    buf_printf(out, is_zh ? "%zu 处错误" : "%zu errors", diag->error_count);
    write_files(out, diag, is_zh);
    if (warnings > 0) {
        buf_printf(out, is_zh ? "；%zu 处警告，不妨碍发布" : "; %zu warnings, which hinder nothing",
                   warnings);
    }
}

static void write_json_text(struct json *json, const char *template, const struct diag_args *args,
                            enum language language)
{
    struct buf text = BUF_EMPTY;
    write_template(&text, template, args, language);
    json_str(json, buf_str(&text));
    buf_free(&text);
}

void diag_write_json(struct buf *out, struct diag *diag, enum language language)
{
    struct json json = {.buf = out};
    diag_sort(diag);
    json_open(&json, '[');
    for (size_t i = 0; i < diag->count; i++) {
        const struct diag_entry *entry = &diag->entries[i];
        json_open(&json, '{');
        json_key(&json, "path");
        json_str(&json, entry->place.path);
        json_key(&json, "line");
        json_int(&json, entry->place.line);
        json_key(&json, "column");
        json_int(&json, entry->place.column);
        json_key(&json, "level");
        json_str(&json, str_of(level_names[entry->level]));
        json_key(&json, "code");
        json_str(&json, str_of(rows[entry->code].code));
        json_key(&json, "text");
        write_json_text(&json, rows[entry->code].message[language], &entry->args, language);
        json_key(&json, "hint");
        write_json_text(&json, rows[entry->code].hint[language], &entry->args, language);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    buf_add_char(out, '\n');
}

const char *diag_code_text(enum diag_code code)
{
    return rows[code].code;
}

enum diag_level diag_code_level(enum diag_code code)
{
    return rows[code].level;
}

const char *diag_message(enum diag_code code, enum language language)
{
    return rows[code].message[language];
}

const char *diag_hint(enum diag_code code, enum language language)
{
    return rows[code].hint[language];
}

void diag_free(struct diag *diag)
{
    arena_free(&diag->arena);
    *diag = (struct diag){0};
}
