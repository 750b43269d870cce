import type { ToolPatterns } from '../message-pattern.ts';

/** Dynamic loaders: glibc's ld.so and musl's. */
export const loader: ToolPatterns = {
  tool: 'ld.so',
  patterns: [
    {
      line: /(?<program>[^\s:]+): error while loading shared libraries: (?<library>[^\s:]+): (?:cannot open|wrong ELF class|ELF file|invalid ELF)/,
      symptoms: ['loader-not-found'],
      precision: 'exact',
      examples: [
        './hello: error while loading shared libraries: libfoo.so.1: cannot open shared object file: No such file or directory',
        'hack/run: error while loading shared libraries: libz.so.1: wrong ELF class: ELFCLASS64',
      ],
    },
    {
      line: /\bld-musl-(?<architecture>[\w]+?)\.so\.1: (?<program>[^\s:]+): Not a valid dynamic program/,
      symptoms: ['wrong-platform', 'loader-not-found'],
      precision: 'exact',
      examples: ['/lib/ld-musl-x86_64.so.1: ./hello: Not a valid dynamic program'],
    },
  ],
};
