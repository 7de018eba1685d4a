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
#define DIMENSION(name, counted, listed, date, where, order, ids, starts, part, values)            \
    {                                                                                              \
        name, "SELECT " date " FROM " counted " WHERE " where order, ids,                          \
            "SELECT" ENTRY_COLUMNS "FROM " listed " WHERE " where " AND " date " >= ?2 AND " date  \
            " < ?3 ORDER BY " date " DESC, path",                                                  \
            starts, part,                                                                          \
            "SELECT" FEED_COLUMNS "FROM " listed " WHERE " where " AND " date " >= ?2 AND " date   \
            " < ?3 ORDER BY " date " DESC, created DESC, path",                                    \
            values                                                                                 \
    }

/* One day in the order of its paths, which one index has: nothing is sorted for a part of it. */
#define OF_DAY " FROM records INDEXED BY records_by_date WHERE date = ?2"
#define STARTS(where) "SELECT path" OF_DAY " AND " where " ORDER BY path"
#define PART(where) "SELECT" ENTRY_COLUMNS OF_DAY " AND path >= ?3 AND " where " ORDER BY path"

#define IN_ORG "org IN (SELECT key FROM organisations WHERE instr(lineage, '/' || ?1 || '/') > 0)"

/* The rows of tags have the date too: the periods of a tag are found without its records. */
static const struct dimension dimensions[] = {
    DIMENSION("all", "records", "records", "records.date", "?1 = ''", " ORDER BY date", NULL,
              STARTS("?1 = ''"), PART("?1 = ''"), "SELECT ''"),
    DIMENSION("org", "records", "records", "records.date", IN_ORG, "",
              "SELECT id FROM organisations WHERE instr(lineage, '/' || ?1 || '/') > 0",
              STARTS(IN_ORG), PART(IN_ORG), "SELECT key FROM organisations ORDER BY id"),
    DIMENSION("item", "records", "records", "records.date", "item = ?1 AND item <> ''",
              " ORDER BY date", "SELECT id FROM items WHERE key = ?1", STARTS("item = ?1"),
              PART("item = ?1"), "SELECT key FROM items ORDER BY id"),
    DIMENSION("tag", "tags", "tags JOIN records ON records.id = tags.record", "tags.date",
              "tag = ?1", " ORDER BY date", NULL, NULL, NULL,
              "SELECT DISTINCT tag FROM tags ORDER BY tag"),
    DIMENSION("section", "records", "records", "records.date", "folder = ?1", " ORDER BY date",
              NULL, STARTS("folder = ?1"), PART("folder = ?1"),
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
