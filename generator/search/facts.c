#include "search/facts.h"

#include "base/date.h"

static void put(unsigned char *out, size_t bytes, uint32_t value)
{
    uint32_t most = bytes < sizeof(most) ? ((uint32_t)1 << (bytes * 8)) - 1 : UINT32_MAX;
    value = value < most ? value : most;
    for (size_t i = bytes; i > 0; i--) {
        out[i - 1] = (unsigned char)(value & 0xff);
        value >>= 8;
    }
}

void facts_write(unsigned char out[FACTS_BYTES], const struct facts *facts)
{
    put(out, 3, facts->date);
    put(out + 3, 3, facts->words);
    put(out + 6, 2, facts->org);
    put(out + 8, 2, facts->item);
    put(out + 10, 1, facts->kind);
    put(out + 11, 3, facts->notice_start);
    put(out + 14, 2, facts->notice_days);
}

static uint32_t get2(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static uint32_t get3(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
}

void facts_read(struct facts *out, const unsigned char bytes[FACTS_BYTES])
{
    *out = (struct facts){
        .date = get3(bytes),
        .words = get3(bytes + 3),
        .org = get2(bytes + 6),
        .item = get2(bytes + 8),
        .kind = bytes[10],
        .notice_start = get3(bytes + 11),
        .notice_days = get2(bytes + 14),
    };
}

uint32_t facts_date(struct str iso)
{
    struct date date;
    return date_parse(&date, iso)
               ? (uint32_t)date.year << 9 | (uint32_t)date.month << 5 | (uint32_t)date.day
               : 0;
}

uint32_t facts_day(struct str iso)
{
    static const struct date first = {1, 1, 1};
    struct date date;
    return date_parse(&date, iso) ? (uint32_t)(date_to_days(date) - date_to_days(first) + 1) : 0;
}

void facts_set_notice(struct facts *facts, struct str start, struct str end)
{
    uint32_t first = facts_day(start), last = facts_day(end);
    bool is_notice = first > 0 && last >= first;
    facts->notice_start = is_notice ? first : 0;
    facts->notice_days = is_notice ? last - first : 0;
}
