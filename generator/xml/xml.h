/*
 * xml: writes XML, and reads it again to see that it says what was meant. libxml2 is included in
 * this folder and nowhere else.
 *
 *     struct xml *xml = xml_new();
 *     xml_start(xml, "rss");  xml_attribute(xml, "version", STR("2.0"));
 *     xml_element(xml, "title", title);
 *     xml_end(xml);
 *     rc = xml_finish(xml, &buf, &fault);     checks, appends, frees
 *
 * The first error sticks and xml_finish reports it. Text that XML cannot hold, or that is not
 * valid UTF-8, is such an error: libxml2's writer would take it. xml_finish reads what was
 * written and compares every element, attribute and text with what was asked for, since under
 * failing memory the library reports success over altered output. It reads the plain form that our
 * documents have by itself (scan.c), and leaves whatever looks otherwise to the library.
 */
#ifndef XML_XML_H
#define XML_XML_H

#include "base/buf.h"
#include "base/fault.h"

struct xml;

enum { XML_DEPTH_LIMIT = 64 }; /* elements in one another */

/* How every document begins. */
#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

/* Readies the library. Who writes on several threads calls it before they begin. */
void xml_init(void);

/* Never NULL: a failure to begin is an error that xml_finish reports. */
struct xml *xml_new(void);

/* Opens an element; `name` is a constant of ours, with a prefix where it has one ("atom:link"). */
void xml_start(struct xml *xml, const char *name);

/* An attribute of the element just opened, before any content; xmlns declarations too. */
void xml_attribute(struct xml *xml, const char *name, struct str value);

void xml_text(struct xml *xml, struct str text);
void xml_end(struct xml *xml);

/* xml_start, xml_text, xml_end. */
void xml_element(struct xml *xml, const char *name, struct str text);

/* A processing instruction before the root element, such as a stylesheet's. */
void xml_instruction(struct xml *xml, const char *target, struct str content);

/* Appends the document, with its declaration, to `out`; frees `xml` in any case. */
int xml_finish(struct xml *xml, struct buf *out, struct fault *fault);

/* Throws the document away. NULL is fine. */
void xml_free(struct xml *xml);

#endif
