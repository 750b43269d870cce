import type { ToolPatterns } from '../message-pattern.ts';

export const bash: ToolPatterns = {
  tool: 'bash',
  patterns: [
    {
      line: /(?:^|: )(?<program>[^\s:]+): cannot execute binary file/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'bash: ./hello: cannot execute binary file: Exec format error',
        '/bin/bash: line 1: /usr/bin/uname: cannot execute binary file: Exec format error',
        '/bin/uname: /bin/uname: cannot execute binary file',
      ],
    },
    {
      line: /(?:^|: )(?<program>[^\s:]+): cannot execute: required file not found/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['bash: ./hello: cannot execute: required file not found'],
    },
    {
      line: /(?:^|: )(?<program>[^\s:]+): [^\s:]+: bad interpreter: (?:No such file|Permission denied|Text file)/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['bash: ./x.sh: /bin/sh^M: bad interpreter: No such file or directory'],
    },
    {
      line: /(?:^|: )(?<program>[^\s:]+): bad ELF interpreter: No such file/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['bash: ./hello: /lib/ld-linux-aarch64.so.1: bad ELF interpreter: No such file or directory'],
    },
    {
      line: /bash: (?:line \d+: )?(?<program>[^\s:]+): No such file or directory/,
      symptoms: ['no-such-file'],
      examples: [
        'bash: ./hello: No such file or directory',
        'bash: line 1: ./hello: No such file or directory',
      ],
    },
    {
      line: /bash: (?:line \d+: )?(?<program>[^\s:]+): Permission denied/,
      symptoms: ['permission-denied'],
      examples: ['-bash: ./hello: Permission denied'],
    },
    {
      line: /bash: (?:line \d+: )?(?<program>[^\s:]+): Too many levels of symbolic links/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['bash: /bin/true: Too many levels of symbolic links'],
    },
    {
      line: /line \d+: +\d+ Segmentation fault +(?:\(core dumped\) )?(?<program>\S*)/,
      symptoms: ['guest-crash'],
      examples: ['x.sh: line 3:  1234 Segmentation fault      (core dumped) ldconfig'],
    },
    {
      line: /line \d+: +\d+ Killed +\S|^Killed$/,
      symptoms: ['out-of-memory', 'guest-crash'],
      examples: ['bash: line 1: 28775 Killed                  qemu-s390x ./cc1', 'Killed'],
    },
    {
      // A program that a shell reads as a script; further down it is more likely a script with a mistake.
      line: /(?<program>[^\s:]+): line [1-9]: syntax error near unexpected token/,
      symptoms: ['run-as-script', 'exec-format-error'],
      examples: [
        "./hello: line 1: syntax error near unexpected token `('",
        './hello: line 1: syntax error near unexpected token )',
      ],
    },
  ],
};
