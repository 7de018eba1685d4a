#include "source/repository.h"

#include "base/digest.h"
#include "source/loose.h"
#include "source/name_check.h"

#include <stdio.h>
#include <string.h>

/* git's name of the tree without entries, which a repository need not store. */
static const struct source_id empty_tree = {{0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e,
                                             0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6,
                                             0x92, 0x88, 0xfb, 0xee, 0x49, 0x04}};

bool source_id_equal(const struct source_id *a, const struct source_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static void to_oid(git_oid *out, const struct source_id *id)
{
    memcpy(out->id, id->bytes, sizeof id->bytes);
}

int repository_fault(struct fault *fault, const struct source_id *id, struct str path)
{
    char text[41];
    source_id_format(text, id);
    const git_error *error = git_error_last();
    if (error != NULL && error->klass == GIT_ERROR_ODB &&
        str_starts(str_of(error->message), STR("object not found"))) {
        return fault_tell(
            fault,
            "git 仓库里缺少对象 %s（“%.*s”的）：用 git clone 重新取一份完整的，不要带 "
            "--filter；git fsck 能查出还缺什么",
            "git object %s of \"%.*s\": it is missing; clone the repository whole, "
            "without --filter, and see git fsck",
            text, STR_ARG(path));
    }
    return fault_set(fault, "git object %s of \"%.*s\": %s", text, STR_ARG(path),
                     error != NULL ? error->message : "cannot be read");
}

int repository_check_kind(const struct source_id *id, git_object_t type, uint64_t size,
                          const struct repository_wanted *wanted, struct fault *fault)
{
    char text[41];
    source_id_format(text, id);
    if (type != wanted->type) {
        return fault_set(fault, "git object %s of \"%.*s\" is a %s, not a %s", text,
                         STR_ARG(wanted->path), git_object_type2string(type),
                         git_object_type2string(wanted->type));
    }
    return size <= wanted->limit
               ? 0
               : fault_set(fault,
                           "git object %s of \"%.*s\" has %llu bytes, more than the limit %zu",
                           text, STR_ARG(wanted->path), (unsigned long long)size, wanted->limit);
}

static int check_header(struct source *source, const struct source_id *id,
                        const struct repository_wanted *wanted, struct fault *fault)
{
    size_t size;
    git_object_t found;
    git_oid oid;
    to_oid(&oid, id);
    git_error_clear();
    if (git_odb_read_header(&size, &found, source->odb, &oid) != 0) {
        return repository_fault(fault, id, wanted->path);
    }
    return repository_check_kind(id, found, size, wanted, fault);
}

int repository_has_name(const struct object *object, const struct source_id *id,
                        struct fault *fault)
{
    char header[64];
    struct source_id found;
    int n = snprintf(header, sizeof header, "%s %zu", git_object_type2string(object->type),
                     object->size);
    const struct str pieces[] = {{header, (size_t)n + 1}, /* with the NUL behind it */
                                 object_str(object)};
    if (digest_sha1_of(found.bytes, pieces, 2, fault) < 0) {
        return -1;
    }
    return source_id_equal(&found, id);
}

/* From a pack of the repository's own. 1 where that is done, 0 where it is looked for elsewhere. */
static int read_packed(struct object **out, struct source *source, const struct source_id *id,
                       const struct repository_wanted *wanted, struct fault *fault)
{
    struct pack_place place;
    if (!packs_find(&place, source->packs, id)) {
        return 0;
    }
    struct object *object = packs_read(source->packs, &place, SOURCE_FILE_MAX);
    int result = 0;
    if (object != NULL && object->type == wanted->type && object->size <= wanted->limit) {
        result = repository_has_name(object, id, fault);
    }
    if (result != 1) {
        object_release(object);
        object = NULL;
    }
    *out = object;
    return result;
}

static struct object *copy_object(git_odb_object *from)
{
    struct object *object = object_new(git_odb_object_type(from), git_odb_object_size(from));
    memcpy(object->bytes, git_odb_object_data(from), object->size);
    return object;
}

/* By libgit2, from wherever it finds it. */
static int read_anywhere(struct object **out, struct source *source, const struct source_id *id,
                         const struct repository_wanted *wanted, struct fault *fault)
{
    git_oid oid;
    git_odb_object *object;
    char text[41];
    if (check_header(source, id, wanted, fault) < 0) {
        return -1;
    }
    to_oid(&oid, id);
    if (git_odb_read(&object, source->odb, &oid) != 0) {
        return repository_fault(fault, id, wanted->path);
    }
    *out = copy_object(object);
    git_odb_object_free(object);
    source_id_format(text, id);
    /* The header may have lied: what counts is what came. */
    return (*out)->type == wanted->type && (*out)->size <= wanted->limit
               ? 1
               : fault_set(fault, "git object %s of \"%.*s\" is not what its header says", text,
                           STR_ARG(wanted->path));
}

/* A file of its own, or what libgit2 finds. */
static int read_other(struct object **out, struct source *source, const struct source_id *id,
                      const struct repository_wanted *wanted, struct fault *fault)
{
    char text[41];
    int result = loose_read(out, source, id, wanted, fault);
    result = result == 0 ? read_anywhere(out, source, id, wanted, fault) : result;
    int is_named = result == 1 ? repository_has_name(*out, id, fault) : result;
    source_id_format(text, id);
    return is_named != 0
               ? is_named
               : fault_set(fault,
                           "git object %s of \"%.*s\" is damaged: its bytes have another name",
                           text, STR_ARG(wanted->path));
}

int repository_read(struct object **out, struct source *source, const struct source_id *id,
                    git_object_t type, size_t limit, struct str path, struct fault *fault)
{
    const struct repository_wanted wanted = {type, limit, path};
    *out = NULL;
    int result = read_packed(out, source, id, &wanted, fault);
    if (result == 0) {
        result = read_other(out, source, id, &wanted, fault);
    }
    if (result < 0) {
        object_release(*out);
        *out = NULL;
    }
    return result < 0 ? -1 : 0;
}

int repository_read_size(uint64_t *out, struct source *source, const struct source_id *id,
                         struct str path, struct fault *fault)
{
    size_t size;
    git_object_t type;
    git_oid oid;
    struct pack_place place;
    struct pack_header header;
    if (packs_find(&place, source->packs, id) && packs_header(&header, &place) &&
        header.type == GIT_OBJECT_BLOB) {
        *out = header.size;
        return 0;
    }
    to_oid(&oid, id);
    if (loose_check_header(source, id, path, fault) < 0) {
        return -1;
    }
    if (git_odb_read_header(&size, &type, source->odb, &oid) != 0) {
        return repository_fault(fault, id, path);
    }
    if (type != GIT_OBJECT_BLOB) {
        char text[41];
        source_id_format(text, id);
        return fault_set(fault, "git object %s of \"%.*s\" is a %s, not a blob", text,
                         STR_ARG(path), git_object_type2string(type));
    }
    *out = size;
    return 0;
}

static struct tree_cache_slot *cache_slot(struct tree_cache *cache, const struct source_id *id)
{
    return &cache->slots[(id->bytes[0] | (size_t)id->bytes[1] << 8) % TREE_CACHE_SLOTS];
}

static void cache_forget(struct tree_cache *cache, struct tree_cache_slot *slot)
{
    if (slot->object != NULL) {
        cache->bytes -= slot->object->size;
        object_release(slot->object);
        slot->object = NULL;
    }
}

static void cache_keep(struct tree_cache *cache, const struct source_id *id, struct object *object)
{
    struct tree_cache_slot *slot = cache_slot(cache, id);
    cache_forget(cache, slot);
    if (object->size > TREE_CACHE_BYTES / 2) {
        return;
    }
    if (cache->bytes + object->size > TREE_CACHE_BYTES) {
        tree_cache_free(cache);
    }
    *slot = (struct tree_cache_slot){*id, object_hold(object)};
    cache->bytes += object->size;
}

void tree_cache_free(struct tree_cache *cache)
{
    for (size_t i = 0; i < TREE_CACHE_SLOTS; i++) {
        cache_forget(cache, &cache->slots[i]);
    }
}

/* Out of a pack, its name left to the cache's check; NULL where it is not there as it should be. */
static struct object *read_unchecked(struct source *source, struct tree_cache *cache,
                                     const struct source_id *id)
{
    struct pack_place place;
    if (cache->check == NULL || !packs_find(&place, source->packs, id)) {
        return NULL;
    }
    struct object *object = packs_read(source->packs, &place, REPOSITORY_TREE_MAX);
    if (object != NULL && object->type != GIT_OBJECT_TREE) {
        object_release(object);
        return NULL;
    }
    if (object != NULL) {
        name_check_put(cache->check, object, id);
    }
    return object;
}

int tree_open(struct tree *out, struct source *source, struct tree_cache *cache,
              const struct source_id *id, struct str path, struct fault *fault)
{
    *out = (struct tree){0};
    if (source_id_equal(id, &empty_tree)) {
        return 0;
    }
    const struct tree_cache_slot *slot = cache_slot(cache, id);
    if (slot->object != NULL && source_id_equal(&slot->id, id)) {
        out->object = object_hold(slot->object);
    } else {
        out->object = read_unchecked(source, cache, id);
        if (out->object == NULL && repository_read(&out->object, source, id, GIT_OBJECT_TREE,
                                                   REPOSITORY_TREE_MAX, path, fault) < 0) {
            return -1;
        }
        cache_keep(cache, id, out->object);
    }
    out->bytes = object_str(out->object);
    out->rest = out->bytes;
    return 0;
}

/* One to seven octal digits and a blank; their length, or 0. */
static size_t read_mode(unsigned *out, struct str s)
{
    unsigned mode = 0;
    for (size_t i = 0; i < s.n && i < 8; i++) {
        if (s.p[i] == ' ') {
            *out = mode;
            return i > 0 ? i + 1 : 0;
        }
        if (s.p[i] < '0' || s.p[i] > '7') {
            return 0;
        }
        mode = mode * 8 + (unsigned)(s.p[i] - '0');
    }
    return 0;
}

bool tree_next(struct tree_entry *out, struct tree *tree)
{
    struct str rest = tree->rest;
    if (rest.n == 0) {
        return false;
    }
    tree->is_malformed = true;
    size_t n = read_mode(&out->mode, rest);
    if (n == 0) {
        return false;
    }
    rest = str_from(rest, n);
    const char *end = rest.n > 0 ? memchr(rest.p, '\0', rest.n) : NULL;
    if (end == NULL) {
        return false;
    }
    out->name = (struct str){rest.p, (size_t)(end - rest.p)};
    rest = str_from(rest, out->name.n + 1);
    if (rest.n < sizeof out->id.bytes) {
        return false;
    }
    memcpy(out->id.bytes, rest.p, sizeof out->id.bytes);
    tree->rest = str_from(rest, sizeof out->id.bytes);
    tree->is_malformed = false;
    return true;
}

void tree_close(struct tree *tree)
{
    object_release(tree->object);
    *tree = (struct tree){0};
}

bool tree_is_file(unsigned mode)
{
    return mode == 0100644 || mode == 0100755 || mode == 0100664;
}

static int find_child(struct source_id *out, struct source *source, struct tree_cache *cache,
                      const struct source_id *folder, struct str name, struct fault *fault)
{
    struct tree tree;
    struct tree_entry entry;
    int found = 0;
    if (tree_open(&tree, source, cache, folder, name, fault) < 0) {
        return -1;
    }
    while (found == 0 && tree_next(&entry, &tree)) {
        if (entry.mode == MODE_FOLDER && str_equal(entry.name, name)) {
            *out = entry.id;
            found = 1;
        }
    }
    tree_close(&tree);
    return found;
}

int tree_find_folder(struct source_id *out, struct source *source, struct tree_cache *cache,
                     const struct source_id *root, struct str path, struct fault *fault)
{
    struct source_id id = *root;
    struct str name;
    while (str_cut(&name, &path, '/')) {
        struct source_id parent = id;
        int found = find_child(&id, source, cache, &parent, name, fault);
        if (found != 1) {
            return found;
        }
    }
    *out = id;
    return 1;
}
