/* A word, a line feed, and text: pieces of valid text stay valid, and marking loses nothing. */
#include "base/utf8.h"
#include "search/snippet.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t check_pieces(const struct search_pieces *pieces)
{
    size_t n = 0;
    for (size_t i = 0; i < pieces->count; i++) {
        if (utf8_find_invalid(pieces->v[i].text) >= 0) {
            abort();
        }
        n += pieces->v[i].text.n;
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str word, text = {(const char *)data, size};
    if (utf8_find_invalid(text) >= 0 || !str_cut(&word, &text, '\n')) {
        return 0;
    }
    struct arena arena = {0};
    struct snippet snippet = {0};
    snippet_add_needle(&snippet, &arena, word, size % 2 == 0);
    struct search_pieces pieces = snippet_mark(&snippet, &arena, text);
    if (check_pieces(&pieces) != text.n) {
        abort();
    }
    snippet_find(&snippet, text);
    pieces = snippet_cut(&snippet, &arena, text, true, true);
    check_pieces(&pieces);
    snippet_free(&snippet);
    arena_free(&arena);
    return 0;
}
