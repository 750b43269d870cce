import type { ToolPatterns } from '../message-pattern.ts';

export const perl: ToolPatterns = {
  tool: 'perl',
  patterns: [
    {
      line: /Can't exec "(?<program>[^"]+)": Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['Can\'t exec "./hello": Exec format error at x.pl line 1.'],
    },
    {
      line: /Can't exec "(?<program>[^"]+)": No such file or directory/,
      symptoms: ['no-such-file'],
      examples: ['Can\'t exec "./hello": No such file or directory at x.pl line 1.'],
    },
    {
      line: /Can't exec "(?<program>[^"]+)": Permission denied/,
      symptoms: ['permission-denied'],
      examples: ['Can\'t exec "./hello": Permission denied at x.pl line 1.'],
    },
  ],
};
