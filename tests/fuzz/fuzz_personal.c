/* Any bytes: findings are in order, inside the text, and masked for good. */
#include "check/personal.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    for (int form = PERSONAL_FORM_TEXT; form <= PERSONAL_FORM_CSV; form++) {
        struct arena arena = {0};
        struct personal_list found = {0};
        struct buf masked = BUF_EMPTY;
        struct personal_window windows[4];
        size_t at = 0;
        personal_find(&found, &arena, bytes, (enum personal_form)form);
        for (size_t i = 0; i < found.count; i++) {
            if (found.items[i].start < at || found.items[i].end <= found.items[i].start ||
                found.items[i].end > size) {
                abort();
            }
            at = found.items[i].end;
        }
        personal_mask(&masked, bytes, &found);
        personal_windows(windows, 4, bytes);
        buf_free(&masked);
        arena_free(&arena);
    }
    return 0;
}
