import type { ToolPatterns } from '../message-pattern.ts';

/** Node.js and npm. */
export const node: ToolPatterns = {
  tool: 'node',
  patterns: [
    {
      line: /\bspawn(?:Sync)? (?:(?<program>\S+) )?ENOEXEC|errno: -8\b|code: 'ENOEXEC'/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['Error: spawn ENOEXEC', 'Error: spawnSync ./hello ENOEXEC'],
    },
    {
      line: /\bspawn(?:Sync)? (?<program>\S+) ENOENT/,
      symptoms: ['no-such-file'],
      examples: ['Error: spawn /usr/bin/gcc ENOENT'],
    },
    {
      line: /\bspawn(?:Sync)? (?:(?<program>\S+) )?EACCES/,
      symptoms: ['permission-denied'],
      examples: ['Error: spawn ./hello EACCES', 'Error: spawn EACCES'],
    },
    {
      line: /\bspawn(?:Sync)? (?:(?<program>\S+) )?ELOOP/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['Error: spawn /bin/true ELOOP'],
    },
    {
      line: /npm (?:ERR!|error) signal SIG(?:SEGV|ILL|ABRT)|npm (?:ERR!|error) code 13[249]\b/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: ['npm ERR! signal SIGSEGV'],
    },
    {
      line: /JavaScript heap out of memory/,
      symptoms: ['out-of-memory'],
      precision: 'exact',
      examples: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'],
    },
    {
      line: /\.node: (?:wrong ELF class|cannot open shared object file|invalid ELF header)/,
      symptoms: ['wrong-platform'],
      precision: 'exact',
      examples: ['Error: /app/node_modules/x/build/Release/x.node: invalid ELF header'],
    },
  ],
};
