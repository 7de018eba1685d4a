/*
 * check: is a published XML file what its readers need? For commands/verify.
 *
 * Any bytes are fine. NULL where nothing is wrong; else what is, in English, a constant: the
 * document is not well-formed (XML 1.0), or a feed lacks what RSS 2.0 asks of a channel (title,
 * link, description) and what our readers need of an item (title, link, guid, pubDate). Nothing is
 * loaded from elsewhere, and no entity is put in. xml_init comes before the first call.
 */
#ifndef XML_CHECK_H
#define XML_CHECK_H

#include "base/str.h"

const char *xml_check(struct str document);

#endif
