import type { ToolPatterns } from '../message-pattern.ts';

export const bubblewrap: ToolPatterns = {
  tool: 'bwrap',
  patterns: [
    {
      line: /bwrap: execvp (?<program>[^:]+): Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['bwrap: execvp uname: Exec format error'],
    },
    {
      line: /bwrap: execvp (?<program>[^:]+): No such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['bwrap: execvp uname: No such file or directory'],
    },
    {
      line: /bwrap: execvp (?<program>[^:]+): Permission denied/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['bwrap: execvp ./x: Permission denied'],
    },
    {
      line: /bwrap: (?:No permissions to create (?:a )?new namespace|Creating new namespace failed|setting up uid map|Can't mount|Failed to make)/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: [
        'bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.',
        'bwrap: Creating new namespace failed: Operation not permitted',
        'bwrap: setting up uid map: Permission denied',
      ],
    },
  ],
};
