/* The JavaScript, compiled and packed; the assembler looks for the file in its include path. */
  .section .rodata
  .global bytecode
  .global bytecode_end
bytecode:
  .incbin "bytecode.bin"
bytecode_end:
  .section .note.GNU-stack, "", %progbits
