import type { ToolPatterns } from '../message-pattern.ts';

export const nspawn: ToolPatterns = {
  tool: 'systemd-nspawn',
  patterns: [
    {
      line: /execv\((?<program>[^,)]*)[^)]*\) failed: Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'execv(/bin/bash, /bin/bash, /bin/sh) failed: Exec format error',
        'execv(uname) failed: Exec format error',
      ],
    },
    {
      line: /execv\((?<program>[^,)]*)[^)]*\) failed: No such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['execv(/bin/bash, /bin/bash, /bin/sh) failed: No such file or directory'],
    },
    {
      line: /execv\((?<program>[^,)]*)[^)]*\) failed: Permission denied/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['execv(/bin/x) failed: Permission denied'],
    },
    {
      line: /Caught <(?:SEGV|ABRT|ILL|BUS)>, (?:core dump failed|dumped core)/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: ['Caught <SEGV>, core dump failed (child 2, code=killed, status=11/SEGV).'],
    },
  ],
};
