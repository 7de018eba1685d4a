#include "commands/example.h"

#include "base/date.h"
#include "base/file.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1024 * 1024 };

struct example_names example_names_of(const struct config *config)
{
    struct example_names names = {config->title, STR("."), config->title};
    bool has_village = false;
    for (size_t i = 0; i < config->org_count; i++) {
        const struct config_org *org = &config->orgs[i];
        bool is_village = str_equal(org->type, STR("village"));
        bool has_folder = org->folder.n > 0 && !str_equal(org->folder, STR("."));
        if (has_folder && !has_village && (is_village || str_equal(names.folder, STR(".")))) {
            names.folder = org->folder;
            names.village = org->name;
            has_village = is_village;
        }
    }
    return names;
}

void example_pairs(struct layout_pair out[EXAMPLE_PAIRS], const struct example_names *names,
                   struct str date, struct str name)
{
    const struct layout_pair pairs[EXAMPLE_PAIRS] = {{STR("@DATE@"), date},
                                                     {STR("@NAME@"), name},
                                                     {STR("@TITLE@"), names->title},
                                                     {STR("@FOLDER@"), names->folder},
                                                     {STR("@VILLAGE@"), names->village}};
    for (size_t i = 0; i < EXAMPLE_PAIRS; i++) {
        out[i] = pairs[i];
    }
}

int example_config(struct config *out, struct arena *arena, struct fault *fault)
{
    struct diag diag = {0};
    bool is_good =
        config_parse(out, arena, STR("gongkai.yml"), layout_bytes(LAYOUT_FILE_CONFIG), &diag);
    diag_free(&diag);
    return is_good ? 0 : fault_set(fault, "the configuration that is laid out has faults");
}

/* Of the front matter; the day on which it was laid out. */
static struct str day_of(struct str text)
{
    ptrdiff_t at = str_find(text, STR("发布日期: "));
    struct date date;
    struct str rest = at < 0 ? STR("") : str_from(text, (size_t)at + STR("发布日期: ").n);
    struct str day = str_slice(rest, 0, rest.n < 10 ? rest.n : 10);
    return date_parse(&date, day) ? day : STR("");
}

/* The file without the carriage returns that a clone on Windows has; 0 where there is none. */
static int read_plain(struct buf *out, int at, const char *path, struct fault *fault)
{
    struct stat status;
    struct buf bytes = BUF_EMPTY;
    if (fstatat(at, path, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode)) {
        return 0;
    }
    int rc = file_read(&bytes, at, path, FILE_MAX, fault);
    for (size_t i = 0; rc == 0 && i < bytes.n; i++) {
        if (bytes.p[i] != '\r') {
            buf_add_char(out, bytes.p[i]);
        }
    }
    buf_free(&bytes);
    return rc == 0 ? 1 : -1;
}

static void fill(struct buf *out, enum layout_file file, const struct example_names *names,
                 struct str date, struct str name)
{
    struct layout_pair pairs[EXAMPLE_PAIRS];
    example_pairs(pairs, names, date, name);
    layout_fill(out, file, pairs, EXAMPLE_PAIRS);
}

static int replace(int at, const char *path, struct str bytes, struct fault *fault)
{
    struct buf temporary = BUF_EMPTY;
    buf_printf(&temporary, "%s.%ld", path, (long)getpid());
    int rc = file_create(at, temporary.p, bytes, 0644, false, fault);
    if (rc == 0 && renameat(at, temporary.p, at, path) != 0) {
        rc = fault_tell_errno(fault, "写不了 %s", "cannot write %s", path);
        unlinkat(at, temporary.p, 0);
    }
    buf_free(&temporary);
    return rc;
}

int example_renew(int at, const char *path, enum layout_file file,
                  const struct example_names *before, const struct example_names *now,
                  struct fault *fault)
{
    struct buf found = BUF_EMPTY, old = BUF_EMPTY, new = BUF_EMPTY;
    int rc = read_plain(&found, at, path, fault);
    struct str date = rc == 1 ? day_of(buf_str(&found)) : STR("");
    fill(&old, file, before, date, STR(""));
    fill(&new, file, now, date, STR(""));
    bool is_ours = rc == 1 && str_equal(buf_str(&found), buf_str(&old));
    if (is_ours && !str_equal(buf_str(&old), buf_str(&new))) {
        rc = replace(at, path, buf_str(&new), fault) == 0 ? 1 : -1;
    } else {
        rc = rc < 0 ? -1 : 0;
    }
    buf_free(&found);
    buf_free(&old);
    buf_free(&new);
    return rc;
}

int example_remove(int at, struct str folder, struct str name, struct fault *fault)
{
    const struct example_names nobody = {STR(""), STR(""), STR("")};
    struct buf path = BUF_EMPTY, found = BUF_EMPTY, old = BUF_EMPTY;
    buf_printf(&path, "%.*s/README.md", STR_ARG(folder));
    int rc = read_plain(&found, at, path.p, fault);
    fill(&old, LAYOUT_FILE_FOLDER, &nobody, rc == 1 ? day_of(buf_str(&found)) : STR(""), name);
    if (rc == 1 && !str_equal(buf_str(&found), buf_str(&old))) {
        rc = 0;
    }
    if (rc == 1 && unlinkat(at, path.p, 0) != 0) {
        rc = fault_tell_errno(fault, "删不了 %s", "cannot remove %s", path.p);
    }
    if (rc == 1) {
        buf_truncate(&path, folder.n);
        unlinkat(at, path.p, AT_REMOVEDIR); /* not where a clerk's files stand in it */
    }
    buf_free(&path);
    buf_free(&found);
    buf_free(&old);
    return rc;
}
