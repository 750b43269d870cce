import type { ToolPatterns } from '../message-pattern.ts';

export const python: ToolPatterns = {
  tool: 'python',
  patterns: [
    {
      line: /\[Errno 8\] Exec format error(?:: '(?<program>[^']+)')?/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ["OSError: [Errno 8] Exec format error: './hello'"],
    },
    {
      line: /\[Errno 2\] No such file or directory: '(?<program>[^']+)'/,
      symptoms: ['no-such-file'],
      examples: ["FileNotFoundError: [Errno 2] No such file or directory: './hello'"],
    },
    {
      line: /\[Errno 13\] Permission denied: '(?<program>[^']+)'/,
      symptoms: ['permission-denied'],
      examples: ["PermissionError: [Errno 13] Permission denied: './hello'"],
    },
    {
      line: /Fatal Python error: Segmentation fault|died with <Signals\.SIG(?:SEGV|ILL|ABRT)/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        'Fatal Python error: Segmentation fault',
        "subprocess.CalledProcessError: Command '['gcc']' died with <Signals.SIGSEGV: 11>.",
      ],
    },
    {
      line: /OSError: (?<program>[^\s:]+): (?:invalid ELF header|wrong ELF class|cannot open shared object file)/,
      symptoms: ['loader-not-found', 'wrong-platform'],
      precision: 'exact',
      examples: ['OSError: /usr/lib/libfoo.so: invalid ELF header'],
    },
  ],
};
