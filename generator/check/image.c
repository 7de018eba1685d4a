#include "check/image.h"

#include <stdint.h>
#include <string.h>

enum {
    ENTRY_SIZE = 12,
    ENTRIES_MAX = 1000,
    DIRECTORIES_MAX = 8,
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

/* An empty text, or blanks, says nothing. */
static bool has_text(const struct tiff *tiff, size_t entry)
{
    static const unsigned char sizes[] = {0, 1, 1, 2, 4, 8};
    uint32_t type = number_at(tiff, entry + 2, 2), count = number_at(tiff, entry + 4, 4);
    size_t size = type < sizeof sizes ? sizes[type] : 1;
    size_t n = count > tiff->bytes.n ? tiff->bytes.n : count * size;
    size_t from = n <= 4 ? entry + 8 : number_at(tiff, entry + 8, 4);
    struct str value = str_slice(tiff->bytes, from, from + n);
    for (size_t i = 0; i < value.n; i++) {
        if ((unsigned char)value.p[i] > ' ') {
            return true;
        }
    }
    return false;
}

static void read_entry(struct image_facts *out, struct tiff *tiff, size_t entry, bool is_gps)
{
    uint32_t tag = number_at(tiff, entry, 2);
    if (is_gps) {
        out->has_position = out->has_position || ((tag == TAG_LATITUDE || tag == TAG_LONGITUDE) &&
                                                  has_text(tiff, entry));
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

static size_t big_endian(struct str s, size_t at, size_t size)
{
    const struct tiff reader = {.bytes = s, .is_big_endian = true};
    return number_at(&reader, at, (int)size);
}

static void read_exif(struct image_facts *out, struct str block)
{
    read_tiff(out, str_starts(block, (struct str){"Exif\0\0", 6}) ? str_from(block, 6) : block);
}

/* ISO/IEC 10918-1: segments until the picture itself begins. */
static void read_jpeg(struct image_facts *out, struct str bytes)
{
    for (size_t at = 2; at + 4 <= bytes.n && (unsigned char)bytes.p[at] == 0xff;) {
        unsigned char marker = (unsigned char)bytes.p[at + 1];
        if (marker == 0xff) {
            at++;
            continue;
        }
        if (marker == 0xda || marker == 0xd9) {
            return;
        }
        size_t size = big_endian(bytes, at + 2, 2);
        if (marker == 0xe1) {
            read_exif(out, str_slice(bytes, at + 4, at + 2 + size));
        }
        at += 2 + (size < 2 ? 2 : size);
    }
}

static void read_png(struct image_facts *out, struct str bytes)
{
    for (size_t at = 8; at + 12 <= bytes.n;) {
        size_t size = big_endian(bytes, at, 4);
        if (str_starts(str_from(bytes, at + 4), STR("eXIf"))) {
            read_exif(out, str_slice(bytes, at + 8, at + 8 + size));
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
            read_exif(out, str_slice(bytes, at + 8, at + 8 + size));
        }
        at += 8 + size + (size & 1);
    }
}

static bool holds(struct str bytes, const char *word)
{
    return bytes.n > 0 && memmem(bytes.p, bytes.n, word, strlen(word)) != NULL;
}

void image_read(struct image_facts *out, struct str bytes)
{
    *out = (struct image_facts){0};
    if (str_starts(bytes, (struct str){"\xff\xd8", 2})) {
        read_jpeg(out, bytes);
    } else if (str_starts(bytes, (struct str){"\x89PNG\r\n\x1a\n", 8})) {
        read_png(out, bytes);
    } else if (str_starts(bytes, STR("RIFF")) && str_starts(str_from(bytes, 8), STR("WEBP"))) {
        read_webp(out, bytes);
    } else {
        read_tiff(out, bytes);
    }
    out->has_position = out->has_position || holds(bytes, "exif:GPSLatitude");
    out->has_owner = out->has_owner || holds(bytes, "aux:OwnerName");
    out->has_serial = out->has_serial || holds(bytes, "aux:SerialNumber");
}
