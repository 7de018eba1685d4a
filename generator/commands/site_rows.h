/* site_rows: what the database says of the site itself. For commands/ only. */
#ifndef COMMANDS_SITE_ROWS_H
#define COMMANDS_SITE_ROWS_H

#include "commands/site.h"
#include "render/render.h"
#include "store/store.h"

/* The configuration's title, else that of the root's page, else a plain word. In site->arena. */
struct str site_title(struct site *site, struct database *db);

bool site_has_tags(struct database *db);

/* Puts the rows of meta, and the pages that the search program answers with. */
int site_put_rows(const struct site *site, struct store *store, const struct render_site *render,
                  struct fault *fault);

#endif
