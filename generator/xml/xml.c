#include "xml/xml.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "xml/record.h"

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>

#include <stdlib.h>

enum {
    XML_SIZE_LIMIT = 512 * 1024 * 1024 /* bytes of text; the library counts in int */
};

/* What an open element has so far: it decides where a line may end. */
struct level {
    bool has_text, has_children;
};

struct xml {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
    struct record record; /* what was asked for */
    struct buf scratch;   /* the library wants a NUL behind its text */
    struct level levels[XML_DEPTH_LIMIT];
    size_t depth, size;
    bool is_tag_open; /* attributes may still come */
    bool has_root, has_failed;
    struct fault fault; /* the first */
};

/* Only the first fault counts: the rest follow from it. */
#define FAIL(xml, ...)                                                                             \
    do {                                                                                           \
        if (!(xml)->has_failed) {                                                                  \
            (xml)->has_failed = true;                                                              \
            fault_set(&(xml)->fault, __VA_ARGS__);                                                 \
        }                                                                                          \
    } while (0)

static void check(struct xml *xml, int rc)
{
    if (rc < 0) {
        FAIL(xml, "XML could not be written");
    }
}

/* Named an encoding, the library would recode UTF-8 to itself: so the declaration is raw too. */
static void write_raw(struct xml *xml, struct str bytes)
{
    check(xml, xmlTextWriterWriteRawLen(xml->writer, (const xmlChar *)bytes.p, (int)bytes.n));
}

void xml_init(void)
{
    xmlInitParser();
}

struct xml *xml_new(void)
{
    struct xml *xml = calloc(1, sizeof *xml);
    if (xml == NULL) {
        arena_out_of_memory();
    }
    xml->record = RECORD_EMPTY;
    xml->scratch = BUF_EMPTY;
    xml_init();
    xml->buffer = xmlBufferCreate();
    if (xml->buffer != NULL) { /* else each piece would move the whole */
        xmlBufferSetAllocationScheme(xml->buffer, XML_BUFFER_ALLOC_DOUBLEIT);
    }
    xml->writer = xml->buffer == NULL ? NULL : xmlNewTextWriterMemory(xml->buffer, 0);
    if (xml->writer == NULL) {
        FAIL(xml, "XML could not be begun: out of memory");
    } else {
        write_raw(xml, STR(XML_DECLARATION));
    }
    return xml;
}

/* Can XML hold the text? Otherwise the fault is set. */
static bool check_text(struct xml *xml, struct str text)
{
    uint32_t c;
    for (size_t at = 0, n; (at = utf8_skip_common(text, at)) < text.n; at += n) {
        n = utf8_decode(&c, str_from(text, at));
        if (n == 0) {
            FAIL(xml, "XML text is not valid UTF-8");
            return false;
        }
        if (!utf8_is_xml(c)) {
            FAIL(xml, "XML cannot hold the character U+%04X", (unsigned)c);
            return false;
        }
    }
    xml->size += text.n;
    if (text.n > XML_SIZE_LIMIT || xml->size > XML_SIZE_LIMIT) {
        FAIL(xml, "an XML document holds more than %d bytes", XML_SIZE_LIMIT);
        return false;
    }
    return true;
}

/* The text for the library, or NULL with the fault set where XML cannot hold it. */
static const xmlChar *prepare(struct xml *xml, struct str text)
{
    if (!check_text(xml, text)) {
        return NULL;
    }
    buf_clear(&xml->scratch);
    buf_add(&xml->scratch, text);
    return (const xmlChar *)xml->scratch.p;
}

static struct str escaped_char(char c)
{
    switch (c) {
    case '\t':
        return STR("&#9;");
    case '\n':
        return STR("&#10;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '&':
        return STR("&amp;");
    case '"':
        return STR("&quot;");
    default:
        return STR("&#13;");
    }
}

/* As the library escapes values, but that it has no letter beyond ASCII in them. */
static struct str escape_value(struct xml *xml, struct str value)
{
    static const char stops[] = "<>&\"\r\n\t";
    buf_clear(&xml->scratch);
    for (size_t i = 0; i < value.n; i++) {
        bool is_escaped = memchr(stops, value.p[i], sizeof stops - 1) != NULL;
        buf_add(&xml->scratch, is_escaped ? escaped_char(value.p[i]) : str_slice(value, i, i + 1));
    }
    return buf_str(&xml->scratch);
}

/* As the library escapes text, which it does a character at a time. */
static struct str escape(struct xml *xml, struct str text)
{
    buf_clear(&xml->scratch);
    for (size_t from = 0, end; from < text.n; from = end + 1) {
        end = str_find_stop(text, from, "<>&\"\r");
        buf_add(&xml->scratch, str_slice(text, from, end));
        if (end < text.n) {
            buf_add(&xml->scratch, escaped_char(text.p[end]));
        }
    }
    return buf_str(&xml->scratch);
}

/* A line feed of our own: text like any other to whoever reads, so it is recorded. */
static void break_line(struct xml *xml)
{
    if (xml->depth > 0) {
        record_text(&xml->record, STR("\n"));
    }
    write_raw(xml, STR("\n"));
}

void xml_start(struct xml *xml, const char *name)
{
    struct level *parent = xml->depth > 0 ? &xml->levels[xml->depth - 1] : NULL;
    if (parent == NULL && xml->has_root) {
        FAIL(xml, "XML has a second root element \"%s\"", name);
    }
    if (xml->depth == XML_DEPTH_LIMIT) {
        FAIL(xml, "XML elements nest deeper than %d", XML_DEPTH_LIMIT);
    }
    if (xml->has_failed) {
        return;
    }
    if (parent != NULL && !parent->has_text) {
        break_line(xml);
    }
    if (parent != NULL) {
        parent->has_children = true;
    }
    record_start(&xml->record, str_of(name));
    check(xml, xmlTextWriterStartElement(xml->writer, (const xmlChar *)name));
    xml->levels[xml->depth++] = (struct level){false, false};
    xml->has_root = true;
    xml->is_tag_open = true;
}

void xml_attribute(struct xml *xml, const char *name, struct str value)
{
    if (!xml->is_tag_open) {
        FAIL(xml, "the XML attribute \"%s\" comes too late", name);
    }
    if (!xml->has_failed && check_text(xml, value)) {
        record_attribute(&xml->record, str_of(name), value);
        check(xml, xmlTextWriterStartAttribute(xml->writer, (const xmlChar *)name));
        write_raw(xml, escape_value(xml, value));
        check(xml, xmlTextWriterEndAttribute(xml->writer));
    }
}

void xml_text(struct xml *xml, struct str text)
{
    if (xml->depth == 0) {
        FAIL(xml, "XML text stands outside the root element");
    }
    xml->is_tag_open = false;
    if (xml->has_failed || !check_text(xml, text) || text.n == 0) {
        return;
    }
    struct str escaped = escape(xml, text);
    if (escaped.n > XML_SIZE_LIMIT) {
        FAIL(xml, "an XML document holds more than %d bytes", XML_SIZE_LIMIT);
        return;
    }
    xml->levels[xml->depth - 1].has_text = true;
    record_text(&xml->record, text);
    write_raw(xml, escaped);
}

void xml_end(struct xml *xml)
{
    if (xml->depth == 0) {
        FAIL(xml, "an XML element ends that was never begun");
    }
    if (xml->has_failed) {
        return;
    }
    const struct level *level = &xml->levels[xml->depth - 1];
    if (level->has_children && !level->has_text) {
        break_line(xml);
    }
    xml->depth--;
    xml->is_tag_open = false;
    record_end(&xml->record);
    check(xml, xmlTextWriterEndElement(xml->writer));
}

void xml_element(struct xml *xml, const char *name, struct str text)
{
    xml_start(xml, name);
    xml_text(xml, text);
    xml_end(xml);
}

void xml_instruction(struct xml *xml, const char *target, struct str content)
{
    if (xml->has_root) {
        FAIL(xml, "the XML instruction \"%s\" comes too late", target);
    }
    const xmlChar *text = xml->has_failed ? NULL : prepare(xml, content);
    if (text != NULL) {
        record_instruction(&xml->record, str_of(target), content);
        check(xml, xmlTextWriterWritePI(xml->writer, (const xmlChar *)target, text));
        break_line(xml);
    }
}

/* Ends the document; its bytes are in the buffer then, unless the fault is set. */
static void close_document(struct xml *xml)
{
    if (xml->depth > 0 || !xml->has_root) {
        FAIL(xml, xml->has_root ? "an XML element is never ended" : "XML has no root element");
    }
    if (!xml->has_failed) {
        check(xml, xmlTextWriterEndDocument(xml->writer));
        check(xml, xmlTextWriterFlush(xml->writer));
    }
    if (xml->writer != NULL) {
        xmlFreeTextWriter(xml->writer);
        xml->writer = NULL;
    }
}

/* What our own reading does not take as what was meant is left to the library to judge. */
static void verify(struct xml *xml, struct str document)
{
    struct record found;
    bool is_meant = record_scan(&found, document) && record_equal(&found, &xml->record);
    record_free(&found);
    if (is_meant) {
        return;
    }
    if (!str_starts(document, STR(XML_DECLARATION))) {
        FAIL(xml, "XML was written without its declaration");
        return;
    }
    if (!record_read(&found, document)) {
        FAIL(xml, "XML was written that cannot be read again");
    } else if (!record_equal(&found, &xml->record)) {
        FAIL(xml, "XML was written that differs from what was meant");
    }
    record_free(&found);
}

int xml_finish(struct xml *xml, struct buf *out, struct fault *fault)
{
    int rc = -1;
    close_document(xml);
    if (!xml->has_failed) {
        int n = xmlBufferLength(xml->buffer);
        struct str document = {(const char *)xmlBufferContent(xml->buffer), n > 0 ? (size_t)n : 0};
        verify(xml, document);
        if (!xml->has_failed) {
            buf_add(out, document);
            rc = 0;
        }
    }
    if (rc < 0) {
        *fault = xml->fault;
    }
    xml_free(xml);
    return rc;
}

void xml_free(struct xml *xml)
{
    if (xml == NULL) {
        return;
    }
    if (xml->writer != NULL) {
        xmlFreeTextWriter(xml->writer);
    }
    if (xml->buffer != NULL) {
        xmlBufferFree(xml->buffer);
    }
    record_free(&xml->record);
    buf_free(&xml->scratch);
    free(xml);
}
