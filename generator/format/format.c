#include "format/format.h"

#include "format/ical_check.h"
#include "format/json_check.h"

static int check_csvw(struct format_fault *out, struct str bytes)
{
    return json_check(out, bytes, csvw_check);
}

static int check_package(struct format_fault *out, struct str bytes)
{
    return json_check(out, bytes, package_check);
}

static int check_dcat(struct format_fault *out, struct str bytes)
{
    return json_check(out, bytes, dcat_check);
}

/*
 * The files of ours that are in a format for others, and their readers. Where `folder` is given
 * they stand in it or below it; content has no file at an address of ours.
 */
static const struct {
    struct str folder, name;
    int (*check)(struct format_fault *out, struct str bytes);
} formats[] = {
    {{"", 0}, {"calendar.ics", 12}, ical_check},
    {{"archive/", 8}, {"calendar.ics", 12}, ical_check},
    {{"data/", 5}, {"datapackage.json", 16}, check_package},
    {{"data/", 5}, {"catalog.jsonld", 14}, check_dcat},
    {{"archive/", 8}, {"catalog.jsonld", 14}, check_dcat},
    {{NULL, 0}, {"csv-metadata.json", 17}, check_csvw}, /* in any folder */
};

static bool is_in(struct str file, struct str folder, struct str name)
{
    if (folder.p != NULL && folder.n == 0) {
        return file.n == name.n;
    }
    return str_starts(file, folder);
}

int format_check(struct format_fault *out, struct str file, struct str bytes)
{
    *out = (struct format_fault){0};
    struct str name = str_from(file, (size_t)(str_find_last_char(file, '/') + 1));
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (str_equal(name, formats[i].name) && is_in(file, formats[i].folder, name)) {
            return formats[i].check(out, bytes);
        }
    }
    return 0;
}
