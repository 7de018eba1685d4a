/*
 * The bytes are orders to the XML writer: each begins with a byte that says what to do, and one
 * that says how much text follows. Whatever is asked for, the result is a fault or a document
 * that says exactly that.
 */
#include "base/utf8.h"
#include "xml/record.h"
#include "xml/xml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static struct str take(struct str *rest)
{
    size_t n = rest->n > 0 ? (unsigned char)rest->p[0] : 0;
    struct str text = str_slice(*rest, 1, 1 + n);
    *rest = str_from(*rest, 1 + n);
    return text;
}

static void obey(struct xml *xml, unsigned char order, struct str text)
{
    static const char *const names[] = {"a", "b:c", "d", "xmlns:b"};
    const char *name = names[order >> 4 & 3];
    switch (order & 7) {
    case 0:
    case 1:
        xml_start(xml, name);
        break;
    case 2:
        xml_attribute(xml, name, text);
        break;
    case 3:
        xml_instruction(xml, name, text);
        break;
    case 4:
        xml_element(xml, name, text);
        break;
    case 5:
        xml_text(xml, text);
        break;
    default:
        xml_end(xml);
    }
}

/* By the library; and where our own reading takes it too, that finds the same. */
static bool can_be_read(struct str document)
{
    struct record read, scanned;
    bool is_good = record_read(&read, document) && utf8_find_invalid(document) < 0;
    if (record_scan(&scanned, document)) {
        is_good = is_good && record_equal(&read, &scanned);
    }
    record_free(&read);
    record_free(&scanned);
    return is_good;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct xml *xml = xml_new();
    while (rest.n > 0) {
        unsigned char order = (unsigned char)rest.p[0];
        rest = str_from(rest, 1);
        obey(xml, order, take(&rest));
    }
    struct buf out = BUF_EMPTY;
    struct fault fault = {.text = ""};
    int rc = xml_finish(xml, &out, &fault);
    bool is_good = rc == 0 ? can_be_read(buf_str(&out)) : out.n == 0 && fault.text[0] != '\0';
    if (!is_good) {
        abort();
    }
    buf_free(&out);
    return 0;
}
