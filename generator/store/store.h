/*
 * store: writes the candidate database. Only commands/ includes it; render/ reads what it wrote
 * through database.h.
 *
 *     store_create(&store, path, &schema, &fault);
 *     store_gather(store);                           where there is to be an index
 *     store_put_site(store, config, theme...);
 *     store_put_record(store, &record, &facts);      in the order of their paths
 *     store_put_withdrawal(store, &withdrawal);      of records that are public no more
 *     store_gathered(store);                         after store_gather: no more records come
 *     store_commit(store, &fault);                   other connections see the records from here
 *     store_index(store, &fault);                    the full-text index; may run in a thread
 *     store_finish(store, &fault);                   closes
 *
 * The same records in the same order give the same bytes. Whatever may not be public on the
 * as-of date must not be handed in: the store is the last gate, not the first.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "record/record.h"
#include "store/database.h"

enum { STORE_APPLICATION_ID = 0x474f4e47 /* "GONG" */, STORE_SCHEMA_VERSION = 6 };

struct store;

/* How many findings of a rule the record's exceptions let pass. */
struct store_exception {
    struct str rule;
    size_t count;
};

/* What a record's source and history say of it, beside what is in it. */
struct store_facts {
    struct str url;  /* percent-encoded, from the site's root */
    struct str date; /* YYYY-MM-DD, or empty */
    struct str blob; /* 40 hexadecimal digits */
    int64_t created, updated;
    const struct store_exception *exceptions;
    size_t exception_count;
};

/* With views for the kinds and tables of the schema, which is not needed afterwards. */
int store_create(struct store **out, const char *path, const struct schema *schema,
                 struct fault *fault);

/*
 * Opens a copy of a published database to be changed: records are put and removed in any order,
 * and store_purge indexes them.
 */
int store_update(struct store **out, const char *path, struct fault *fault);

/*
 * A whole build's records are to be indexed: the words of each are cut when a thread has time, or
 * once all have come. Before the first of them.
 */
void store_gather(struct store *store);

/* No more records come: the rest of that work begins beside what else there is to do. */
void store_gathered(struct store *store);

/* Any thread, while another puts records: takes some of that work. */
void store_help(struct store *store);

void store_put_meta(struct store *store, const char *key, struct str value);
void store_put_config(struct store *store, const struct config *config);
void store_put_search_page(struct store *store, struct str language, struct str name,
                           struct str page);

/* The record's new id. */
int64_t store_put_record(struct store *store, const struct record *record,
                         const struct store_facts *facts);

/* Takes out the record of that path with all that goes with it; false where there is none. */
bool store_remove_record(struct store *store, struct str path);

/*
 * A record that was public and is no more. It is not put in with store_put_record: what it said
 * stands nowhere.
 */
struct store_withdrawal {
    struct str path, url, kind, org, item, index_number, title;
    struct str cause; /* "withdrawn", "by" or "expired" */
    struct str date, reason, approved_by, by_record, announced;
    int64_t updated;
};

void store_put_withdrawal(struct store *store, const struct store_withdrawal *withdrawal);

/* Takes out the withdrawal of that path; false where there is none. */
bool store_remove_withdrawal(struct store *store, struct str path);

/* A commit that did not follow the published one was published, and why. */
void store_put_rewrite(struct store *store, struct str old_commit, struct str new_commit,
                       struct str date, struct str reason);

/* The record's links anew: those of `record`, in place of what the record `id` had. */
void store_put_links_again(struct store *store, int64_t id, const struct record *record);

/* Attachments and former addresses are few: an update puts all of them anew. */
void store_clear_attachments(struct store *store);
void store_clear_moved(struct store *store);
void store_put_attachment(struct store *store, struct str path, struct str url, int64_t bytes,
                          struct str blob);
/* Not where a page stands: a record's, the folder's of that path, or the home page. */
void store_put_moved(struct store *store, struct str url, struct str folder,
                     struct str record_path);

/* The database itself, for reading what is in it so far. */
struct database *store_database(struct store *store);

/* Puts the digest of all rows into meta: the last row before store_commit. */
int store_seal(struct store *store, struct fault *fault);

int store_commit(struct store *store, struct fault *fault);
int store_index(struct store *store, struct fault *fault);

/*
 * After the last put and remove of an update: brings the index up to date, and leaves no trace of
 * the words of removed records. What is not an update is left to store_index.
 */
int store_purge(struct store *store, struct fault *fault);
int store_finish(struct store *store, struct fault *fault);

/* Closes and leaves what was written to be thrown away. NULL is fine. */
void store_abandon(struct store *store);

#endif
