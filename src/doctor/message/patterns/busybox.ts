import type { ToolPatterns } from '../message-pattern.ts';

export const busybox: ToolPatterns = {
  tool: 'busybox',
  patterns: [
    {
      line: /(?<program>[^\s:]+): line \d+: syntax error: (?:unexpected|unterminated)/,
      symptoms: ['run-as-script', 'exec-format-error'],
      precision: 'exact',
      examples: [
        './hello: line 1: syntax error: unexpected "("',
        './hello: line 2: syntax error: unterminated quoted string',
      ],
    },
    {
      line: /^(?<program>[^\s:]+): applet not found/,
      symptoms: ['wrong-argv0'],
      precision: 'exact',
      examples: ['qemu-aarch64: applet not found', 'hello: applet not found'],
    },
    {
      line: /sh: (?:line \d+: )?(?<program>[^\s:]+): not found/,
      symptoms: ['no-such-file'],
      examples: ['/bin/sh: ./hello: not found', 'sh: uname: not found'],
    },
    {
      line: /^\/?(?:bin\/)?(?:a?sh): (?:line \d+: )?(?<program>[^\s:]+): Permission denied/,
      symptoms: ['permission-denied'],
      examples: ['/bin/sh: ./hello: Permission denied'],
    },
    {
      line: /^(?:BusyBox v\d|Usage: busybox )/,
      symptoms: [],
      precision: 'vague',
      examples: ['BusyBox v1.37.0 (Debian) multi-call binary.'],
    },
  ],
};
