/*
 * facts: what a search must know of every record that matches, in a few bytes each. For store/,
 * which writes them, and search/.
 *
 * A row of `search_facts` has those of FACTS_PER_BLOCK ids, FACTS_BYTES each, the block's first id
 * first; it ends with the last record that there is. All zero: no record has the id. A thousand
 * records and more are then counted and ranked from one page of the database. The row FACTS_KINDS
 * has a line for each kind: its key, and its Chinese name behind a tab where it has one; a kind's
 * number is that of its line, from 1. Three more rows say in lines what else a search asks for each
 * time, sorted, with tabs between: FACTS_META the keys and values of `meta`, FACTS_ORGANISATIONS
 * id, key, name and lineage of each, FACTS_SYNONYMS the pairs of words; a line feed or a tab inside
 * one is a blank there. For one statement and one page SQLite needs much less than for three
 * tables.
 *
 * Numbers stand with their greatest byte first:
 *
 *     0  3  date of the record, as year * 512 + month * 32 + day; 0: none
 *     3  3  words of its title and text, as bm25 counts them
 *     6  2  id of its organisation; 0: none that the site knows
 *     8  2  id of its catalogue item; 0: none
 *    10  1  number of its kind
 *    11  3  first day of its notice, in days since the year 1, from 1; 0: none
 *    14  2  days from there to the last one
 */
#ifndef SEARCH_FACTS_H
#define SEARCH_FACTS_H

#include "base/str.h"

#include <stdint.h>

enum {
    FACTS_BYTES = 16,
    FACTS_PER_BLOCK = 1000, /* with this a row fills a page of 16 KB, and needs no second one */
    FACTS_KINDS = -1,       /* the rows that have no facts */
    FACTS_META = -2,
    FACTS_ORGANISATIONS = -3,
    FACTS_SYNONYMS = -4,
    FACTS_KINDS_MAX = 255,
    FACTS_IDS_MAX = 65535
};

struct facts {
    uint32_t date, words;
    uint32_t org, item, kind;
    uint32_t notice_start, notice_days;
};

/* What is greater than its field can hold is cut down to that. */
void facts_write(unsigned char out[FACTS_BYTES], const struct facts *facts);
void facts_read(struct facts *out, const unsigned char bytes[FACTS_BYTES]);

/* Of YYYY-MM-DD, for comparing; 0 for any other text. */
uint32_t facts_date(struct str iso);

/* The same day in days since the year 1. */
uint32_t facts_day(struct str iso);

/* The year of facts_date; 0 where there is none. */
static inline unsigned facts_year(uint32_t date)
{
    return date >> 9;
}

/* Sets the days of a notice. One that ends before it begins is none. */
void facts_set_notice(struct facts *facts, struct str start, struct str end);

#endif
