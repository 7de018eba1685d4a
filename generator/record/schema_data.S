/* schema.yml, as bytes of the program. */
    .section .rodata
    .global record_schema_begin
    .global record_schema_end
record_schema_begin:
    .incbin "generator/record/schema.yml"
record_schema_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
