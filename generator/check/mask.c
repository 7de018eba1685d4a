#include "check/mask.h"

#include <stdio.h>

/*
 * An identity number that shows region and the last four places has 2,690 candidates left over
 * eighty years of birth, and 32 where the year stands beside it: 2+3 leaves all of the birth date
 * and the region open.
 */
static const struct mask_kind {
    struct str key, zh;
    size_t before, after; /* places that may be shown at most */
    size_t places[4];     /* how long such a number is; of 18 places are identity numbers */
} kinds[] = {
    {{"mobile", 6}, {"手机号", 9}, 3, 4, {11}},
    {{"identity", 8}, {"身份证号", 12}, 2, 3, {15, 18}},
    {{"card", 4}, {"银行卡号", 12}, 4, 4, {16, 17, 19}},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const struct mask_kind *find_kind(struct str name)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (str_equal_nocase(name, kinds[i].key) || str_equal(name, kinds[i].zh)) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* "3+4": the places before and behind the stars. */
static bool read_shown(size_t *before, size_t *after, struct str text)
{
    struct str rest = text, front;
    ptrdiff_t plus = str_find_char(text, '+');
    if (plus < 0 || !str_cut(&front, &rest, '+')) {
        return false;
    }
    long a = str_number(str_trim(front), 99), b = str_number(str_trim(rest), 99);
    *before = (size_t)a;
    *after = (size_t)b;
    return a >= 0 && b >= 0 && a + b > 0;
}

static void add_windows(struct check *out, const struct mask_kind *kind, size_t before,
                        size_t after, struct place place)
{
    for (size_t i = 0; i < 4 && kind->places[i] > 0; i++) {
        if (out->window_count < CHECK_WINDOWS_MAX) {
            out->windows[out->window_count++] =
                (struct check_window){before, kind->places[i] - before - after, after, place};
        }
    }
}

void mask_read(struct check *out, const struct config *config, struct diag *diag)
{
    for (size_t i = 0; i < config->rules.mask_count; i++) {
        const struct config_setting *setting = &config->rules.masks[i];
        const struct mask_kind *kind = find_kind(setting->name);
        size_t before, after;
        char most[24];
        if (kind == NULL || !read_shown(&before, &after, setting->text)) {
            diag_add(diag, DIAG_MASK_BAD, setting->place, DIAG_WITH(setting->name, setting->text));
        } else if (before > kind->before || after > kind->after) {
            snprintf(most, sizeof most, "%zu+%zu", kind->before, kind->after);
            diag_add(diag, DIAG_MASK_LOOSE, setting->place,
                     DIAG_WITH(setting->name, setting->text, str_of(most)));
        } else {
            add_windows(out, kind, before, after, setting->place);
        }
    }
}
