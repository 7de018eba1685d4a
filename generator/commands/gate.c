#include "commands/gate.h"

#include "check/record.h"

#include <string.h>
#include <sys/random.h>

static const char key_name[] = "cleared_key";

static int draw_key(struct gate *gate, struct fault *fault)
{
    char random[32];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return fault_errno(fault, "cannot draw a random key");
    }
    if (digest_of(gate->key, (struct str){random, sizeof random}, fault) != 0) {
        return -1;
    }
    memory_put_meta(gate->memory, key_name, str_of(gate->key));
    return 0;
}

static bool read_key(struct gate *gate)
{
    struct arena arena = {0};
    struct str key = memory_meta(gate->memory, &arena, key_name);
    bool is_there = key.n == DIGEST_TEXT_SIZE - 1;
    if (is_there) {
        memcpy(gate->key, key.p, key.n + 1);
    }
    arena_free(&arena);
    return is_there;
}

int gate_open(struct gate *out, struct memory *memory, struct fault *fault)
{
    *out = (struct gate){.memory = memory};
    return read_key(out) ? 0 : draw_key(out, fault);
}

void gate_open_later(struct gate *out, const char *path)
{
    *out = (struct gate){.path = path};
}

/* The key is of one length and nobody else's digest begins with it: no HMAC is needed. */
static int hash(char out[DIGEST_TEXT_SIZE], const struct gate *gate, struct str digits,
                struct fault *fault)
{
    struct digest *digest = digest_new();
    digest_add(digest, str_of(gate->key));
    digest_add(digest, digits);
    return digest_finish(out, digest, fault);
}

int gate_put_cleared(struct gate *gate, struct str path, const struct set *digits,
                     struct fault *fault)
{
    char text[DIGEST_TEXT_SIZE];
    for (size_t i = 0; i < digits->count; i++) {
        if (hash(text, gate, digits->items[i], fault) != 0) {
            return -1;
        }
        memory_put_cleared(gate->memory, path, str_of(text));
    }
    return 0;
}

static int open_own(struct gate *gate, struct fault *fault)
{
    if (gate->memory != NULL) {
        return 0;
    }
    if (memory_open(&gate->memory, gate->path, DATABASE_READ, fault) != 0) {
        return -1;
    }
    return read_key(gate) ? 0 : fault_set(fault, "%s has no key", gate->path);
}

/* 1 where the number was let pass. */
static int is_cleared(struct gate *gate, struct str digits, struct fault *fault)
{
    char text[DIGEST_TEXT_SIZE];
    if (open_own(gate, fault) != 0 || hash(text, gate, digits, fault) != 0) {
        return -1;
    }
    int is_known = memory_has_cleared(gate->memory, str_of(text));
    return database_check(memory_database(gate->memory), fault) == 0 ? is_known : -1;
}

static void add(struct diag *diag, struct str file, struct str record,
                const struct personal_finding *finding)
{
    static const char stars[] = "************************";
    struct str shown = {stars, str_of(finding->digits).n};
    diag_add(diag, DIAG_PERSONAL_OUTPUT, (struct place){.path = record}, DIAG_WITH(file, shown));
}

int gate_check(struct gate *gate, struct str file, struct str record, struct str bytes,
               struct diag *diag, struct fault *fault)
{
    struct arena arena = {0};
    struct personal_list found = {0};
    int rc = 0;
    personal_find_shown(&found, &arena, bytes, PERSONAL_FORM_TEXT);
    for (size_t i = 0; rc >= 0 && i < found.count; i++) {
        rc = is_cleared(gate, str_of(found.items[i].digits), fault);
        if (rc == 0) {
            add(diag, file, record, &found.items[i]);
        }
    }
    arena_free(&arena);
    return rc < 0 ? -1 : 0;
}

static void see(void *context, struct str text)
{
    struct gate *gate = context;
    if (!gate->has_failed) {
        gate->has_failed = gate_check(gate, STR("data/search.db"), gate->record, text, gate->diag,
                                      &gate->fault) != 0;
    }
}

void gate_watch(struct gate *gate, struct database *db, struct diag *diag)
{
    gate->diag = diag;
    database_watch(db, see, gate);
}

void gate_close(struct gate *gate)
{
    struct fault ignored;
    if (gate->path != NULL) {
        memory_close(gate->memory, &ignored);
    }
    gate->memory = NULL;
}
