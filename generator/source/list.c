/* The files of a commit: our own walk over its trees, every name and every size checked. */
#include "base/utf8.h"
#include "source/clash.h"
#include "source/fit.h"
#include "source/name.h"
#include "source/repository.h"

#include <stdlib.h>
#include <string.h>

/* A blob met before. Hostile trees name one blob a million times; each look costs an open file. */
struct known_size {
    struct source_id blob;
    uint64_t size;
    bool is_set;
};

enum { KNOWN_SIZES = 1024 };

/* Files are gathered in the caller's arena, what is needed while listing in `scratch`. */
struct list {
    struct source *source;
    const struct source_listing *listing;
    struct arena *arena;
    struct diag *diag;
    struct fault *fault;
    struct source_file *files;
    size_t file_count;
    struct clash_name *names; /* of files and folders */
    size_t name_count;
    size_t entry_count, path_bytes;
    struct buf path, folded; /* of where the walk stands */
    struct arena scratch;
    struct tree_cache cache;
    struct known_size known[KNOWN_SIZES];
};

static void tell(struct list *list, enum diag_code code, struct str second)
{
    struct str path = buf_str(&list->path);
    struct str name = str_from(path, (size_t)(str_find_last_char(path, '/') + 1));
    diag_add(list->diag, code, (struct place){.path = path}, DIAG_WITH(name, second));
}

static void tell_limit(struct list *list, enum diag_code code, size_t limit)
{
    struct str text = arena_printf(&list->scratch, "%zu", limit);
    diag_add(list->diag, code, (struct place){.path = buf_str(&list->path)}, DIAG_WITH(text));
}

/* By its size, which is known, and where it may be a pointer by its first line. */
static int judge(struct source *source, struct source_file *file, struct fault *fault)
{
    struct object *object;
    if (file->size > fit_limit(file->path)) {
        file->fitness = SOURCE_LARGE;
    }
    if (!fit_may_be_pointer(file)) {
        return 0;
    }
    if (repository_read(&object, source, &file->blob, GIT_OBJECT_BLOB, SOURCE_FILE_MAX, file->path,
                        fault) < 0) {
        return -1;
    }
    file->fitness = fit_is_pointer(object_str(object)) ? SOURCE_POINTER : SOURCE_FIT;
    object_release(object);
    return 0;
}

/* Notes the path where the walk stands, so that clashes are found at the end. */
static struct str add_name(struct list *list, size_t index)
{
    struct str path = buf_str(&list->path), folded = buf_str(&list->folded);
    struct arena *arena = index == (size_t)CLASH_FOLDER ? &list->scratch : list->arena;
    struct str copy = arena_copy(arena, path);
    list->path_bytes += path.n;
    list->names = arena_grow(&list->scratch, list->names, list->name_count, sizeof *list->names);
    list->names[list->name_count++] = (struct clash_name){
        .folded = str_equal(path, folded) ? copy : arena_copy(&list->scratch, folded),
        .path = copy,
        .index = index};
    return copy;
}

static int find_size(struct list *list, struct source_file *file)
{
    size_t slot = file->blob.bytes[0] | (size_t)file->blob.bytes[1] << 8;
    struct known_size *known = &list->known[slot % KNOWN_SIZES];
    if (known->is_set && source_id_equal(&known->blob, &file->blob)) {
        file->size = known->size;
        return 0;
    }
    if (repository_read_size(&file->size, list->source, &file->blob, file->path, list->fault) < 0) {
        return -1;
    }
    *known = (struct known_size){file->blob, file->size, true};
    return 0;
}

/* Its size, and whether it is fit, as far as that is not known from before or later. */
static int look_at(struct list *list, struct source_file *file)
{
    const struct source_known *known = list->listing->known;
    if (known != NULL && known->size(known->context, file->path, &file->blob, &file->size)) {
        return 0;
    }
    if (list->listing->leaves_text && fit_is_text(file->path)) {
        file->size = SOURCE_SIZE_UNREAD;
        return 0;
    }
    return find_size(list, file) < 0 ? -1 : judge(list->source, file, list->fault);
}

static int add_file(struct list *list, const struct tree_entry *entry)
{
    struct source_file file = {.path = buf_str(&list->path), .blob = entry->id};
    if (look_at(list, &file) < 0) {
        return -1;
    }
    file.path = add_name(list, list->file_count);
    list->files = arena_grow(list->arena, list->files, list->file_count, sizeof file);
    list->files[list->file_count++] = file;
    return 0;
}

static int list_folder(struct list *list, const struct source_id *id, int depth);

static int add_folder(struct list *list, const struct tree_entry *entry, int depth)
{
    if (depth >= SOURCE_DEPTH_MAX) {
        tell_limit(list, DIAG_FOLDER_DEEP, SOURCE_DEPTH_MAX);
        return 0;
    }
    add_name(list, (size_t)CLASH_FOLDER);
    buf_add_char(&list->path, '/');
    buf_add_char(&list->folded, '/');
    return list_folder(list, &entry->id, depth + 1);
}

/* What is neither file nor folder. */
static void tell_mode(struct list *list, unsigned mode)
{
    if (mode == MODE_LINK) {
        tell(list, DIAG_ENTRY_SYMLINK, (struct str){0});
    } else if (mode == MODE_MODULE) {
        tell(list, DIAG_ENTRY_SUBMODULE, (struct str){0});
    } else {
        tell(list, DIAG_ENTRY_MODE, arena_printf(&list->scratch, "%06o", mode));
    }
}

static bool check_name(struct list *list, struct str name)
{
    enum diag_code why;
    struct place place = {.path = buf_str(&list->path)};
    if (!name_is_fit(&why, name)) {
        struct str limit = arena_printf(&list->scratch, "%d", SOURCE_NAME_MAX);
        diag_add(list->diag, why, place, DIAG_WITH(utf8_first(name, 60), limit));
        return false;
    }
    if (list->path.n > SOURCE_PATH_MAX) {
        tell_limit(list, DIAG_PATH_LONG, SOURCE_PATH_MAX);
        return false;
    }
    return true;
}

static int add_entry(struct list *list, const struct tree_entry *entry, int depth)
{
    if (++list->entry_count > SOURCE_ENTRIES_MAX) {
        return fault_set(list->fault, "the commit has more than %d files and folders (the limit)",
                         SOURCE_ENTRIES_MAX);
    }
    if (list->path_bytes > SOURCE_PATHS_BYTES_MAX) {
        return fault_set(list->fault, "the commit's paths have more than %d bytes (the limit)",
                         SOURCE_PATHS_BYTES_MAX);
    }
    buf_add(&list->path, entry->name);
    if (!check_name(list, entry->name)) {
        return 0;
    }
    clash_fold(&list->folded, entry->name);
    if (entry->mode == MODE_FOLDER) {
        return add_folder(list, entry, depth);
    }
    if (tree_is_file(entry->mode)) {
        return add_file(list, entry);
    }
    tell_mode(list, entry->mode);
    return 0;
}

static int list_entries(struct list *list, struct tree *tree, int depth)
{
    struct tree_entry entry;
    size_t path_length = list->path.n, folded_length = list->folded.n;
    while (tree_next(&entry, tree)) {
        int result = add_entry(list, &entry, depth);
        buf_truncate(&list->path, path_length);
        buf_truncate(&list->folded, folded_length);
        if (result < 0) {
            return -1;
        }
    }
    return 0;
}

static int list_folder(struct list *list, const struct source_id *id, int depth)
{
    struct tree tree;
    if (tree_open(&tree, list->source, &list->cache, id, buf_str(&list->path), list->fault) < 0) {
        return -1;
    }
    int result = list_entries(list, &tree, depth);
    if (result == 0 && tree.is_malformed) {
        char text[41];
        source_id_format(text, id);
        result = fault_set(list->fault, "git object %s of \"%.*s\" is no tree", text,
                           STR_ARG(buf_str(&list->path)));
    }
    tree_close(&tree);
    return result;
}

static int compare_files(const void *a, const void *b)
{
    const struct source_file *x = a, *y = b;
    int order = str_compare(x->path, y->path);
    return order != 0 ? order : memcmp(x->blob.bytes, y->blob.bytes, sizeof x->blob.bytes);
}

/* git's own order of trees is the byte order of whole paths; only odd trees need sorting. */
static void sort_files(struct source_file *files, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (compare_files(&files[i - 1], &files[i]) > 0) {
            qsort(files, count, sizeof *files, compare_files);
            return;
        }
    }
}

/*
 * Without a configuration every file is published, and of two for one address one gets another
 * (store/address.h); with one, that is a fault to be mended.
 */
static bool has_configuration(const struct list *list)
{
    for (size_t i = 0; i < list->file_count; i++) {
        if (str_equal(list->files[i].path, STR("gongkai.yml"))) {
            return list->files[i].fitness == SOURCE_FIT;
        }
    }
    return false;
}

static void finish(struct list *list, struct source_files *out)
{
    bool *is_clashing = arena_array(&list->scratch, list->file_count + 1, sizeof *is_clashing);
    clash_find(list->names, list->name_count, !has_configuration(list), is_clashing, list->diag);
    size_t kept = 0;
    for (size_t i = 0; i < list->file_count; i++) {
        if (!is_clashing[i]) {
            list->files[kept++] = list->files[i];
        }
    }
    sort_files(list->files, kept);
    *out = (struct source_files){list->files, kept};
    source_drop_unfit(out, list->diag);
}

int source_measure(struct source *source, struct source_files *files, struct fault *fault)
{
    for (size_t i = 0; i < files->count; i++) {
        struct source_file *file = &files->items[i];
        bool is_unread = file->size == SOURCE_SIZE_UNREAD;
        if (is_unread &&
            (repository_read_size(&file->size, source, &file->blob, file->path, fault) < 0 ||
             judge(source, file, fault) < 0)) {
            return -1;
        }
    }
    return 0;
}

size_t source_drop_unfit(struct source_files *files, struct diag *diag)
{
    size_t kept = 0, count = files->count;
    for (size_t i = 0; i < count; i++) {
        if (files->items[i].fitness == SOURCE_FIT) {
            files->items[kept++] = files->items[i];
        } else {
            fit_tell(diag, &files->items[i]);
        }
    }
    files->count = kept;
    return count - kept;
}

int source_list(struct source *source, const struct source_listing *listing, struct arena *arena,
                struct source_files *out, struct diag *diag, struct fault *fault)
{
    static const struct source_listing plain = {.known = NULL};
    struct list *list = calloc(1, sizeof *list);
    if (list == NULL) {
        arena_out_of_memory();
    }
    list->source = source;
    list->listing = listing != NULL ? listing : &plain;
    list->arena = arena;
    list->diag = diag;
    list->fault = fault;
    list->path = list->folded = BUF_EMPTY;
    *out = (struct source_files){0};
    int result = list_folder(list, &source->root, 0);
    if (result == 0) {
        finish(list, out);
    }
    buf_free(&list->path);
    buf_free(&list->folded);
    arena_free(&list->scratch);
    tree_cache_free(&list->cache);
    free(list);
    return result;
}

static int compare_to_file(const void *key, const void *item)
{
    const struct str *path = key;
    return str_compare(*path, ((const struct source_file *)item)->path);
}

const struct source_file *source_find(const struct source_files *files, struct str path)
{
    if (files->count == 0) {
        return NULL;
    }
    return bsearch(&path, files->items, files->count, sizeof *files->items, compare_to_file);
}
