/* Files that are copied or nearly so: attachments, the stylesheet, robots.txt, the checksums. */
#include "render/page.h"

int attachment_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                    const struct touch *touch)
{
    if (touch != NULL) {
        return output_add_touched(render, list, kind, &touch->attachments,
                                  "SELECT path, url FROM attachments WHERE path = ?1");
    }
    return output_add_rows(
        render, list, kind,
        database_query(render->db, "SELECT path, url FROM attachments ORDER BY path"));
}

int attachment_draw(struct render *render, struct str key, struct buf *out)
{
    const struct render_bytes *bytes = &render->site->bytes;
    return bytes->file(bytes->context, key, out, &render->fault);
}

int stylesheet_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                    const struct touch *touch)
{
    (void)render;
    if (touch == NULL) {
        output_add(list, kind, STR(""), STR("theme/style.css"));
    }
    return 0;
}

int stylesheet_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    buf_add(out, render->site->stylesheet);
    return 0;
}

int robots_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                const struct touch *touch)
{
    (void)render;
    if (touch == NULL) {
        output_add(list, kind, STR(""), STR("robots.txt"));
    }
    return 0;
}

/* RFC 9309. Search answers are without end: crawlers find every record through the archives. */
int robots_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    struct str base = render->site->config->base;
    struct str sitemap = page_absolute(render, page_url(render, "sitemap.xml"));
    buf_printf(out,
               "User-agent: *\nDisallow: %.*ssearch.cgi\nDisallow: %.*ssearch-feed.cgi\n\n"
               "Sitemap: %.*s\n",
               STR_ARG(base), STR_ARG(base), STR_ARG(sitemap));
    return 0;
}

int checksums_list(struct render *render, struct output_list *list, const struct output_kind *kind,
                   const struct touch *touch)
{
    (void)render;
    (void)touch;
    output_add(list, kind, STR(""), STR("data/SHA256SUMS"));
    return 0;
}

/* What `sha256sum -c` reads. */
int checksums_draw(struct render *render, struct str key, struct buf *out)
{
    (void)key;
    buf_add(out, render->site->database_digest);
    buf_add(out, STR("  search.db\n"));
    return 0;
}
