#include "record/markdown_text.h"

#include "base/utf8.h"
#include "record/clean.h"
#include "record/link.h"

#include <stdint.h>

/* The state of one walk. */
struct gathering {
    struct markdown_walk *walk;
    struct markdown_output *out; /* NULL when walking cells */
    struct buf text;             /* of the whole walk */
    size_t block_start;          /* where the text of the present block begins */
    cmark_node *soft_break;      /* met, and what follows it not yet; or NULL */
    uint32_t last;               /* the character before it; 0 where it is no character of text */
    struct buf body_text, table_text;
    struct str heading; /* the last one */
    const struct markdown_table *tables;
    struct str *cell_texts;
    const struct place *cell_places;
    size_t cell, cell_count;
};

struct place markdown_place(struct markdown_walk *walk, int line, int column)
{
    struct place place = {walk->input->path, walk->lines_before + line, 1};
    int from = 1;
    if (walk->counted.line == place.line && walk->counted_bytes <= column) {
        place.column = walk->counted.column;
        from = walk->counted_bytes;
    }
    if (column > from) {
        struct str text = lines_get(&walk->lines, line);
        text = str_slice(text, (size_t)from - 1, (size_t)column - 1);
        place.column += (int)utf8_length(text);
        from = column;
    }
    walk->counted = place;
    walk->counted_bytes = from;
    return place;
}

/* Punctuation that stands in Chinese text and in others alike. */
static bool is_shared_punctuation(uint32_t c)
{
    return c == 0xb7 || (c >= 0x2014 && c <= 0x201d) || c == 0x2026;
}

/* Han characters, and punctuation and forms as wide as they are. */
static bool is_full_width(uint32_t c)
{
    return utf8_is_han(c) || (c >= 0x3001 && c <= 0x303f) || (c >= 0xff01 && c <= 0xff60);
}

/* Whether a line break between the two is nothing. */
static bool is_joined(uint32_t before, uint32_t after)
{
    bool is_before = is_full_width(before), is_after = is_full_width(after);
    return (is_before && is_after) || (is_before && is_shared_punctuation(after)) ||
           (is_shared_punctuation(before) && is_after);
}

static uint32_t last_character(struct str s)
{
    size_t at = s.n - 1;
    while (at > 0 && s.n - at < 4 && ((unsigned char)s.p[at] & 0xc0) == 0x80) {
        at--;
    }
    uint32_t c = 0;
    utf8_decode(&c, str_from(s, at));
    return c;
}

/* Decides about the waiting line break, `next` being the character behind it. */
static void settle_break(struct gathering *g, uint32_t next)
{
    if (g->soft_break == NULL) {
        return;
    }
    if (is_joined(g->last, next)) {
        cmark_node_unlink(g->soft_break);
        cmark_node_free(g->soft_break);
    } else {
        buf_add_char(&g->text, ' ');
    }
    g->soft_break = NULL;
}

static void add_text(struct gathering *g, struct str s)
{
    if (s.n == 0) {
        return;
    }
    uint32_t first = 0;
    utf8_decode(&first, s);
    settle_break(g, first);
    buf_add(&g->text, s);
    g->last = last_character(s);
}

static struct str literal_of(cmark_node *node)
{
    return str_of(cmark_node_get_literal(node));
}

static void on_text(struct gathering *g, cmark_node *node)
{
    add_text(g, literal_of(node));
}

static void on_soft_break(struct gathering *g, cmark_node *node)
{
    settle_break(g, 0);
    g->soft_break = node;
}

static void on_hard_break(struct gathering *g, cmark_node *node)
{
    (void)node;
    settle_break(g, 0);
    buf_add_char(&g->text, ' ');
    g->last = 0;
}

static struct place place_of_inline(const struct gathering *g, cmark_node *node)
{
    if (g->cell_places != NULL) {
        return g->cell_places[g->cell];
    }
    return markdown_place(g->walk, cmark_node_get_start_line(node),
                          cmark_node_get_start_column(node));
}

/* Says, once for each body, that HTML is left out; comments are nothing that a reader misses. */
static void tell_html(struct gathering *g, cmark_node *node, struct place place)
{
    struct markdown_walk *walk = g->walk;
    if (!walk->is_html_told && !str_starts(literal_of(node), STR("<!--"))) {
        walk->is_html_told = true;
        diag_add(walk->diag, DIAG_HTML_OMITTED, place, DIAG_PLAIN);
    }
}

static void on_html_inline(struct gathering *g, cmark_node *node)
{
    settle_break(g, 0);
    g->last = 0;
    tell_html(g, node, place_of_inline(g, node));
}

static void on_html_block(struct gathering *g, cmark_node *node)
{
    tell_html(g, node, markdown_place(g->walk, cmark_node_get_start_line(node), 1));
}

static void tell_link(struct gathering *g, cmark_node *node, const struct link *link,
                      struct str address)
{
    static const enum diag_code codes[] = {[LINK_KIND_MISSING] = DIAG_LINK_MISSING,
                                           [LINK_KIND_WITHHELD] = DIAG_LINK_WITHHELD,
                                           [LINK_KIND_OUTSIDE] = DIAG_LINK_OUTSIDE,
                                           [LINK_KIND_UNSAFE] = DIAG_LINK_UNSAFE};
    bool is_fault = link->kind != LINK_KIND_KEPT && link->kind != LINK_KIND_FOUND;
    if (is_fault && g->walk->told_count++ < LINKS_TOLD_MAX) {
        diag_add(g->walk->diag, codes[link->kind], place_of_inline(g, node),
                 DIAG_WITH(utf8_first(address, 200)));
    }
}

/* Remembers a link to a file; its text is known at its end: until then `n` is where it begins. */
static void open_link(struct gathering *g, cmark_node *node, const struct link *link)
{
    struct markdown_walk *walk = g->walk;
    walk->links = arena_grow(walk->arena, walk->links, walk->link_count, sizeof *walk->links);
    bool is_image = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
    walk->links[walk->link_count++] = (struct record_link){link->target,
                                                           {NULL, g->text.n},
                                                           place_of_inline(g, node),
                                                           is_image || !link->is_markdown,
                                                           false};
    cmark_node_set_user_data(node, (void *)(uintptr_t)walk->link_count);
}

static void on_link(struct gathering *g, cmark_node *node)
{
    if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
        settle_break(g, 0);
    }
    struct str address = str_of(cmark_node_get_url(node));
    struct link link;
    struct markdown_walk *walk = g->walk;
    link_resolve(&link, walk->arena, address, walk->input->base_folder, &walk->input->resolver);
    tell_link(g, node, &link, address);
    if (link.kind == LINK_KIND_UNSAFE) {
        cmark_node_set_url(node, "");
    } else if (link.kind == LINK_KIND_FOUND) {
        cmark_node_set_url(node, arena_copy(walk->arena, link.address).p);
    }
    if (link.kind == LINK_KIND_FOUND || link.kind == LINK_KIND_MISSING ||
        link.kind == LINK_KIND_WITHHELD) {
        open_link(g, node, &link);
    }
}

static void on_link_end(struct gathering *g, cmark_node *node)
{
    if (cmark_node_get_type(node) == CMARK_NODE_IMAGE) {
        settle_break(g, 0);
        g->last = 0;
    }
    size_t number = (size_t)(uintptr_t)cmark_node_get_user_data(node);
    if (number > 0) {
        struct record_link *link = &g->walk->links[number - 1];
        struct str text = str_from(buf_str(&g->text), link->text.n);
        link->text = clean_text(g->walk->arena, str_trim(text));
    }
}

static void start_block(struct gathering *g)
{
    g->block_start = g->text.n;
    g->soft_break = NULL;
    g->last = 0;
}

static void on_block(struct gathering *g, cmark_node *node)
{
    (void)node;
    start_block(g);
}

/* The text of the block that ends here, with a line feed behind it in both texts. */
static struct str end_block(struct gathering *g)
{
    g->soft_break = NULL;
    struct str text = str_from(buf_str(&g->text), g->block_start);
    if (text.n > 0) {
        buf_add(&g->body_text, text);
        buf_add_char(&g->body_text, '\n');
        buf_add_char(&g->text, '\n');
        text = str_slice(buf_str(&g->text), g->block_start, g->text.n - 1);
    }
    return text;
}

static void on_paragraph_end(struct gathering *g, cmark_node *node)
{
    (void)node;
    struct str text = end_block(g);
    if (g->out->first_paragraph.n == 0) {
        g->out->first_paragraph = clean_text(g->walk->arena, str_trim(text));
    }
}

static void end_cell(struct gathering *g)
{
    struct str text = str_from(buf_str(&g->text), g->block_start);
    g->cell_texts[g->cell++] = clean_text(g->walk->arena, str_trim(text));
}

static void on_heading_end(struct gathering *g, cmark_node *node)
{
    (void)node;
    if (g->out == NULL) {
        end_cell(g);
        return;
    }
    g->heading = clean_text(g->walk->arena, str_trim(end_block(g)));
    if (g->out->first_heading.n == 0) {
        g->out->first_heading = g->heading;
    }
}

static void on_code_block(struct gathering *g, cmark_node *node)
{
    start_block(g);
    struct str text = literal_of(node);
    text.n -= str_ends(text, STR("\n"));
    buf_add(&g->text, text);
    end_block(g);
}

static void on_table(struct gathering *g, cmark_node *node)
{
    (void)node;
    g->tables->data->caption = g->heading;
    buf_add(&g->text, g->tables->text);
    buf_add(&g->table_text, g->tables->data->is_board ? STR("") : g->tables->text);
    g->tables++;
}

struct handler {
    void (*enter)(struct gathering *g, cmark_node *node);
    void (*leave)(struct gathering *g, cmark_node *node);
};

static const struct handler handlers[] = {
    [CMARK_NODE_PARAGRAPH] = {on_block, on_paragraph_end},
    [CMARK_NODE_HEADING] = {on_block, on_heading_end},
    [CMARK_NODE_CODE_BLOCK] = {on_code_block, NULL},
    [CMARK_NODE_HTML_BLOCK] = {on_html_block, NULL},
    [CMARK_NODE_CUSTOM_BLOCK] = {on_table, NULL},
    [CMARK_NODE_TEXT] = {on_text, NULL},
    [CMARK_NODE_CODE] = {on_text, NULL},
    [CMARK_NODE_SOFTBREAK] = {on_soft_break, NULL},
    [CMARK_NODE_LINEBREAK] = {on_hard_break, NULL},
    [CMARK_NODE_HTML_INLINE] = {on_html_inline, NULL},
    [CMARK_NODE_LINK] = {on_link, on_link_end},
    [CMARK_NODE_IMAGE] = {on_link, on_link_end},
    [CMARK_NODE_LAST_INLINE + 1] = {NULL, NULL},
};

static void walk_tree(struct gathering *g, cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        const struct handler *handler = &handlers[cmark_node_get_type(node)];
        void (*handle)(struct gathering *, cmark_node *) =
            event == CMARK_EVENT_ENTER ? handler->enter : handler->leave;
        if (handle != NULL) {
            handle(g, node);
        }
    }
    cmark_iter_free(iter);
}

static bool has_h1_first(cmark_node *root)
{
    cmark_node *node = cmark_node_first_child(root);
    while (node != NULL && cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK) {
        node = cmark_node_next(node);
    }
    return node != NULL && cmark_node_get_type(node) == CMARK_NODE_HEADING &&
           cmark_node_get_heading_level(node) == 1;
}

void markdown_walk_document(struct markdown_output *out, struct markdown_walk *walk,
                            cmark_node *root, const struct markdown_table *tables)
{
    struct gathering g = {.walk = walk, .out = out, .tables = tables};
    g.text = g.body_text = g.table_text = BUF_EMPTY;
    buf_reserve(&g.text, walk->lines.source.n); /* the text is shorter than its source, mostly */
    buf_reserve(&g.body_text, walk->lines.source.n);
    walk_tree(&g, root);
    out->begins_with_h1 = has_h1_first(root);
    out->text = clean_text(walk->arena, buf_str(&g.text));
    bool is_clean = out->text.n == g.text.n; /* then its parts need not be looked through again */
    struct str (*copy)(struct arena *, struct str) = is_clean ? arena_copy : clean_text;
    out->table_text = copy(walk->arena, buf_str(&g.table_text));
    out->body_text = out->table_count == 0 ? out->text : copy(walk->arena, buf_str(&g.body_text));
    buf_free(&g.text);
    buf_free(&g.body_text);
    buf_free(&g.table_text);
}

void markdown_walk_cells(struct str *texts, struct markdown_walk *walk, cmark_node *root,
                         const struct place *places, size_t count)
{
    struct gathering g = {.walk = walk, .cell_texts = texts, .cell_places = places};
    g.text = g.body_text = g.table_text = BUF_EMPTY;
    g.cell_count = count;
    walk_tree(&g, root);
    buf_free(&g.text);
}
