#include "commands/pushed_voice.h"

#include "commands/records.h"

struct hearing {
    const struct pushed_voice *voice;
    struct site site; /* of the new commit */
    struct diag *diag;
    struct arena arena;
};

static struct place place_of(const struct record *record, const char *key)
{
    const struct record_field *field = record_field(record, str_of(key));
    return field != NULL ? field->place : (struct place){.path = record->path};
}

/* NULL where the record is of the key's organisation, or of one below it. */
static const struct config_org *stranger_of(const struct hearing *hearing,
                                            const struct record *record)
{
    const struct config_org *org = config_org(hearing->voice->config, record->org);
    bool is_own = org == NULL || str_starts(org->lineage, hearing->voice->org->lineage);
    return is_own ? NULL : org;
}

static int read(struct hearing *hearing, struct record *out, struct arena *arena, struct str path,
                struct fault *fault)
{
    struct diag ignored = {0};
    int rc = records_read(&hearing->site, path, arena, out, &ignored, fault);
    diag_free(&ignored);
    return rc;
}

/* All records are read: what an index number is written in differs with their encodings. */
static int check_withdrawn(struct hearing *hearing, const struct record *record, struct str number,
                           struct fault *fault)
{
    struct arena arena = {0};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < hearing->site.record_count; i++) {
        struct str path = hearing->site.files.items[hearing->site.records[i]].path;
        struct record other;
        arena_reset(&arena);
        rc = str_equal(path, record->path) ? 0 : read(hearing, &other, &arena, path, fault);
        if (rc != 0 || str_equal(path, record->path)) {
            continue;
        }
        const struct record_field *index = record_field(&other, STR("index"));
        const struct config_org *stranger = stranger_of(hearing, &other);
        if (index != NULL && stranger != NULL && str_equal(index->text, number)) {
            diag_add(hearing->diag, DIAG_PUSH_WITHDRAWS, place_of(record, "withdraws"),
                     DIAG_WITH(number, stranger->name, hearing->voice->org->name));
        }
    }
    arena_free(&arena);
    return rc;
}

static int check_record_of(struct hearing *hearing, struct str path, struct fault *fault)
{
    struct record record;
    arena_reset(&hearing->arena);
    if (read(hearing, &record, &hearing->arena, path, fault) != 0) {
        return -1;
    }
    const struct config_org *stranger = stranger_of(hearing, &record);
    const struct record_field *withdraws = record_field(&record, STR("withdraws"));
    if (stranger != NULL) {
        diag_add(hearing->diag, DIAG_PUSH_SPEAKS, place_of(&record, "org"),
                 DIAG_WITH(stranger->name, hearing->voice->org->name));
    }
    return withdraws == NULL ? 0 : check_withdrawn(hearing, &record, withdraws->text, fault);
}

int pushed_voice_check(const struct pushed_voice *voice, struct diag *diag, struct fault *fault)
{
    struct hearing hearing = {.voice = voice, .diag = diag};
    struct diag ignored = {0};
    int rc = site_open(&hearing.site, voice->options, fault);
    if (rc == 0) {
        rc = site_load(&hearing.site, NULL, &ignored, fault);
    }
    for (size_t i = 0; rc == 0 && i < hearing.site.record_count; i++) {
        struct str path = hearing.site.files.items[hearing.site.records[i]].path;
        if (set_has(voice->paths, path)) {
            rc = check_record_of(&hearing, path, fault);
        }
    }
    site_free(&hearing.site);
    arena_free(&hearing.arena);
    diag_free(&ignored);
    return rc;
}
