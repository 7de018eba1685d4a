#include "store/address.h"

#include "base/escape.h"
#include "base/path.h"
#include "base/unicode.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>

enum { COMPONENT_KEPT = 200 /* bytes of a name that a suffix is put behind */ };

/* First components that generated outputs use; README.md lists them. */
static const struct str reserved[] = {
    {"archive", 7},       {"catalogue", 9},
    {"data", 4},          {"orgs", 4},
    {"search", 6},        {"theme", 5},
    {"feed.xml", 8},      {"sitemap.xml", 11},
    {"robots.txt", 10},   {"opensearch.xml", 14},
    {"404.html", 8},      {"index.html", 10},
    {"search.cgi", 10},   {"search-feed.cgi", 15},
    {"calendar.ics", 12},
};

bool address_is_markdown(struct str path)
{
    return str_ends_nocase(path, STR(".md")) || str_ends_nocase(path, STR(".markdown"));
}

static struct str without_extension(struct str path)
{
    return str_slice(path, 0, (size_t)str_find_last_char(path, '.'));
}

bool address_is_folder_page(struct str path)
{
    if (!address_is_markdown(path)) {
        return false;
    }
    struct str name = without_extension(path_name(path));
    return str_equal_nocase(name, STR("README")) || str_equal_nocase(name, STR("index"));
}

struct str address_own_key(struct str path)
{
    if (address_is_folder_page(path)) {
        ptrdiff_t slash = str_find_last_char(path, '/');
        return str_slice(path, 0, slash < 0 ? 0 : (size_t)slash);
    }
    return address_is_markdown(path) ? without_extension(path) : path;
}

static bool is_reserved(struct str first)
{
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (str_equal_nocase(first, reserved[i])) {
            return true;
        }
    }
    return str_starts(first, STR("sitemap-")) && str_ends(first, STR(".xml"));
}

/* A page's tables are offered as table-1.csv and so on inside its folder, and described there. */
static bool looks_generated(struct str name)
{
    return (str_starts(name, STR("table-")) && str_ends(name, STR(".csv"))) ||
           str_equal_nocase(name, STR("csv-metadata.json"));
}

/*
 * A folder of the site, of pages or with a page, that would stand where a file of ours does: in
 * the root many names, in a folder its index.html and its page's tables.
 */
static bool is_taken(struct str component, bool is_first)
{
    return (is_first && is_reserved(component)) || looks_generated(component) ||
           str_equal_nocase(component, STR("index.html"));
}

static struct str without_underscores(struct str name)
{
    while (str_ends(name, STR("_"))) {
        name.n--;
    }
    return name;
}

/* Does this component of the key have to make way? */
static bool is_in_the_way(struct str key, struct str component, bool is_page)
{
    struct str bare = without_underscores(component);
    bool is_first = component.p == key.p;
    bool is_last = component.p + component.n == key.p + key.n;
    return is_last && !is_page ? is_first && is_reserved(bare) : is_taken(bare, is_first);
}

/*
 * The key with an underscore behind each folder that is taken; of a page the last is one too. A
 * name with underscores already gets one more, so that no two folders become one. `clear` is known
 * not to be in the way: the key begins with it, or it does not count.
 */
static struct str move_aside(struct arena *arena, struct str key, bool is_page, struct str clear)
{
    struct str component, rest = str_starts(key, clear) ? str_from(key, clear.n) : key;
    bool is_moved = false;
    while (!is_moved && str_cut(&component, &rest, '/')) {
        is_moved = is_in_the_way(key, component, is_page);
    }
    if (!is_moved) {
        return key;
    }
    struct buf moved = BUF_EMPTY;
    for (rest = key; str_cut(&component, &rest, '/');) {
        buf_add_text(&moved, component.p == key.p ? "" : "/");
        buf_add(&moved, component);
        buf_add_text(&moved, is_in_the_way(key, component, is_page) ? "_" : "");
    }
    struct str copy = arena_copy(arena, buf_str(&moved));
    buf_free(&moved);
    return copy;
}

/* The longest front of the last component that leaves room for a suffix, cut between characters. */
static struct str shortened(struct str key)
{
    struct str name = path_name(key);
    size_t kept = name.n;
    while (kept > COMPONENT_KEPT ||
           (kept < name.n && ((unsigned char)name.p[kept] & 0xc0) == 0x80)) {
        kept--;
    }
    return str_slice(key, 0, key.n - name.n + kept);
}

static struct str with_suffix(struct arena *arena, struct str key, struct str path)
{
    unsigned suffix = (unsigned)(str_hash(path) & 0xffffff);
    if (key.n == 0) {
        return arena_printf(arena, "index-%06x", suffix);
    }
    ptrdiff_t dot = str_find_last_char(path_name(key), '.');
    if (address_is_markdown(path) || dot <= 0) {
        return arena_printf(arena, "%.*s-%06x", STR_ARG(shortened(key)), suffix);
    }
    struct str extension = str_from(path_name(key), (size_t)dot);
    struct str stem = shortened(str_slice(key, 0, key.n - extension.n));
    return arena_printf(arena, "%.*s-%06x%.*s", STR_ARG(stem), suffix, STR_ARG(extension));
}

struct claim {
    uint64_t hash; /* of the folded key */
    size_t index;
};

static int compare_claims(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

static struct str key_of(const struct address_book *book, size_t index)
{
    return book->moved[index].n > 0 ? book->moved[index] : address_own_key(book->paths[index]);
}

/* The first component in which the keys differ, as it is in `key`. */
static struct str first_moved(struct str key, struct str moved)
{
    struct str a, b;
    while (str_cut(&a, &key, '/') && str_cut(&b, &moved, '/') && str_equal(a, b)) {
    }
    return a;
}

/* The folder of a key, with its slash. */
static struct str folder_of(struct str key)
{
    return str_slice(key, 0, (size_t)(str_find_last_char(key, '/') + 1));
}

/* The path's key, which is its own unless it has to make way. */
static struct str settle_key(struct address_book *book, size_t index, struct arena *arena,
                             struct str clear, struct diag *diag)
{
    struct str path = book->paths[index];
    struct str key = address_own_key(path);
    bool is_page = address_is_markdown(path);
    struct str moved = move_aside(arena, key, is_page, clear);
    if (!is_page && looks_generated(path_name(moved))) {
        moved = with_suffix(arena, moved, path);
    }
    if (moved.n == key.n) {
        return key;
    }
    book->moved[index] = moved;
    if (is_page) {
        struct place place = {.path = path};
        diag_add(diag, DIAG_ADDRESS_RESERVED, place, DIAG_WITH(first_moved(key, moved), moved));
    }
    return moved;
}

/* Files follow each other by folders: what one of them found clear is not looked at again. */
static void settle_keys(struct claim *claims, struct address_book *book, struct arena *arena,
                        struct diag *diag)
{
    struct buf folded = BUF_EMPTY;
    struct str clear = STR("");
    for (size_t i = 0; i < book->count; i++) {
        struct str key = settle_key(book, i, arena, clear, diag);
        clear = book->moved[i].n == 0 ? folder_of(key) : clear;
        buf_clear(&folded);
        unicode_fold_name(&folded, key);
        claims[i] = (struct claim){str_hash(buf_str(&folded)), i};
    }
    buf_free(&folded);
}

enum { PROBES_MAX = 64 };

/*
 * May two of them claim one key? Seldom; and where none do, a table tells it in a tenth of the time
 * that it takes to sort them. Hashes that crowd in one place are told of too.
 */
static bool may_be_doubles(const struct claim *claims, size_t count)
{
    size_t size = 64;
    while (size < count * 2) {
        size *= 2;
    }
    uint64_t *slots = calloc(size, sizeof *slots); /* 0 is free */
    if (slots == NULL) {
        arena_out_of_memory();
    }
    bool is_found = false;
    for (size_t i = 0; i < count && !is_found; i++) {
        uint64_t hash = claims[i].hash;
        size_t at = (size_t)hash & (size - 1), probes = 0;
        while (slots[at] != 0 && slots[at] != hash && probes < PROBES_MAX) {
            at = (at + 1) & (size - 1);
            probes++;
        }
        is_found = hash == 0 || slots[at] != 0;
        slots[at] = hash;
    }
    free(slots);
    return is_found;
}

/*
 * Sorted by hash, files that claim one key stand together, in the order of their paths. Two keys
 * with one hash of 64 bits would cost a needless suffix, nothing worse.
 */
static void move_doubles(struct claim *claims, struct address_book *book, struct arena *arena,
                         struct diag *diag)
{
    if (!may_be_doubles(claims, book->count)) {
        return;
    }
    qsort(claims, book->count, sizeof *claims, compare_claims);
    for (size_t i = 1; i < book->count; i++) {
        if (claims[i].hash != claims[i - 1].hash) {
            continue;
        }
        size_t index = claims[i].index;
        struct str path = book->paths[index];
        book->moved[index] = with_suffix(arena, key_of(book, index), path);
        struct place place = {.path = path};
        diag_add(diag, DIAG_ADDRESS_TAKEN, place,
                 DIAG_WITH(book->paths[claims[i - 1].index], book->moved[index]));
    }
}

void address_book_init(struct address_book *out, struct arena *arena, const struct str *paths,
                       size_t count, struct str base, struct diag *diag)
{
    *out = (struct address_book){.paths = paths, .count = count, .base = base};
    out->moved = arena_array(arena, count + 1, sizeof *out->moved);
    struct claim *claims = malloc((count + 1) * sizeof *claims);
    if (claims == NULL) {
        arena_out_of_memory();
    }
    settle_keys(claims, out, arena, diag);
    move_doubles(claims, out, arena, diag);
    free(claims);
}

size_t address_first_from(const struct address_book *book, struct str prefix)
{
    size_t low = 0, high = book->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(book->paths[middle], prefix) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

ptrdiff_t address_index(const struct address_book *book, struct str path)
{
    size_t at = address_first_from(book, path);
    return at < book->count && str_equal(book->paths[at], path) ? (ptrdiff_t)at : -1;
}

static void add_url(struct buf *out, struct str base, struct str key, bool is_page)
{
    buf_add(out, base);
    escape_path(out, key);
    if (is_page && key.n > 0) {
        buf_add_char(out, '/');
    }
}

void address_key(struct buf *out, const struct address_book *book, struct str path)
{
    ptrdiff_t index = address_index(book, path);
    buf_add(out, index < 0 ? address_own_key(path) : key_of(book, (size_t)index));
}

void address_url(struct buf *out, const struct address_book *book, struct str path)
{
    struct buf key = BUF_EMPTY;
    address_key(&key, book, path);
    add_url(out, book->base, buf_str(&key), address_is_markdown(path));
    buf_free(&key);
}

/* A folder that has a page of its own, made by us or from its README: any folder with a page. */
static bool is_folder(const struct address_book *book, struct buf *prefix)
{
    for (size_t i = address_first_from(book, buf_str(prefix)); i < book->count; i++) {
        if (!str_starts(book->paths[i], buf_str(prefix))) {
            return false;
        }
        if (address_is_markdown(book->paths[i])) {
            return true;
        }
    }
    return false;
}

void address_former_key(struct buf *out, struct str path)
{
    struct arena arena = {0};
    struct str key = address_own_key(path);
    buf_add(out, move_aside(&arena, key, address_is_markdown(path), STR("")));
    arena_free(&arena);
}

void address_page_url(struct buf *out, struct str base, struct str key)
{
    add_url(out, base, key, true);
}

void address_folder_url(struct buf *out, struct str base, struct str folder)
{
    struct arena arena = {0};
    add_url(out, base, move_aside(&arena, folder, true, STR("")), true);
    arena_free(&arena);
}

struct str address_find(const struct address_book *book, struct arena *arena, struct str path)
{
    while (str_ends(path, STR("/"))) {
        path = str_slice(path, 0, path.n - 1);
    }
    struct buf url = BUF_EMPTY;
    if (path.n == 0) {
        buf_add(&url, book->base);
    } else if (address_index(book, path) >= 0) {
        address_url(&url, book, path);
    } else {
        struct buf prefix = BUF_EMPTY;
        buf_add(&prefix, path);
        buf_add_char(&prefix, '/');
        if (is_folder(book, &prefix)) {
            address_folder_url(&url, book->base, path);
        }
        buf_free(&prefix);
    }
    struct str found = arena_copy(arena, buf_str(&url));
    buf_free(&url);
    return found;
}

void address_file(struct buf *out, struct str base, struct str url)
{
    escape_decode_percent(out, str_from(url, base.n));
    if (str_ends(url, STR("/"))) {
        buf_add(out, STR("index.html"));
    }
}
