import type { ToolPatterns } from '../message-pattern.ts';

export const make: ToolPatterns = {
  tool: 'make',
  patterns: [
    {
      line: /^make(?:\[\d+\])?: (?<program>[^:*]+): Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['make: ./hello: Exec format error', 'make[1]: ./gen: Exec format error'],
    },
    {
      line: /^make(?:\[\d+\])?: (?<program>[^:*]+): No such file or directory/,
      symptoms: ['no-such-file'],
      examples: ['make: ./hello: No such file or directory'],
    },
    {
      line: /^make(?:\[\d+\])?: (?<program>[^:*]+): Permission denied/,
      symptoms: ['permission-denied'],
      examples: ['make: ./hello: Permission denied'],
    },
    {
      line: /^make(?:\[\d+\])?: \*\*\* .*(?:Segmentation fault|Illegal instruction|Error 139)/,
      symptoms: ['guest-crash'],
      examples: ['make: *** [Makefile:2: all] Segmentation fault (core dumped)'],
    },
    {
      line: /^make(?:\[\d+\])?: \*\*\* /,
      symptoms: [],
      precision: 'vague',
      examples: ['make: *** [Makefile:2: all] Error 126'],
    },
  ],
};
