#include "check/image.h"

#include <stdint.h>
#include <string.h>

enum {
    ENTRY_SIZE = 12,
    ENTRIES_MAX = 1000,
    DIRECTORIES_MAX = 8,
    BLOCKS_MAX = 64,
    VALUE_MAX = 4096,
    TAG_ARTIST = 0x013b,
    TAG_EXIF = 0x8769,
    TAG_GPS = 0x8825,
    TAG_AUTHOR = 0x9c9d, /* Windows */
    TAG_OWNER = 0xa430,
    TAG_BODY_SERIAL = 0xa431,
    TAG_LENS_SERIAL = 0xa435,
    TAG_LATITUDE = 2,
    TAG_LONGITUDE = 4
};

struct tiff {
    struct str bytes;
    bool is_big_endian;
    int directories; /* read so far: they may point at each other */
};

static uint32_t number_at(const struct tiff *tiff, size_t at, int size)
{
    uint32_t number = 0;
    for (int i = 0; i < size; i++) {
        size_t place = at + (size_t)(tiff->is_big_endian ? i : size - 1 - i);
        unsigned char c = place < tiff->bytes.n ? (unsigned char)tiff->bytes.p[place] : 0;
        number = number << 8 | c;
    }
    return number;
}

static void read_directory(struct image_facts *out, struct tiff *tiff, size_t at, bool is_gps);

static bool has_more_than(struct str value, unsigned char least)
{
    for (size_t i = 0; i < value.n; i++) {
        if ((unsigned char)value.p[i] > least) {
            return true;
        }
    }
    return false;
}

static struct str value_of(const struct tiff *tiff, size_t entry)
{
    static const unsigned char sizes[] = {0, 1, 1, 2, 4, 8};
    uint32_t type = number_at(tiff, entry + 2, 2), count = number_at(tiff, entry + 4, 4);
    size_t size = type < sizeof sizes ? sizes[type] : 1;
    size_t n = count > VALUE_MAX ? VALUE_MAX : count * size;
    size_t from = n <= 4 ? entry + 8 : number_at(tiff, entry + 8, 4);
    return str_slice(tiff->bytes, from, from + n);
}

/* An empty text, or blanks, says nothing. */
static bool has_text(const struct tiff *tiff, size_t entry)
{
    return has_more_than(value_of(tiff, entry), ' ');
}

/* Degrees are numbers: zeros alone say nothing. */
static bool has_degrees(const struct tiff *tiff, size_t entry)
{
    return has_more_than(value_of(tiff, entry), 0);
}

static void read_entry(struct image_facts *out, struct tiff *tiff, size_t entry, bool is_gps)
{
    uint32_t tag = number_at(tiff, entry, 2);
    if (is_gps) {
        bool is_place = tag == TAG_LATITUDE || tag == TAG_LONGITUDE;
        out->has_position = out->has_position || (is_place && has_degrees(tiff, entry));
        return;
    }
    if (tag == TAG_EXIF || tag == TAG_GPS) {
        read_directory(out, tiff, number_at(tiff, entry + 8, 4), tag == TAG_GPS);
    }
    bool is_owner = tag == TAG_ARTIST || tag == TAG_AUTHOR || tag == TAG_OWNER;
    bool is_serial = tag == TAG_BODY_SERIAL || tag == TAG_LENS_SERIAL;
    out->has_owner = out->has_owner || (is_owner && has_text(tiff, entry));
    out->has_serial = out->has_serial || (is_serial && has_text(tiff, entry));
}

static void read_directory(struct image_facts *out, struct tiff *tiff, size_t at, bool is_gps)
{
    if (tiff->directories++ >= DIRECTORIES_MAX || at < 8 || at >= tiff->bytes.n) {
        return;
    }
    uint32_t count = number_at(tiff, at, 2);
    for (uint32_t i = 0; i < count && i < ENTRIES_MAX; i++) {
        size_t entry = at + 2 + (size_t)i * ENTRY_SIZE;
        if (entry + ENTRY_SIZE > tiff->bytes.n) {
            return;
        }
        read_entry(out, tiff, entry, is_gps);
    }
    if (!is_gps) { /* the next page of a TIFF */
        read_directory(out, tiff, number_at(tiff, at + 2 + (size_t)count * ENTRY_SIZE, 4), false);
    }
}

static void read_tiff(struct image_facts *out, struct str bytes)
{
    bool is_big = str_starts(bytes, STR("MM"));
    if (!is_big && !str_starts(bytes, STR("II"))) {
        return;
    }
    struct tiff tiff = {.bytes = bytes, .is_big_endian = is_big};
    read_directory(out, &tiff, number_at(&tiff, 4, 4), false);
}

/* The first `needle` in `bytes` from `from` on; bytes.n where there is none. */
static size_t find(struct str bytes, size_t from, struct str needle)
{
    struct str rest = str_from(bytes, from);
    const char *at = rest.n == 0 ? NULL : memmem(rest.p, rest.n, needle.p, needle.n);
    return at == NULL ? bytes.n : (size_t)(at - bytes.p);
}

/* In segments of JPEG, items of HEIC, pictures within documents. */
static void read_exif_blocks(struct image_facts *out, struct str bytes)
{
    static const struct str mark = {"Exif\0\0", 6};
    size_t at = 0;
    for (int i = 0; i < BLOCKS_MAX && (at = find(bytes, at, mark)) < bytes.n; i++) {
        at += mark.n;
        read_tiff(out, str_from(bytes, at));
    }
}

static size_t big_endian(struct str s, size_t at, size_t size)
{
    const struct tiff reader = {.bytes = s, .is_big_endian = true};
    return number_at(&reader, at, (int)size);
}

/* A keyword, and text that may be packed: W3C's PNG, 11.3.3; a profile is written in digits. */
static void read_png_text(struct image_facts *out, struct str type, struct str chunk)
{
    ptrdiff_t end = str_find_char(chunk, '\0');
    struct str keyword = end < 0 ? chunk : str_slice(chunk, 0, (size_t)end);
    struct str text = str_from(chunk, keyword.n + 1);
    bool is_packed = str_equal(type, STR("zTXt")) || str_starts(keyword, STR("Raw profile")) ||
                     (str_equal(type, STR("iTXt")) && text.n > 0 && text.p[0] != '\0');
    out->has_unread = out->has_unread || is_packed;
    out->has_owner =
        out->has_owner || (str_equal(keyword, STR("Author")) && has_more_than(text, ' '));
}

static void read_png(struct image_facts *out, struct str bytes)
{
    for (size_t at = 8; at + 12 <= bytes.n;) {
        size_t size = big_endian(bytes, at, 4);
        struct str type = str_slice(bytes, at + 4, at + 8);
        struct str chunk = str_slice(bytes, at + 8, at + 8 + size);
        if (str_equal(type, STR("eXIf"))) {
            read_tiff(out, chunk);
        } else if (str_ends(type, STR("TXt")) || str_equal(type, STR("tEXt"))) {
            read_png_text(out, type, chunk);
        }
        at += 12 + size;
    }
}

static void read_webp(struct image_facts *out, struct str bytes)
{
    const struct tiff reader = {.bytes = bytes, .is_big_endian = false};
    for (size_t at = 12; at + 8 <= bytes.n;) {
        size_t size = number_at(&reader, at + 4, 4);
        if (str_starts(str_from(bytes, at), STR("EXIF"))) {
            read_tiff(out, str_slice(bytes, at + 8, at + 8 + size));
        }
        at += 8 + size + (size & 1);
    }
}

/* IPTC's Information Interchange Model: 2:80 is who took the picture, 2:118 whom to ask. */
static void read_iptc(struct image_facts *out, struct str bytes)
{
    enum { BY_LINE = 80, CONTACT = 118, SEGMENT_MAX = 65536 };
    static const struct str mark = {"8BIM\x04\x04", 6}, dataset = {"\x1c\x02", 2};
    size_t block = find(bytes, 0, mark);
    struct str part = str_slice(bytes, block, block + SEGMENT_MAX);
    for (size_t at = 0; (at = find(part, at, dataset)) + 5 <= part.n; at += 2) {
        unsigned char number = (unsigned char)part.p[at + 2];
        size_t size = big_endian(part, at + 3, 2);
        struct str value = str_slice(part, at + 5, at + 5 + size);
        out->has_owner = out->has_owner ||
                         ((number == BY_LINE || number == CONTACT) && has_more_than(value, ' '));
    }
}

static bool is_name_end(char c)
{
    return c == '=' || c == '>' || c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Behind the name of a property, as an attribute or an element: does it say anything? */
static bool has_xmp_value(struct str rest)
{
    struct str part = str_slice(rest, 0, 512);
    bool is_element = str_starts(part, STR(">"));
    size_t quotes = 0;
    for (size_t i = 0; i < part.n; i++) {
        unsigned char c = (unsigned char)part.p[i];
        if (is_element && c == '<') {
            ptrdiff_t end = str_find_char(str_from(part, i), '>');
            if (end < 0) {
                return false;
            }
            i += (size_t)end; /* rdf:Seq, rdf:li; behind the end there is only the next name */
            if (str_starts(str_from(part, i - (size_t)end), STR("</")) &&
                str_find(str_slice(part, i - (size_t)end, i), STR("rdf:")) < 0) {
                return false;
            }
        } else if (c > ' ' && c != '=' && c != '>' && c != '"' && c != '\'') {
            return true;
        } else if (!is_element && (c == '"' || c == '\'') && ++quotes > 1) {
            return false;
        }
    }
    return false;
}

/* By its own name: which prefix it has is the writer's choice. In UTF-16 the name alone counts. */
static bool has_xmp(struct str bytes, const char *name)
{
    struct str wanted = str_of(name);
    char wide[64] = {0};
    for (size_t i = 0; i < wanted.n && 2 * i + 1 < sizeof wide; i++) {
        wide[2 * i] = wanted.p[i];
    }
    for (size_t at = 0; (at = find(bytes, at, wanted)) < bytes.n; at += wanted.n) {
        size_t end = at + wanted.n;
        if (end < bytes.n && is_name_end(bytes.p[end]) && has_xmp_value(str_from(bytes, end))) {
            return true;
        }
    }
    return find(bytes, 0, (struct str){wide, 2 * wanted.n - 1}) < bytes.n;
}

static bool has_any_xmp(struct str bytes, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (has_xmp(bytes, names[i])) {
            return true;
        }
    }
    return false;
}

static const char *const places[] = {"GPSLatitude", "GPSLongitude", NULL};

void image_read(struct image_facts *out, struct str bytes)
{
    static const char *const owners[] = {":creator",    ":Artist",     "OwnerName", "CiTelWork",
                                         "CiAdrExtadr", "CiEmailWork", NULL};
    static const char *const serials[] = {"SerialNumber", NULL};
    *out = (struct image_facts){0};
    if (str_starts(bytes, (struct str){"\x89PNG\r\n\x1a\n", 8})) {
        read_png(out, bytes);
    } else if (str_starts(bytes, STR("RIFF")) && str_starts(str_from(bytes, 8), STR("WEBP"))) {
        read_webp(out, bytes);
    } else {
        read_tiff(out, bytes);
    }
    read_exif_blocks(out, bytes);
    read_iptc(out, bytes);
    out->has_position = out->has_position || has_any_xmp(bytes, places);
    out->has_owner = out->has_owner || has_any_xmp(bytes, owners);
    out->has_serial = out->has_serial || has_any_xmp(bytes, serials);
}

/* QuickTime's atom of a place, by ISO 6709: "+30.1234+104.1234/". */
static bool has_film_place(struct str bytes)
{
    static const struct str mark = {"\xa9xyz", 4};
    for (size_t at = 0; (at = find(bytes, at, mark)) < bytes.n; at += mark.n) {
        struct str value = str_slice(bytes, at + mark.n + 4, at + mark.n + 6);
        if (value.n == 2 && (value.p[0] == '+' || value.p[0] == '-') && value.p[1] >= '0' &&
            value.p[1] <= '9') {
            return true;
        }
    }
    return find(bytes, 0, STR("quicktime.location.ISO6709")) < bytes.n;
}

bool image_is_placed(struct str bytes)
{
    struct image_facts facts = {0};
    read_exif_blocks(&facts, bytes);
    return facts.has_position || has_any_xmp(bytes, places) || has_film_place(bytes);
}
