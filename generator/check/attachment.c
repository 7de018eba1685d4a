#include "check/attachment.h"

#include "check/image.h"
#include "record/text.h"

/* Adding a type is adding a row. HTML and SVG may hold programs, an archive any file: not here. */
static const struct type {
    struct str end;
    enum attachment_kind kind;
} types[] = {
    {{".txt", 4}, ATTACHMENT_TEXT},     {{".csv", 4}, ATTACHMENT_TEXT},
    {{".tsv", 4}, ATTACHMENT_TEXT},     {{".json", 5}, ATTACHMENT_TEXT},
    {{".geojson", 8}, ATTACHMENT_TEXT}, {{".xml", 4}, ATTACHMENT_TEXT},
    {{".ics", 4}, ATTACHMENT_TEXT},     {{".yml", 4}, ATTACHMENT_TEXT},
    {{".yaml", 5}, ATTACHMENT_TEXT},    {{".png", 4}, ATTACHMENT_IMAGE},
    {{".jpg", 4}, ATTACHMENT_IMAGE},    {{".jpeg", 5}, ATTACHMENT_IMAGE},
    {{".webp", 5}, ATTACHMENT_IMAGE},   {{".gif", 4}, ATTACHMENT_IMAGE},
    {{".tif", 4}, ATTACHMENT_IMAGE},    {{".tiff", 5}, ATTACHMENT_IMAGE},
    {{".pdf", 4}, ATTACHMENT_OPAQUE},   {{".ofd", 4}, ATTACHMENT_OPAQUE},
    {{".doc", 4}, ATTACHMENT_OPAQUE},   {{".docx", 5}, ATTACHMENT_OPAQUE},
    {{".xls", 4}, ATTACHMENT_OPAQUE},   {{".xlsx", 5}, ATTACHMENT_OPAQUE},
    {{".ppt", 4}, ATTACHMENT_OPAQUE},   {{".pptx", 5}, ATTACHMENT_OPAQUE},
    {{".odt", 4}, ATTACHMENT_OPAQUE},   {{".ods", 4}, ATTACHMENT_OPAQUE},
    {{".odp", 4}, ATTACHMENT_OPAQUE},   {{".wps", 4}, ATTACHMENT_OPAQUE},
    {{".et", 3}, ATTACHMENT_OPAQUE},    {{".mp3", 4}, ATTACHMENT_OPAQUE},
    {{".m4a", 4}, ATTACHMENT_OPAQUE},   {{".mp4", 4}, ATTACHMENT_OPAQUE},
};

enum attachment_kind attachment_kind(struct str path)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_ends_nocase(path, types[i].end)) {
            return types[i].kind;
        }
    }
    return ATTACHMENT_UNLISTED;
}

bool attachment_is_listed(struct str path, bool is_free)
{
    static const struct str programs[] = {{".html", 5},  {".htm", 4}, {".xhtml", 6}, {".xht", 4},
                                          {".js", 3},    {".mjs", 4}, {".cgi", 4},   {".php", 4},
                                          {".shtml", 6}, {".swf", 4}, {".svg", 4},   {".svgz", 5}};
    for (size_t i = 0; is_free && i < sizeof programs / sizeof programs[0]; i++) {
        if (str_ends_nocase(path, programs[i])) {
            return false;
        }
    }
    return is_free || attachment_kind(path) != ATTACHMENT_UNLISTED;
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

/* The path that a map of an attestation names stands among the record's links, at its place. */
static bool names_file(const struct record *record, const struct record_value *map, struct str path)
{
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        const struct place *place = &map->items[i].place;
        bool is_file = str_equal(map->items[i].key, STR("file"));
        for (size_t k = 0; is_file && k < record->link_count; k++) {
            const struct record_link *link = &record->links[k];
            if (link->place.line == place->line && link->place.column == place->column &&
                str_equal(link->target, path)) {
                return true;
            }
        }
    }
    return false;
}

/* Does somebody vouch by name for the file, and say why? */
static bool is_attested(const struct attachment_input *input)
{
    const struct record_field *field = record_field(input->record, STR("attestations"));
    for (size_t i = 0; field != NULL && field->value != NULL && i < field->value->count; i++) {
        const struct record_value *map = field->value->items[i].value;
        if (names_file(input->record, map, input->path) && value_of(map, STR("by")).n > 0 &&
            value_of(map, STR("reason")).n > 0) {
            return true;
        }
    }
    return false;
}

static void check_image(const struct attachment_input *input, struct diag *diag)
{
    struct image_facts facts;
    image_read(&facts, input->bytes);
    if (facts.has_position) {
        diag_add(diag, DIAG_IMAGE_POSITION, input->place, DIAG_WITH(input->path));
    }
    if (facts.has_owner || facts.has_serial) {
        diag_add(diag, DIAG_IMAGE_OWNER, input->place, DIAG_WITH(input->path));
    }
    if (facts.has_unread) {
        diag_add(diag, DIAG_IMAGE_UNREAD, input->place, DIAG_WITH(input->path));
    }
}

/* A picture may be called a.txt. */
static bool is_text(const struct attachment_input *input)
{
    struct diag found = {0};
    text_read(input->arena, input->path, input->bytes, &found);
    bool is_text = true;
    for (size_t i = 0; i < found.count; i++) {
        enum diag_code code = found.entries[i].code;
        is_text = is_text && code != DIAG_TEXT_NOT_UTF8 && code != DIAG_TEXT_UTF16 &&
                  code != DIAG_TEXT_CONTROL;
    }
    diag_free(&found);
    return is_text;
}

void check_attachment(struct check *check, const struct attachment_input *input, struct diag *diag)
{
    enum attachment_kind kind = attachment_kind(input->path);
    if (kind == ATTACHMENT_TEXT) {
        check_file(check, input->record, input->arena, input->path, input->bytes, diag);
        if (is_text(input)) {
            return;
        }
        kind = ATTACHMENT_OPAQUE;
    } else if (kind != ATTACHMENT_UNLISTED) {
        check_bytes(check, input->record, input->arena, input->path, input->bytes, diag);
    }
    if (kind == ATTACHMENT_IMAGE) {
        check_image(input, diag);
    } else if (kind == ATTACHMENT_OPAQUE && image_is_placed(input->bytes)) {
        diag_add(diag, DIAG_MEDIA_POSITION, input->place, DIAG_WITH(input->path));
    }
    if (kind != ATTACHMENT_UNLISTED && !diag->is_lenient && !is_attested(input)) {
        diag_add(diag, DIAG_ATTACHMENT_UNATTESTED, input->place, DIAG_WITH(input->path));
    }
}
