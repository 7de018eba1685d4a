-- The database that researchers download, data/search.db. site/README.md documents every table.
-- Most of its indexes stand in indexes.sql. Nothing here needs more than a stock SQLite with FTS5.
-- `id` is internal: addresses, orders and citations use `path`. Columns of a WITHOUT ROWID table
-- stand in the order of its key: SQLite 3.40's quick_check calls any other order damaged.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE organisations (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,           -- county, department, township, village, branch, committee, ...
  code TEXT NOT NULL,           -- division code of 12 digits, or ''
  division TEXT NOT NULL,       -- the same, or of the nearest above that has one: a village's
                                -- committee and collective have the village's
  parent TEXT NOT NULL,         -- key of the organisation above, or ''
  lineage TEXT NOT NULL,        -- '/county/town/village/': every key from the top to this one
  folder TEXT NOT NULL,         -- where its records are kept in the repository
  url TEXT NOT NULL
);

CREATE TABLE items (            -- the disclosure catalogue
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  every TEXT NOT NULL,          -- month, quarter, half-year, year, event
  due INTEGER,                  -- day of the month after the period
  notice_days INTEGER,
  issuers TEXT NOT NULL,        -- types of organisations that owe it, a JSON array
  basis TEXT NOT NULL,          -- law and article
  content TEXT NOT NULL,        -- what must be told
  url TEXT NOT NULL
);

CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,    -- in the repository, below the content's root
  url TEXT NOT NULL UNIQUE,     -- on the site, from its root, percent-encoded
  folder TEXT NOT NULL,         -- of the path, '' at the root
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  date TEXT NOT NULL,           -- YYYY-MM-DD, the day of publication; '' where none is known
  org TEXT NOT NULL,            -- key of organisations, or ''
  item TEXT NOT NULL,           -- key of items, or ''
  own_summary TEXT,             -- where it is not the beginning of the body
  summary_length INTEGER NOT NULL, -- characters
  summary TEXT GENERATED ALWAYS AS (coalesce(own_summary, substr(text, 1, summary_length))) VIRTUAL,
  text TEXT NOT NULL,           -- all that is searched but for the title: the body, then what its
                                -- fields say, then its tables, then the names of its attachments;
                                -- a line feed ends every block
  body_length INTEGER NOT NULL, -- characters of text that are the body and the fields
  table_length INTEGER NOT NULL, -- and, behind them, the tables
  fields TEXT NOT NULL,         -- every field of the front matter, a JSON object
  index_number TEXT NOT NULL,   -- 索引号, or ''
  corrects TEXT NOT NULL,       -- index number of the record that this one corrects, or ''
  blob TEXT NOT NULL,           -- git's name of the source's bytes
  created INTEGER NOT NULL,     -- seconds since 1970, the commit that first had the path
  updated INTEGER NOT NULL      -- the commit that last changed it
);
CREATE INDEX records_by_notice ON records (date) WHERE instr(fields, '"notice_end"') > 0;
CREATE INDEX records_by_corrects ON records (corrects) WHERE corrects <> '';
CREATE INDEX records_by_withdraws ON records (path) WHERE instr(fields, '"withdraws"') > 0;

CREATE TABLE tables (
  id INTEGER PRIMARY KEY,
  record INTEGER NOT NULL REFERENCES records (id),
  number INTEGER NOT NULL,      -- 1 for the first of the record
  caption TEXT NOT NULL,
  kind TEXT NOT NULL,           -- of the tables whose columns we know: the view's name; or ''
  source TEXT NOT NULL,         -- path of the CSV file; '' where it stands in the record
  columns TEXT NOT NULL,        -- the names, a JSON array
  url TEXT NOT NULL,            -- of its CSV on the site
  UNIQUE (record, number)
);

CREATE TABLE table_rows (
  table_id INTEGER NOT NULL REFERENCES tables (id),
  number INTEGER NOT NULL,      -- 1 for the first row below the names
  cells TEXT NOT NULL,          -- a JSON array of text
  PRIMARY KEY (table_id, number)
) WITHOUT ROWID;

-- The rows of tables of a known kind, but for totals. c1, c2 ... are the columns of the kind, in the
-- schema's order: money in fen, dates as YYYY-MM-DD. The views of the kinds call them by name.
CREATE TABLE entries (
  table_id INTEGER NOT NULL REFERENCES tables (id),
  number INTEGER NOT NULL,      -- as in table_rows
  c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12,
  PRIMARY KEY (table_id, number)
) WITHOUT ROWID;

-- What the typed views are made from.
CREATE VIEW placed_records AS
  SELECT records.id, path, records.url, kind, title, date AS published, org, item, fields,
         organisations.name AS org_name, organisations.division AS org_code
    FROM records LEFT JOIN organisations ON organisations.key = records.org;

CREATE VIEW placed_entries AS
  SELECT tables.kind AS kind, records.path AS path, tables.number AS table_number,
         entries.number AS row_number, records.org AS org, organisations.name AS org_name,
         organisations.division AS org_code, records.date AS published,
         c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12
    FROM tables
    JOIN entries ON entries.table_id = tables.id
    JOIN records ON records.id = tables.record
    LEFT JOIN organisations ON organisations.key = records.org;

CREATE VIEW cells AS
  SELECT records.path AS path, tables.number AS table_number, table_rows.number AS row_number,
         json_each.key + 1 AS column_number,
         json_extract(tables.columns, '$[' || json_each.key || ']') AS column_name,
         json_each.value AS value
    FROM table_rows
    JOIN tables ON tables.id = table_rows.table_id
    JOIN records ON records.id = tables.record
    JOIN json_each(table_rows.cells);

CREATE TABLE board_tables (     -- tables that hang on the village's notice board and are not published
  record INTEGER NOT NULL REFERENCES records (id),
  number INTEGER NOT NULL,      -- counted with those of "tables"
  row_count INTEGER NOT NULL,
  sums TEXT NOT NULL,           -- of its columns of amounts, a JSON object: name to sum
  PRIMARY KEY (record, number)
) WITHOUT ROWID;

CREATE TABLE tags (
  tag TEXT NOT NULL,
  date TEXT NOT NULL,           -- the record's: what has a tag is listed by date
  record INTEGER NOT NULL REFERENCES records (id),
  PRIMARY KEY (tag, date, record)
) WITHOUT ROWID;

CREATE TABLE exceptions (       -- how many numbers of persons a record's exceptions let pass
  record INTEGER NOT NULL REFERENCES records (id),
  rule TEXT NOT NULL,           -- R16A identity numbers, R16C mobiles, R16E bank cards
  count INTEGER NOT NULL,
  PRIMARY KEY (record, rule)
) WITHOUT ROWID;

CREATE TABLE events (           -- what happens on a day, out of what records say; calendar.ics has them
  record INTEGER NOT NULL REFERENCES records (id),
  kind TEXT NOT NULL,           -- notice, schedule, meeting, consultation, collection, deadline, objection,
                                -- election
  number INTEGER NOT NULL,      -- 1; of what stands in a list (schedule, motions) the place in it
  org TEXT NOT NULL,            -- the record's
  starts TEXT NOT NULL,         -- the first day, YYYY-MM-DD, or with the site's time of day: ...T14:30
  ends TEXT NOT NULL,           -- the last day, which belongs to it, or with the time at which it ends
  place TEXT NOT NULL,
  about TEXT NOT NULL,          -- what is due, asked or talked about, or '': the record's title tells
  PRIMARY KEY (record, kind, number)
) WITHOUT ROWID;

CREATE TABLE links (            -- from record to record, or to a file of the repository
  target TEXT NOT NULL,         -- path in the repository
  record INTEGER NOT NULL REFERENCES records (id),
  text TEXT NOT NULL,
  PRIMARY KEY (target, record, text)
) WITHOUT ROWID;

CREATE TABLE attachments (      -- files of the repository that records link to or show
  path TEXT PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  blob TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE moved (            -- former addresses and where they lead now
  url TEXT PRIMARY KEY,
  record INTEGER NOT NULL REFERENCES records (id)
) WITHOUT ROWID;


CREATE TABLE withdrawals (      -- records that were published and are no more: never what they said
  path TEXT PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,     -- where the page stands that tells so
  kind TEXT NOT NULL,
  org TEXT NOT NULL,
  item TEXT NOT NULL,
  index_number TEXT NOT NULL,
  title TEXT NOT NULL,          -- what may be told of it, mostly ''
  cause TEXT NOT NULL,          -- withdrawn, by (another record), expired (its day came)
  date TEXT NOT NULL,
  reason TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  by_record TEXT NOT NULL,      -- path of the record that withdrew it, or ''
  announced TEXT NOT NULL,      -- the day on which the feeds tell it
  updated INTEGER NOT NULL      -- the commit that last changed it
) WITHOUT ROWID;

CREATE TABLE withdrawn_addresses ( -- former addresses of withdrawn records
  url TEXT PRIMARY KEY,
  path TEXT NOT NULL REFERENCES withdrawals (path)
) WITHOUT ROWID;

CREATE TABLE rewrites (         -- commits that did not follow the one published before, and why
  id INTEGER PRIMARY KEY,
  old_commit TEXT NOT NULL,
  new_commit TEXT NOT NULL,
  date TEXT NOT NULL,
  reason TEXT NOT NULL
);

CREATE TABLE synonyms (
  word TEXT NOT NULL,
  same TEXT NOT NULL,           -- another way to say it; every pair stands both ways
  PRIMARY KEY (word, same)
) WITHOUT ROWID;

CREATE TABLE search_pages (     -- what the search program answers with in the site's look
  language TEXT NOT NULL,
  name TEXT NOT NULL,           -- of the template
  page BLOB NOT NULL,           -- with all filled in that is known: theme/frozen.h
  PRIMARY KEY (language, name)
) WITHOUT ROWID;

CREATE TABLE search_facts (     -- what the search program counts and ranks by, 16 bytes a record
  block INTEGER PRIMARY KEY,    -- of the ids from 1000 * block; what is below 0 stands in other tables, too
  bytes BLOB NOT NULL           -- search/facts.h
);

-- Chinese is stored as overlapping pairs of characters: site/README.md tells how to ask. The rows
-- are those of records; `body` is the text without tables, `tables` theirs, `names` attachments'. The
-- longest column stands first: FTS5 spends two bytes for each word and record on any other one, a
-- quarter of the index.
CREATE VIRTUAL TABLE search USING fts5 (
  body, title, tables, names,
  content='', tokenize='unicode61'
);
