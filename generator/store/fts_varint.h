/*
 * fts_varint: SQLite's numbers of variable length, as FTS5 writes them. For store/ only.
 *
 * One to nine bytes, seven bits each, the highest first, every byte but the last with its top bit
 * set; a ninth byte holds eight bits.
 */
#ifndef STORE_FTS_VARINT_H
#define STORE_FTS_VARINT_H

#include <stddef.h>
#include <stdint.h>

enum { FTS_VARINT_SIZE = 9 /* bytes at most */ };

/* The general case of the two below. */
size_t fts_varint_put_long(unsigned char *out, uint64_t value);
size_t fts_varint_get_long(const unsigned char *p, const unsigned char *end, uint64_t *out);

/* Writes `value`; the number of bytes that it took. */
static inline size_t fts_varint_put(unsigned char *out, uint64_t value)
{
    if (value < 0x80) {
        out[0] = (unsigned char)value;
        return 1;
    }
    if (value < 0x4000) {
        out[0] = (unsigned char)(value >> 7 | 0x80);
        out[1] = (unsigned char)(value & 0x7f);
        return 2;
    }
    return fts_varint_put_long(out, value);
}

/* Reads one; the number of bytes that it took, or 0 where the bytes end inside it. */
static inline size_t fts_varint_get(const unsigned char *p, const unsigned char *end, uint64_t *out)
{
    if (p < end && *p < 0x80) {
        *out = *p;
        return 1;
    }
    if (end - p >= 2 && p[1] < 0x80) {
        *out = (uint64_t)(p[0] & 0x7f) << 7 | p[1];
        return 2;
    }
    return fts_varint_get_long(p, end, out);
}

#endif
