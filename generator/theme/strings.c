#include "theme/program.h"

#include <stdio.h>
#include <string.h>

struct reader {
    struct theme *theme;
    struct language_strings *language;
    struct strings_file *file;
    struct diag *diag;
};

/* `at` points into the file's source. */
static void complain(struct reader *reader, enum diag_code code, const char *at,
                     struct diag_args args)
{
    const struct strings_file *file = reader->file;
    size_t offset = (size_t)(at - file->source.p);
    diag_add(reader->diag, code, diag_place_of(file->path, file->source, offset), args);
}

static bool is_key(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        bool is_good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '-' || c == '.';
        if (!is_good) {
            return false;
        }
    }
    return key.n > 0;
}

/* The text with \n and \\ made what they stand for. */
static struct str unescape(struct reader *reader, struct str text)
{
    if (str_find_char(text, '\\') < 0) {
        return text;
    }
    char *p = arena_alloc(&reader->theme->arena, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        bool is_escape = text.p[i] == '\\';
        char next = is_escape && i + 1 < text.n ? text.p[i + 1] : '\0';
        if (is_escape && next != 'n' && next != '\\') {
            complain(reader, DIAG_STRING_ESCAPE_BAD, text.p + i, DIAG_PLAIN);
        }
        i += next == 'n' || next == '\\';
        p[n++] = next == 'n' ? '\n' : text.p[i];
    }
    return (struct str){p, n};
}

/* Makes room for key number `number`. */
static void reserve(struct reader *reader, size_t number)
{
    struct language_strings *language = reader->language;
    if (number < language->count) {
        return;
    }
    size_t count = language->count == 0 ? 256 : language->count * 2;
    count = count > number ? count : number + 1;
    struct string **strings = arena_array(&reader->theme->arena, count, sizeof *strings);
    if (language->count > 0) {
        memcpy(strings, language->strings, language->count * sizeof *strings);
    }
    language->strings = strings;
    language->count = count;
}

static void complain_twice(struct reader *reader, struct str key, const struct string *first)
{
    char line[24];
    int number = diag_place_of(first->file->path, first->file->source, first->offset).line;
    snprintf(line, sizeof line, "%d", number);
    complain(reader, DIAG_STRING_TWICE, key.p, DIAG_WITH(key, first->file->path, str_of(line)));
}

static void add_string(struct reader *reader, struct str key, struct str text)
{
    struct theme *theme = reader->theme;
    size_t number = names_add(&theme->arena, &theme->string_keys, key);
    reserve(reader, number);
    struct string **slot = &reader->language->strings[number];
    if (*slot != NULL) {
        complain_twice(reader, key, *slot);
        return;
    }
    struct string *string = arena_alloc(&theme->arena, sizeof *string);
    string->text = unescape(reader, text);
    string->file = reader->file;
    string->offset = (uint32_t)(key.p - reader->file->source.p);
    string->value = (struct value){.kind = VALUE_STRING, .string = string};
    if (!program_compile_string(theme, string)) {
        complain(reader, DIAG_STRING_TAG_BAD, text.p, DIAG_WITH(key));
    }
    *slot = string;
}

static void read_line(struct reader *reader, struct str line)
{
    struct str trimmed = str_trim(line);
    if (trimmed.n == 0 || trimmed.p[0] == '#') {
        return;
    }
    ptrdiff_t equals = str_find_char(trimmed, '=');
    if (equals < 0) {
        complain(reader, DIAG_STRING_LINE_BAD, trimmed.p, DIAG_PLAIN);
        return;
    }
    struct str key = str_trim(str_slice(trimmed, 0, (size_t)equals));
    struct str text = str_from(trimmed, (size_t)equals + 1);
    while (text.n > 0 && (text.p[0] == ' ' || text.p[0] == '\t')) {
        text = str_from(text, 1);
    }
    if (!is_key(key)) {
        complain(reader, DIAG_STRING_KEY_BAD, trimmed.p, DIAG_WITH(key));
        return;
    }
    add_string(reader, key, text);
}

static struct language_strings *language_of(struct theme *theme, struct str name)
{
    for (size_t i = 0; i < theme->language_count; i++) {
        if (str_equal(theme->languages[i].name, name)) {
            return &theme->languages[i];
        }
    }
    theme->languages = arena_grow(&theme->arena, theme->languages, theme->language_count,
                                  sizeof *theme->languages);
    struct language_strings *language = &theme->languages[theme->language_count++];
    *language = (struct language_strings){.name = arena_copy(&theme->arena, name)};
    return language;
}

void theme_add_strings(struct theme *theme, struct str language, struct str path, struct str bytes,
                       struct diag *diag)
{
    struct strings_file *file = arena_alloc(&theme->arena, sizeof *file);
    file->path = arena_copy(&theme->arena, path);
    struct reader reader = {
        .theme = theme, .language = language_of(theme, language), .file = file, .diag = diag};
    if (!theme_check_bytes(&bytes, path, diag)) {
        return;
    }
    file->source = arena_copy(&theme->arena, bytes);
    diag_set_source(diag, file->path, file->source);
    struct str rest = file->source, line;
    while (str_cut(&line, &rest, '\n')) {
        read_line(&reader, line);
    }
    diag_set_source(diag, STR(""), STR(""));
}

const struct language_strings *theme_find_language(const struct theme *theme, struct str name)
{
    for (size_t i = 0; i < theme->language_count; i++) {
        if (str_equal(theme->languages[i].name, name)) {
            return &theme->languages[i];
        }
    }
    return NULL;
}

const struct string *theme_find_string(const struct language_strings *language, size_t key)
{
    return language != NULL && key < language->count ? language->strings[key] : NULL;
}

void theme_visit_strings(const struct theme *theme,
                         void (*visit)(void *context, struct str language, struct str key,
                                       struct str text),
                         void *context)
{
    for (size_t i = 0; i < theme->language_count; i++) {
        const struct language_strings *language = &theme->languages[i];
        for (size_t key = 0; key < theme->string_keys.count; key++) {
            const struct string *string = theme_find_string(language, key);
            if (string != NULL) {
                visit(context, language->name, theme->string_keys.all[key], string->text);
            }
        }
    }
}
