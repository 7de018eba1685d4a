#include "store/fts_varint.h"

#include <string.h>

size_t fts_varint_put_long(unsigned char *out, uint64_t value)
{
    unsigned char bytes[FTS_VARINT_SIZE];
    size_t at = FTS_VARINT_SIZE;
    if (value >> 56 != 0) { /* the last of nine bytes holds eight bits */
        bytes[--at] = (unsigned char)value;
        value >>= 8;
        while (at > 0) {
            bytes[--at] = (unsigned char)(value | 0x80);
            value >>= 7;
        }
    } else {
        bytes[--at] = (unsigned char)(value & 0x7f);
        for (value >>= 7; value > 0; value >>= 7) {
            bytes[--at] = (unsigned char)(value | 0x80);
        }
    }
    memcpy(out, bytes + at, FTS_VARINT_SIZE - at);
    return FTS_VARINT_SIZE - at;
}

size_t fts_varint_get_long(const unsigned char *p, const unsigned char *end, uint64_t *out)
{
    uint64_t value = 0;
    size_t room = (size_t)(end - p);
    for (size_t i = 0; i < room && i < FTS_VARINT_SIZE; i++) {
        if (i == FTS_VARINT_SIZE - 1) {
            *out = value << 8 | p[i];
            return FTS_VARINT_SIZE;
        }
        value = value << 7 | (p[i] & 0x7f);
        if (p[i] < 0x80) {
            *out = value;
            return i + 1;
        }
    }
    return 0;
}
