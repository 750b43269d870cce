import type { ToolPatterns } from '../message-pattern.ts';

/** dash, which reads what execve refuses as a script, so that a program becomes a syntax error. */
export const dash: ToolPatterns = {
  tool: 'dash',
  patterns: [
    {
      line: /(?:^|: \d+: )(?<program>[^\s:]+): Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['sh: 1: ./hello: Exec format error', '/bin/sh: 1: /usr/bin/uname: Exec format error'],
    },
    {
      line: /(?<program>[^\s:]+): \d+: Syntax error: /,
      symptoms: ['run-as-script', 'exec-format-error'],
      precision: 'exact',
      examples: [
        './hello: 1: Syntax error: Unterminated quoted string',
        '/usr/bin/uname: 1: Syntax error: word unexpected (expecting ")")',
        './hello: 2: Syntax error: "(" unexpected',
      ],
    },
    {
      // The header's first bytes, \x7fELF, taken for the name of a command.
      line: /(?<program>[^\s:]+): (?:line )?\d+: \S{0,8}ELF\S*: (?:not found|command not found)/,
      symptoms: ['run-as-script', 'exec-format-error'],
      precision: 'exact',
      examples: ['./hello: 1: \\x7fELF\\x02\\x01\\x01: not found', './hello: 1: ELF: not found'],
    },
    {
      line: /sh: \d+: (?<program>[^\s:]+): not found/,
      symptoms: ['no-such-file'],
      examples: ['sh: 1: ./hello: not found', '/bin/sh: 1: /usr/bin/gcc: not found'],
    },
    {
      line: /sh: \d+: (?<program>[^\s:]+): Permission denied/,
      symptoms: ['permission-denied'],
      examples: ['sh: 1: ./hello: Permission denied'],
    },
    {
      line: /sh: \d+: (?<program>[^\s:]+): Too many levels of symbolic links/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['sh: 1: /bin/true: Too many levels of symbolic links'],
    },
  ],
};
