/*
 * address: which file of the commit stands where on the site. For commands/ and render/.
 *
 * A Markdown file `a/b.md` has the key `a/b` and the address BASE + `a/b/`; a folder's README.md or
 * index.md has the folder's key; any other file has its own path as key and address. Names that
 * generated pages use are kept free: content under them gets an underscore behind that component,
 * the first of many names, any that is index.html or a table's. Of two files with one key (compared
 * as unicode_fold_name does) the first in byte order keeps it and the other gets a suffix that
 * depends on nothing but its own path.
 */
#ifndef STORE_ADDRESS_H
#define STORE_ADDRESS_H

#include "base/arena.h"
#include "base/diag.h"

struct address_book {
    const struct str *paths; /* sorted in byte order, borrowed */
    size_t count;
    struct str base;   /* begins and ends with "/" */
    struct str *moved; /* for each path the key that it got instead of its own, or empty */
};

/* Is it a file that becomes a page? By extension: .md, .markdown, in any case. */
bool address_is_markdown(struct str path);

/* Is it the page of its folder: README or index, in any case? */
bool address_is_folder_page(struct str path);

/* Settles every key. `paths` must live as long as the book. Moves are told to `diag`. */
void address_book_init(struct address_book *out, struct arena *arena, const struct str *paths,
                       size_t count, struct str base, struct diag *diag);

/* Appends the key of the path, which must be in the book: "a/b", "" for the root's page. */
void address_key(struct buf *out, const struct address_book *book, struct str path);

/* Appends the address: percent-encoded, from the site's root. */
void address_url(struct buf *out, const struct address_book *book, struct str path);

/* The key that a path asks for: "a/b" of a/b.md, the folder of a folder's page. Borrowed from it.
 */
struct str address_own_key(struct str path);

/*
 * Appends the key that a Markdown file had which the commit has no more, as far as its own path
 * tells: another file may have had it and left it a suffix.
 */
void address_former_key(struct buf *out, struct str path);

/* Appends the address of a page with that key. */
void address_page_url(struct buf *out, struct str base, struct str key);

/* Appends the address of a folder's page. */
void address_folder_url(struct buf *out, struct str base, struct str folder);

/* The address of a file or folder of the commit; empty where there is no such thing. */
struct str address_find(const struct address_book *book, struct arena *arena, struct str path);

/* The index of the first path that is not below `prefix` in byte order; `count` where none is. */
size_t address_first_from(const struct address_book *book, struct str prefix);

/* Where among the paths this one stands, or -1. */
ptrdiff_t address_index(const struct address_book *book, struct str path);

/* Appends the file below the web root that answers at `url` (of this base). */
void address_file(struct buf *out, struct str base, struct str url);

#endif
