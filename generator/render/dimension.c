#include "render/dimension.h"

#include "render/page.h"

/* What a feed reads of a record; feed.c says how. */
#define FEED_COLUMNS                                                                               \
    " records.id, records.path, records.url, records.title, records.date, records.org,"            \
    " records.summary, records.created, records.updated "

/*
 * Every text is a constant: one per dimension and question, so that nothing is ever put together
 * at run time. None has a LIMIT: who has read enough stops, for with one SQLite orders the records
 * of each day in a table of its own. But those of an organisation and all below it are sorted
 * whole: whoever wants the newest alone asks for no more days than have them (tally_reach). `order`
 * is empty where SQLite would sort: tally.c does it sooner.
 */
#define DIMENSION(name, counted, listed, date, where, order, ids, values)                          \
    {                                                                                              \
        name, "SELECT " date " FROM " counted " WHERE " where order, ids,                          \
            "SELECT" ENTRY_COLUMNS "FROM " listed " WHERE " where " AND " date " >= ?2 AND " date  \
            " < ?3 ORDER BY " date " DESC, path",                                                  \
            "SELECT" FEED_COLUMNS "FROM " listed " WHERE " where " AND " date " >= ?2 AND " date   \
            " < ?3 ORDER BY " date " DESC, created DESC, path",                                    \
            values                                                                                 \
    }

/* The rows of tags have the date too: the periods of a tag are found without its records. */
static const struct dimension dimensions[] = {
    DIMENSION("all", "records", "records", "records.date", "?1 = ''", " ORDER BY date", NULL,
              "SELECT ''"),
    DIMENSION("org", "records", "records", "records.date",
              "org IN (SELECT key FROM organisations WHERE instr(lineage, '/' || ?1 || '/') > 0)",
              "", "SELECT id FROM organisations WHERE instr(lineage, '/' || ?1 || '/') > 0",
              "SELECT key FROM organisations ORDER BY id"),
    DIMENSION("item", "records", "records", "records.date", "item = ?1 AND item <> ''",
              " ORDER BY date", "SELECT id FROM items WHERE key = ?1",
              "SELECT key FROM items ORDER BY id"),
    DIMENSION("tag", "tags", "tags JOIN records ON records.id = tags.record", "tags.date",
              "tag = ?1", " ORDER BY date", NULL, "SELECT DISTINCT tag FROM tags ORDER BY tag"),
    DIMENSION("section", "records", "records", "records.date", "folder = ?1", " ORDER BY date",
              NULL,
              "SELECT folder FROM records GROUP BY folder HAVING count(*) > 200 ORDER BY folder"),
};

enum { DIMENSION_COUNT = sizeof dimensions / sizeof dimensions[0], ALL = 0, SECTION = 4 };

const struct dimension *dimension_at(size_t index)
{
    return index < DIMENSION_COUNT ? &dimensions[index] : NULL;
}

const struct dimension *dimension_find(struct str name)
{
    for (size_t i = 0; i < DIMENSION_COUNT; i++) {
        if (str_equal(str_of(dimensions[i].name), name)) {
            return &dimensions[i];
        }
    }
    return &dimensions[ALL];
}

bool dimension_is_all(const struct dimension *dimension)
{
    return dimension == &dimensions[ALL];
}

bool dimension_is_section(const struct dimension *dimension)
{
    return dimension == &dimensions[SECTION];
}
