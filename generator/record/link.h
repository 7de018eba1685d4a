/*
 * link: what becomes of an address in Markdown. For markdown and whoever checks a link's address.
 *
 * An address with a scheme is kept where the scheme is http, https, mailto, tel or ftp. One that
 * begins with two slashes, holds a backslash, a control or a bidi character, or has any other
 * scheme is unsafe and becomes empty. A fragment or a query alone is kept. All else names a file
 * of the commit: it is decoded, joined to the folder (a leading "/" is the content's root), and
 * asked of the resolver, as it stands and with ".md" behind it.
 */
#ifndef RECORD_LINK_H
#define RECORD_LINK_H

#include "record/record.h"

enum link_kind {
    LINK_KIND_KEPT,     /* leads elsewhere, or within the page */
    LINK_KIND_FOUND,    /* a file of the commit */
    LINK_KIND_MISSING,  /* no such file */
    LINK_KIND_WITHHELD, /* a file of the commit that is not published */
    LINK_KIND_OUTSIDE,  /* above the content's root */
    LINK_KIND_UNSAFE
};

struct link {
    enum link_kind kind;
    struct str address; /* what the page says: not escaped for HTML */
    struct str target;  /* of FOUND, MISSING: the path from the content's root, decoded */
    bool is_markdown;   /* the target is Markdown, or a folder */
};

/* Always fills `out`; with no resolver every local address is KEPT. */
void link_resolve(struct link *out, struct arena *arena, struct str address, struct str folder,
                  const struct record_resolver *resolver);

#endif
