/* Any bytes: findings are in order, inside the text, and masked for good; the fast search passes
 * over no row of digits, however fast it is. */
#include "check/personal.h"
#include "check/prefilter.h"
#include "check/serial.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t strongest(const struct normalise_run *run, size_t count)
{
    size_t gap = NORMALISE_GAP_NONE;
    for (size_t i = 1; i < count; i++) {
        gap = run->digits[i].gap > gap ? run->digits[i].gap : gap;
    }
    return gap;
}

/* Does it stand in a serial number, of which what is behind `at` may be a part? */
static bool is_serial(struct str bytes, size_t at)
{
    while (at > 0 &&
           (serial_is_digit(bytes, at - 1) || bytes.p[at - 1] == '-' || bytes.p[at - 1] == '.')) {
        at--;
    }
    for (size_t i = at;
         i < bytes.n && (serial_is_digit(bytes, i) || bytes.p[i] == '-' || bytes.p[i] == '.');
         i++) {
        if (serial_end(bytes, i) > i) {
            return true;
        }
    }
    return false;
}

static void expect_same(struct str bytes, enum normalise_gap most)
{
    for (size_t at = 0; at < bytes.n; at++) {
        size_t found = prefilter_find(bytes, at, most, PREFILTER_PLAIN);
        if (found < at || found != prefilter_find(bytes, at, most, prefilter_speed())) {
            abort();
        }
        at = found;
    }
}

static void test_prefilter(struct str bytes)
{
    struct normalise_run run;
    enum prefilter_speed speeds[] = {PREFILTER_PLAIN, prefilter_speed()};
    for (size_t at = 0; at < bytes.n && at < 2000; at++) {
        normalise_read(&run, bytes, at);
        for (size_t i = 0; i < 2 && run.count >= 11; i++) {
            enum normalise_gap most = strongest(&run, 11) == NORMALISE_GAP_STRONG
                                          ? NORMALISE_GAP_STRONG
                                          : NORMALISE_GAP_SOFT;
            bool is_left = most == NORMALISE_GAP_SOFT && (memchr(bytes.p, '%', bytes.n) != NULL ||
                                                          is_serial(bytes, run.digits[0].start));
            if (!is_left && prefilter_find(bytes, at, most, speeds[i]) > run.digits[0].start) {
                abort();
            }
        }
    }
    expect_same(bytes, NORMALISE_GAP_STRONG);
    if (memchr(bytes.p, '%', bytes.n) == NULL) {
        expect_same(bytes, NORMALISE_GAP_SOFT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    test_prefilter(bytes);
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
