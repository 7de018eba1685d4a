/* schema.sql, compiled in as it is. */
    .section .rodata
    .global store_schema_sql
    .global store_schema_sql_end
store_schema_sql:
    .incbin "generator/store/schema.sql"
store_schema_sql_end:
    .byte 0
    .section .note.GNU-stack, "", @progbits
