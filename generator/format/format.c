#include "format/format.h"

#include "format/ical_check.h"

/* The files of ours that are in a format for others, and their readers. */
static const struct {
    struct str name;
    int (*check)(struct format_fault *out, struct str bytes);
} formats[] = {
    {{"calendar.ics", 12}, ical_check},
};

/* Content has no file at an address of ours, and elsewhere a file is whoever's who put it there. */
static bool is_ours(struct str file)
{
    return str_find_char(file, '/') < 0 || str_starts(file, STR("archive/")) ||
           str_starts(file, STR("data/"));
}

int format_check(struct format_fault *out, struct str file, struct str bytes)
{
    *out = (struct format_fault){0};
    struct str name = str_from(file, (size_t)(str_find_last_char(file, '/') + 1));
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (is_ours(file) && str_equal(name, formats[i].name)) {
            return formats[i].check(out, bytes);
        }
    }
    return 0;
}
