import type { ToolPatterns } from '../message-pattern.ts';

/** Emulators that are not QEMU: Apple's Rosetta, FEX and box64. */
export const rosetta: ToolPatterns = {
  tool: 'rosetta',
  patterns: [
    {
      line: /rosetta error: failed to open elf at (?<program>\S+)/,
      symptoms: ['loader-not-found', 'no-such-file'],
      precision: 'exact',
      examples: ['rosetta error: failed to open elf at /lib64/ld-linux-x86-64.so.2'],
    },
    {
      line: /rosetta error: |assertion failed \[.*rosetta|\[BOX(?:64|32)\] Error|FEXInterpreter.*(?:error|fail)/i,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        'rosetta error: unexpectedly need to EmulateForward on a synchronous exception',
        '[BOX64] Error loading needed lib libx.so',
      ],
    },
    {
      line: /Failed to find vdso DT_HASH/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: ['assertion failed [hash_table != nullptr]: Failed to find vdso DT_HASH'],
    },
  ],
};
