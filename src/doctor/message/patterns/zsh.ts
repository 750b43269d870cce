import type { ToolPatterns } from '../message-pattern.ts';

export const zsh: ToolPatterns = {
  tool: 'zsh',
  patterns: [
    {
      line: /zsh:(?:\d+:)? exec format error: (?<program>\S+)/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['zsh: exec format error: ./hello', 'zsh:1: exec format error: ./hello'],
    },
    {
      line: /zsh:(?:\d+:)? no such file or directory: (?<program>\S+)/,
      symptoms: ['no-such-file'],
      examples: ['zsh: no such file or directory: ./hello'],
    },
    {
      line: /zsh:(?:\d+:)? permission denied: (?<program>\S+)/,
      symptoms: ['permission-denied'],
      examples: ['zsh: permission denied: ./hello'],
    },
    {
      line: /zsh:(?:\d+:)? too many levels of symbolic links: (?<program>\S+)/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['zsh: too many levels of symbolic links: /bin/true'],
    },
    {
      line: /zsh:(?:\d+:)? (?:\d+ )?(?:segmentation fault|illegal hardware instruction) +(?:\(core dumped\) )?/,
      symptoms: ['guest-crash'],
      examples: ['zsh: segmentation fault (core dumped)  ./hello'],
    },
  ],
};
