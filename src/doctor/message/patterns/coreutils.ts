import type { ToolPatterns } from '../message-pattern.ts';

/** chroot, env, nice, timeout … : the C library's words behind the program's name, in quotes of the locale. */
export const coreutils: ToolPatterns = {
  tool: 'coreutils',
  patterns: [
    {
      line: /(?:chroot|env|nice|nohup|stdbuf|timeout|setsid|xargs): (?:failed to run command )?['‘"`]?(?<program>[^'’"`:]+)['’"`]?: Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'chroot: failed to run command ‘/bin/sh’: Exec format error',
        "timeout: failed to run command './hello': Exec format error",
        'env: ‘./hello’: Exec format error',
        'xargs: ./hello: Exec format error',
      ],
    },
    {
      line: /(?:chroot|env|nice|nohup|stdbuf|timeout|setsid|xargs): (?:failed to run command )?['‘"`]?(?<program>[^'’"`:]+)['’"`]?: No such file or directory/,
      symptoms: ['no-such-file'],
      examples: [
        'chroot: failed to run command ‘/bin/sh’: No such file or directory',
        'env: ‘bash\\r’: No such file or directory',
      ],
    },
    {
      line: /(?:chroot|env|nice|nohup|stdbuf|timeout|setsid|xargs): (?:failed to run command )?['‘"`]?(?<program>[^'’"`:]+)['’"`]?: Permission denied/,
      symptoms: ['permission-denied'],
      examples: ['chroot: failed to run command ‘/bin/sh’: Permission denied'],
    },
    {
      line: /(?:chroot|env|nice|nohup|stdbuf|timeout|setsid|xargs): (?:failed to run command )?['‘"`]?(?<program>[^'’"`:]+)['’"`]?: Too many levels of symbolic links/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['chroot: failed to run command ‘/bin/true’: Too many levels of symbolic links'],
    },
  ],
};
