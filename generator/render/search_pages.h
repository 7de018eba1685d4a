/*
 * search_pages: what the search program draws its answers with: its templates, frozen with all
 * that is known of the site (theme/freeze.h), one of each for each language. For commands/.
 */
#ifndef RENDER_SEARCH_PAGES_H
#define RENDER_SEARCH_PAGES_H

#include "render/render.h"

typedef void search_pages_visit(void *context, struct str language, struct str name,
                                struct str page);

/* Hands each of them to `visit`. A template that cannot be frozen is a fault. */
int search_pages_freeze(const struct render_site *site, search_pages_visit *visit, void *context,
                        struct fault *fault);

#endif
