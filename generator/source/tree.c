#include "source/repository.h"

#include "base/digest.h"
#include "source/loose.h"

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
    return fault_set(fault, "git object %s of \"%.*s\": %s", text, STR_ARG(path),
                     error != NULL ? error->message : "cannot be read");
}

static int check_header(struct source *source, const struct source_id *id, git_object_t type,
                        size_t limit, struct str path, struct fault *fault)
{
    size_t size;
    git_object_t found;
    git_oid oid;
    char text[41];
    to_oid(&oid, id);
    git_error_clear();
    if (loose_check_header(source, id, path, fault) < 0) {
        return -1;
    }
    if (git_odb_read_header(&size, &found, source->odb, &oid) != 0) {
        return repository_fault(fault, id, path);
    }
    source_id_format(text, id);
    if (found != type) {
        return fault_set(fault, "git object %s of \"%.*s\" is a %s, not a %s", text, STR_ARG(path),
                         git_object_type2string(found), git_object_type2string(type));
    }
    if (size > limit) {
        return fault_set(fault, "git object %s of \"%.*s\" has %zu bytes, more than the limit %zu",
                         text, STR_ARG(path), size, limit);
    }
    return loose_check(source, id, path, fault);
}

/* Does it bear the name of its bytes? */
static int check_name(git_odb_object *object, const struct source_id *id, struct str path,
                      struct fault *fault)
{
    char header[64], text[41];
    struct source_id found;
    size_t size = git_odb_object_size(object);
    int n = snprintf(header, sizeof header, "%s %zu",
                     git_object_type2string(git_odb_object_type(object)), size);
    const struct str pieces[] = {{header, (size_t)n + 1}, /* with the NUL behind it */
                                 {git_odb_object_data(object), size}};
    if (digest_sha1_of(found.bytes, pieces, 2, fault) < 0) {
        return -1;
    }
    if (!source_id_equal(&found, id)) {
        source_id_format(text, id);
        return fault_set(fault, "git object %s of \"%.*s\" is damaged: its bytes have another name",
                         text, STR_ARG(path));
    }
    return 0;
}

int repository_read(git_odb_object **out, struct source *source, const struct source_id *id,
                    git_object_t type, size_t limit, struct str path, struct fault *fault)
{
    git_oid oid;
    git_odb_object *object;
    *out = NULL;
    if (check_header(source, id, type, limit, path, fault) < 0) {
        return -1;
    }
    to_oid(&oid, id);
    if (git_odb_read(&object, source->odb, &oid) != 0) {
        return repository_fault(fault, id, path);
    }
    /* The header may have lied: what counts is what came. */
    if (git_odb_object_type(object) != type || git_odb_object_size(object) > limit) {
        git_odb_object_free(object);
        char text[41];
        source_id_format(text, id);
        return fault_set(fault, "git object %s of \"%.*s\" is not what its header says", text,
                         STR_ARG(path));
    }
    if (check_name(object, id, path, fault) < 0) {
        git_odb_object_free(object);
        return -1;
    }
    *out = object;
    return 0;
}

int repository_read_size(uint64_t *out, struct source *source, const struct source_id *id,
                         struct str path, struct fault *fault)
{
    size_t size;
    git_object_t type;
    git_oid oid;
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

static git_odb_object **cache_slot(struct tree_cache *cache, const struct source_id *id)
{
    return &cache->slots[(id->bytes[0] | (size_t)id->bytes[1] << 8) % TREE_CACHE_SLOTS];
}

static bool is_object(git_odb_object *object, const struct source_id *id)
{
    return object != NULL &&
           memcmp(git_odb_object_id(object)->id, id->bytes, sizeof id->bytes) == 0;
}

static void cache_forget(struct tree_cache *cache, git_odb_object **slot)
{
    if (*slot != NULL) {
        cache->bytes -= git_odb_object_size(*slot);
        git_odb_object_free(*slot);
        *slot = NULL;
    }
}

static void cache_keep(struct tree_cache *cache, const struct source_id *id, git_odb_object *object)
{
    size_t size = git_odb_object_size(object);
    git_odb_object **slot = cache_slot(cache, id);
    cache_forget(cache, slot);
    if (size > TREE_CACHE_BYTES / 2) {
        return;
    }
    if (cache->bytes + size > TREE_CACHE_BYTES) {
        tree_cache_free(cache);
    }
    if (git_odb_object_dup(slot, object) == 0) {
        cache->bytes += size;
    }
}

void tree_cache_free(struct tree_cache *cache)
{
    for (size_t i = 0; i < TREE_CACHE_SLOTS; i++) {
        cache_forget(cache, &cache->slots[i]);
    }
}

int tree_open(struct tree *out, struct source *source, struct tree_cache *cache,
              const struct source_id *id, struct str path, struct fault *fault)
{
    *out = (struct tree){0};
    if (source_id_equal(id, &empty_tree)) {
        return 0;
    }
    git_odb_object *cached = *cache_slot(cache, id);
    if (is_object(cached, id)) {
        if (git_odb_object_dup(&out->object, cached) != 0) {
            return repository_fault(fault, id, path);
        }
    } else {
        if (repository_read(&out->object, source, id, GIT_OBJECT_TREE, REPOSITORY_TREE_MAX, path,
                            fault) < 0) {
            return -1;
        }
        cache_keep(cache, id, out->object);
    }
    out->bytes.p = git_odb_object_data(out->object);
    out->bytes.n = git_odb_object_size(out->object);
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
    git_odb_object_free(tree->object);
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
