import type { ToolPatterns } from '../message-pattern.ts';

/** Programs that register: shells that write to `register`, tonistiigi/binfmt, update-binfmts, multiarch's script, anyarch itself. */
export const registering: ToolPatterns = {
  tool: undefined,
  patterns: [
    {
      line: /binfmt_misc\/register: (?!.*[Ee]xec format)/,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: [
        'bash: /proc/sys/fs/binfmt_misc/register: No such file or directory',
        'tee: /proc/sys/fs/binfmt_misc/register: Read-only file system',
        'sh: 1: cannot create /proc/sys/fs/binfmt_misc/register: Permission denied',
        'installing: arm64 cannot register "/usr/bin/qemu-aarch64" to /proc/sys/fs/binfmt_misc/register: write /proc/sys/fs/binfmt_misc/register: invalid argument',
      ],
    },
    {
      line: /sh: (?:\d+: |line \d+: )?(?:echo: |printf: )?write error: (?:File exists|Invalid argument|No such file|Permission denied|Exec format)/i,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: ['sh: write error: File exists', 'sh: 1: echo: write error: Invalid argument'],
    },
    {
      line: /mount binfmt_misc filesystem|cannot mount binfmt_misc|error: .*binfmt_misc.*(?:operation not permitted|no such device)/,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: [
        'error: cannot mount binfmt_misc filesystem at /proc/sys/fs/binfmt_misc: operation not permitted',
      ],
    },
    {
      line: /update-binfmts: (?:warning|error|exiting|unable)/,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: ['update-binfmts: warning: unable to open /proc/sys/fs/binfmt_misc/status'],
    },
    {
      line: /can neither be executed natively nor via qemu user emulation|cannot run C compiled programs|cannot execute (?:foreign|target) (?:architecture|binaries)/i,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'E: arm64 can neither be executed natively nor via qemu user emulation with binfmt_misc',
        'configure: error: cannot run C compiled programs.',
      ],
    },
    {
      line: /Unexpected end of JSON input/,
      symptoms: ['registration-refused'],
      examples: ['SyntaxError: Unexpected end of JSON input'],
    },
  ],
};
