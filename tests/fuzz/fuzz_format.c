/*
 * The first byte says what the rest is taken for. Files are read strictly: whatever stands in one,
 * there is an answer. What a writer of ours makes of any text is read as it was meant.
 */
#include "base/utf8.h"
#include "format/format.h"
#include "format/ical.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_written(struct str text)
{
    struct buf out = BUF_EMPTY;
    struct format_fault fault;
    ical_line(&out, "BEGIN", STR("VCALENDAR"));
    ical_line(&out, "VERSION", STR("2.0"));
    ical_line(&out, "PRODID", STR("-//gongkai//gongkai//ZH"));
    ical_line(&out, "BEGIN", STR("VEVENT"));
    ical_line(&out, "UID", STR("a@b"));
    ical_line(&out, "DTSTAMP", STR("20260101T000000Z"));
    ical_line(&out, "DTSTART;VALUE=DATE", STR("20260101"));
    ical_text(&out, "SUMMARY", text);
    ical_line(&out, "END", STR("VEVENT"));
    ical_line(&out, "END", STR("VCALENDAR"));
    bool is_good = format_check(&fault, STR("calendar.ics"), buf_str(&out)) == 0;
    if (is_good != (text.n > 0 && utf8_find_invalid(text) < 0)) {
        abort();
    }
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const char *const files[] = {"calendar.ics", "csv-metadata.json",
                                        "data/datapackage.json", "data/catalog.jsonld"};
    struct str bytes = {(const char *)data, size};
    if (size == 0) {
        return 0;
    }
    size_t kind = data[0] % (sizeof files / sizeof files[0] + 1);
    bytes = str_from(bytes, 1);
    if (kind == 0) {
        check_written(bytes);
        return 0;
    }
    struct format_fault fault;
    int rc = format_check(&fault, str_of(files[kind - 1]), bytes);
    if ((rc != 0) != (fault.what[0] != '\0')) {
        abort();
    }
    return 0;
}
