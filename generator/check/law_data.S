/* law.yml, as bytes of the program. */
    .section .rodata
    .global check_law_begin
    .global check_law_end
check_law_begin:
    .incbin "generator/check/law.yml"
check_law_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
