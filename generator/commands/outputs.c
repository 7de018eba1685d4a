#include "commands/outputs.h"

#include <stdlib.h>

struct search {
    const struct output_list *outputs;
    struct publish *publish;
    size_t removed;
};

static int compare_outputs(const void *a, const void *b)
{
    const struct output *x = a, *y = b;
    return str_compare(x->file, y->file);
}

static int visit(void *context, struct str path)
{
    struct search *search = context;
    struct output wanted = {.file = path};
    const struct output_list *outputs = search->outputs;
    if (str_equal(path, STR("data/search.db")) ||
        bsearch(&wanted, outputs->items, outputs->count, sizeof wanted, compare_outputs) != NULL) {
        return 0;
    }
    publish_remove(search->publish, path);
    search->removed++;
    return 0;
}

/* Two outputs for one file would make the site depend on which came last. */
static int check_distinct(const struct output_list *outputs, struct fault *fault)
{
    for (size_t i = 1; i < outputs->count; i++) {
        if (str_equal(outputs->items[i].file, outputs->items[i - 1].file)) {
            return fault_set(fault, "two outputs want the file %s: %s and %s",
                             outputs->items[i].file.p, output_kind_name(&outputs->items[i - 1]),
                             output_kind_name(&outputs->items[i]));
        }
    }
    return 0;
}

static int sort_distinct(struct output_list *outputs, struct fault *fault)
{
    if (outputs->count > 1) {
        qsort(outputs->items, outputs->count, sizeof *outputs->items, compare_outputs);
    }
    return check_distinct(outputs, fault);
}

int outputs_remove_others(struct output_list *outputs, struct publish *publish, size_t *removed,
                          struct fault *fault)
{
    struct search search = {outputs, publish, 0};
    *removed = 0;
    if (publish_is_new(publish)) {
        return 0; /* nothing is there, and no file was made twice */
    }
    int rc = sort_distinct(outputs, fault);
    if (rc == 0) {
        rc = publish_walk(publish, visit, &search, fault);
    }
    *removed = search.removed;
    return rc;
}

int outputs_remove_vanished(struct output_list *before, struct output_list *outputs,
                            struct publish *publish, size_t *removed, struct fault *fault)
{
    struct search search = {outputs, publish, 0};
    int rc = sort_distinct(outputs, fault);
    for (size_t i = 0; rc == 0 && i < before->count; i++) {
        rc = visit(&search, before->items[i].file);
    }
    *removed = search.removed;
    return rc;
}
