-- Indexes of the tables in schema.sql. A whole build makes them once the rows are in, in one sorted
-- pass each: kept up row by row they cost most of the time at 100,000 records. Those that few rows
-- come into stand in schema.sql: they cost less than a pass.

CREATE INDEX records_by_date ON records (date, path);
CREATE INDEX records_by_org ON records (org, date);
CREATE INDEX records_by_item ON records (item, date) WHERE item <> '';
CREATE INDEX records_by_index_number ON records (index_number) WHERE index_number <> '';
CREATE INDEX records_by_folder ON records (folder, date);
CREATE INDEX tables_by_kind ON tables (kind) WHERE kind <> '';
CREATE INDEX tags_by_record ON tags (record);
CREATE INDEX events_by_org ON events (org, ends);
CREATE INDEX events_by_end ON events (ends);
CREATE INDEX links_by_record ON links (record);
CREATE INDEX moved_by_record ON moved (record);
