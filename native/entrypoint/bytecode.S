/* The JavaScript, compiled; the assembler looks for the file in its include path. */
  .section .rodata
  .global bytecode
  .global bytecode_end
bytecode:
  .incbin "bytecode.bin"
bytecode_end:
  .byte 0
  .section .note.GNU-stack, "", %progbits
