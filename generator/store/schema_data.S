/* schema.sql and indexes.sql, compiled in as they are. */
    .section .rodata
    .global store_schema_sql
    .global store_schema_sql_end
store_schema_sql:
    .incbin "generator/store/schema.sql"
store_schema_sql_end:
    .byte 0
    .global store_indexes_sql
store_indexes_sql:
    .incbin "generator/store/indexes.sql"
    .byte 0
    .section .note.GNU-stack, "", @progbits
