#include "render/archive_node.h"

#include "base/escape.h"

#include <inttypes.h>
#include <limits.h>

enum { COMPONENT_MAX = 255, COMPONENT_KEPT = 200 /* bytes of a folder's name */ };

/* Is it a name that stands inside a listing: its page, its feed, years, months, days and parts? */
static bool is_listing_name(struct str name)
{
    return str_equal(name, STR("index.html")) || str_equal(name, STR("feed.xml")) ||
           str_number(name, LONG_MAX) >= 0;
}

/*
 * The name of a folder of the site for any text. What a file name cannot hold is percent-encoded,
 * and the first byte of a name that is not free there; a long one is cut, and goes on with a digest
 * of the whole.
 */
static void add_component(struct buf *out, struct str value, bool is_free)
{
    size_t begin = out->n;
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == '%' || c == '/' || (i == 0 && (c == '.' || !is_free))) {
            buf_printf(out, "%%%02X", (unsigned char)c);
        } else {
            buf_add_char(out, c);
        }
    }
    if (out->n - begin <= COMPONENT_MAX) {
        return;
    }
    size_t end = begin + COMPONENT_KEPT;
    while (((unsigned char)out->p[end] & 0xc0) == 0x80) {
        end--;
    }
    buf_truncate(out, end);
    buf_printf(out, "-%016" PRIx64, str_hash(value));
}

/* A tag may hold a slash, a folder's path has them as folders. */
static void add_value(struct buf *out, const struct dimension *dimension, struct str value)
{
    if (!dimension_is_section(dimension)) {
        add_component(out, value, !str_equal(value, STR("index.html")));
        return;
    }
    if (value.n == 0) {
        buf_add_char(out, '-'); /* the folder that is the root */
    }
    bool is_first = true;
    for (struct str piece; str_cut(&piece, &value, '/'); is_first = false) {
        buf_add_text(out, is_first ? "" : "/");
        add_component(out, piece, is_first ? !str_equal(piece, STR("-")) : !is_listing_name(piece));
    }
}

struct str node_url(struct render *render, const struct node *node, struct str period)
{
    struct buf key = BUF_EMPTY, url = BUF_EMPTY;
    buf_add(&key, STR("archive/"));
    if (!dimension_is_all(node->dimension)) {
        buf_add_text(&key, node->dimension->name);
        buf_add_char(&key, '/');
        add_value(&key, node->dimension, node->value);
        buf_add_char(&key, '/');
    }
    for (size_t i = 0; i < period.n; i++) {
        buf_add_char(&key, period.p[i] == '-' ? '/' : period.p[i]);
    }
    if (period.n > 0) {
        buf_add_char(&key, '/');
    }
    buf_add(&url, render->site->config->base);
    escape_path(&url, buf_str(&key));
    struct str copy = arena_copy(&render->arena, buf_str(&url));
    buf_free(&key);
    buf_free(&url);
    return copy;
}

struct str archive_url(struct render *render, const char *dimension, struct str value,
                       struct str period)
{
    const struct node node = {.dimension = dimension_find(str_of(dimension)), .value = value};
    return node_url(render, &node, period);
}

struct str node_key(struct render *render, const struct node *node, struct str period)
{
    return arena_printf(&render->arena, "%s\n%.*s\n%.*s", node->dimension->name,
                        STR_ARG(node->value), STR_ARG(period));
}

struct node node_read(struct str key)
{
    struct str dimension, value = {"", 0}, period;
    str_cut(&dimension, &key, '\n');
    str_cut(&value, &key, '\n');
    struct node node = {.dimension = dimension_find(dimension), .value = value, .period = key};
    if (str_cut(&period, &key, '/') && key.n > 0) {
        node.period = period;
        node.part = str_number(key, 1000000);
    }
    return node;
}

/* Organisations and items have a page without records too, tags and long folders do not. */
bool node_has_page(const struct node *node, int64_t count)
{
    if (dimension_is_section(node->dimension)) {
        return count > RENDER_LISTING_MAX;
    }
    return count > 0 || !str_equal(str_of(node->dimension->name), STR("tag"));
}

/* A date of a year and month always has pages of its own. */
bool node_has_periods(const struct node *node, int64_t count)
{
    if (node->part > 0) {
        return false;
    }
    return count > RENDER_LISTING_MAX || (dimension_is_all(node->dimension) && node->period.n < 7);
}

/* How many bytes of a date name the periods below this one; 0 where it is a day. */
static int64_t period_length(struct str period)
{
    return period.n == 0 ? 4 : period.n == 4 ? 7 : period.n == 7 ? 10 : 0;
}

bool node_is_day(const struct node *node)
{
    return period_length(node->period) == 0;
}

static void add_period(struct render *render, struct node_periods *periods,
                       struct tally_period period)
{
    periods->items =
        arena_grow(&render->arena, periods->items, periods->count, sizeof *periods->items);
    periods->items[periods->count++] = period;
}

static struct node_periods parts_of(struct render *render, const struct node *node, int64_t count)
{
    struct node_periods periods = {0};
    for (int64_t part = 1; (part - 1) * RENDER_LISTING_MAX < count; part++) {
        int64_t left = count - (part - 1) * RENDER_LISTING_MAX;
        struct str name =
            arena_printf(&render->arena, "%.*s/%lld", STR_ARG(node->period), (long long)part);
        add_period(render, &periods,
                   (struct tally_period){name, node->period,
                                         left < RENDER_LISTING_MAX ? left : RENDER_LISTING_MAX});
    }
    return periods;
}

struct node_periods node_periods(struct render *render, const struct node *node, int64_t count)
{
    if (node_is_day(node)) {
        return parts_of(render, node, count);
    }
    struct node_periods periods = {0};
    const struct tally *tally = tally_of(render, node->dimension, node->value);
    struct tally_walk walk = tally_walk(tally, node->period, (size_t)period_length(node->period));
    for (struct tally_period period; tally_next(&period, &walk);) {
        add_period(render, &periods, period);
    }
    return periods;
}
