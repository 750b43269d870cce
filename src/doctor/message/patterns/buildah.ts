import type { ToolPatterns } from '../message-pattern.ts';

export const buildah: ToolPatterns = {
  tool: 'buildah',
  patterns: [
    {
      line: /process exited with error: fork\/exec (?<program>[^\s:]+): exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['process exited with error: fork/exec /bin/sh: exec format error'],
    },
    {
      line: /process exited with error: fork\/exec (?<program>[^\s:]+): no such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['process exited with error: fork/exec /bin/sh: no such file or directory'],
    },
    {
      line: /process exited with error: fork\/exec (?<program>[^\s:]+): permission denied/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['process exited with error: fork/exec /bin/sh: permission denied'],
    },
    {
      line: /[Ee]rror building at STEP|while running runtime: exit status|subprocess exited with status/,
      symptoms: [],
      precision: 'vague',
      examples: ['Error: building at STEP "RUN uname -m": while running runtime: exit status 1'],
    },
  ],
};
