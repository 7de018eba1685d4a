#include "xml/record.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <limits.h>
#include <string.h>

static void begin_event(struct record *record, char kind)
{
    if (record->is_in_text) {
        buf_add_char(&record->events, '\0');
    }
    record->is_in_text = false;
    buf_add_char(&record->events, kind);
}

static void add_field(struct record *record, struct str field)
{
    buf_add(&record->events, field);
    buf_add_char(&record->events, '\0');
}

void record_start(struct record *record, struct str name)
{
    begin_event(record, 'E');
    add_field(record, name);
}

void record_attribute(struct record *record, struct str name, struct str value)
{
    begin_event(record, 'A');
    add_field(record, name);
    add_field(record, value);
}

void record_begin_text(struct record *record)
{
    begin_event(record, 'T');
    record->is_in_text = true;
}

void record_end(struct record *record)
{
    begin_event(record, 'Z');
}

void record_instruction(struct record *record, struct str target, struct str content)
{
    begin_event(record, 'P');
    add_field(record, target);
    add_field(record, content);
}

void record_foreign(struct record *record)
{
    begin_event(record, 'X');
}

bool record_equal(const struct record *a, const struct record *b)
{
    return str_equal(buf_str(&a->events), buf_str(&b->events));
}

static struct str str_of_xml(const xmlChar *text)
{
    return str_of((const char *)text);
}

static void on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
    record_start(data, str_of_xml(name));
    for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
        record_attribute(data, str_of_xml(attributes[0]), str_of_xml(attributes[1]));
    }
}

static void on_end(void *data, const xmlChar *name)
{
    (void)name;
    record_end(data);
}

static void on_text(void *data, const xmlChar *text, int n)
{
    record_text(data, (struct str){(const char *)text, n > 0 ? (size_t)n : 0});
}

static void on_instruction(void *data, const xmlChar *target, const xmlChar *content)
{
    record_instruction(data, str_of_xml(target), str_of_xml(content));
}

static void on_comment(void *data, const xmlChar *text)
{
    (void)text;
    record_foreign(data);
}

static void on_cdata(void *data, const xmlChar *text, int n)
{
    (void)text;
    (void)n;
    record_foreign(data);
}

static void on_subset(void *data, const xmlChar *name, const xmlChar *public_id,
                      const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    record_foreign(data);
}

/*
 * The interface of SAX 1, in which names have their prefixes and attributes, namespace
 * declarations too, come in the order of writing. No callback answers for entities: there are the
 * five of XML and none else. XML_PARSE_NOENT is for those: without it "&amp;" in an attribute comes
 * as "&#38;".
 */
static xmlSAXHandler make_handler(void)
{
    xmlSAXHandler handler;
    memset(&handler, 0, sizeof handler);
    handler.initialized = 1;
    handler.startElement = on_start;
    handler.endElement = on_end;
    handler.characters = on_text;
    handler.ignorableWhitespace = on_text;
    handler.processingInstruction = on_instruction;
    handler.comment = on_comment;
    handler.cdataBlock = on_cdata;
    handler.internalSubset = on_subset;
    handler.reference = on_comment;
    return handler;
}

bool record_read(struct record *out, struct str document)
{
    *out = RECORD_EMPTY;
    if (document.n == 0 || document.n > INT_MAX) {
        return false;
    }
    xmlParserCtxtPtr context = xmlCreateMemoryParserCtxt(document.p, (int)document.n);
    if (context == NULL) {
        return false;
    }
    bool is_good = false;
    if (context->sax != NULL &&
        xmlCtxtUseOptions(context, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR |
                                       XML_PARSE_NOWARNING | XML_PARSE_SAX1 | XML_PARSE_NOENT) ==
            0) {
        *context->sax = make_handler();
        context->userData = out;
        int rc = xmlParseDocument(context);
        is_good = rc == 0 && context->wellFormed != 0 && context->errNo == XML_ERR_OK;
    }
    if (context->myDoc != NULL) {
        xmlFreeDoc(context->myDoc);
        context->myDoc = NULL;
    }
    xmlFreeParserCtxt(context);
    return is_good;
}

void record_free(struct record *record)
{
    buf_free(&record->events);
}
