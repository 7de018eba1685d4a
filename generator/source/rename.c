#include "source/rename.h"

#include "base/path.h"

#include <stdlib.h>
#include <string.h>

/* git's name of no bytes at all. */
static const struct source_id empty_blob = {{0xe6, 0x9d, 0xe2, 0x9b, 0xb2, 0xd1, 0xd6,
                                             0x43, 0x4b, 0x8b, 0x29, 0xae, 0x77, 0x5a,
                                             0xd8, 0xc2, 0xe4, 0x8c, 0x53, 0x91}};

static int compare_blobs(const struct rename_file *a, const struct rename_file *b)
{
    return memcmp(a->blob.bytes, b->blob.bytes, sizeof a->blob.bytes);
}

static int compare_blobs_and_names(const struct rename_file *a, const struct rename_file *b)
{
    int order = compare_blobs(a, b);
    return order != 0 ? order : str_compare(path_name(a->path), path_name(b->path));
}

static int sort_by_name(const void *a, const void *b)
{
    const struct rename_file *x = a, *y = b;
    int order = compare_blobs_and_names(x, y);
    return order != 0 ? order : str_compare(x->path, y->path);
}

static int sort_by_path(const void *a, const void *b)
{
    const struct rename_file *x = a, *y = b;
    int order = compare_blobs(x, y);
    return order != 0 ? order : str_compare(x->path, y->path);
}

/* A way to tell which two belong together; both arrays are sorted by it. */
struct rename_rule {
    int (*sort)(const void *, const void *);
    int (*compare)(const struct rename_file *, const struct rename_file *);
};

static size_t next_free(const struct rename_file *files, size_t count, size_t i)
{
    while (i < count && (files[i].is_paired ||
                         memcmp(files[i].blob.bytes, empty_blob.bytes, sizeof empty_blob) == 0)) {
        i++;
    }
    return i;
}

void rename_pair(struct rename_file *gone, size_t gone_count, struct rename_file *come,
                 size_t come_count, void (*visit)(void *context, uint32_t from, uint32_t to),
                 void *context)
{
    static const struct rename_rule rules[] = {{sort_by_name, compare_blobs_and_names},
                                               {sort_by_path, compare_blobs}};
    if (gone_count == 0 || come_count == 0) {
        return;
    }
    for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++) {
        qsort(gone, gone_count, sizeof *gone, rules[r].sort);
        qsort(come, come_count, sizeof *come, rules[r].sort);
        size_t i = next_free(gone, gone_count, 0), k = next_free(come, come_count, 0);
        while (i < gone_count && k < come_count) {
            int order = rules[r].compare(&gone[i], &come[k]);
            if (order == 0) {
                visit(context, gone[i].index, come[k].index);
                gone[i].is_paired = come[k].is_paired = true;
            }
            i = next_free(gone, gone_count, order <= 0 ? i + 1 : i);
            k = next_free(come, come_count, order >= 0 ? k + 1 : k);
        }
    }
}
