import type { ToolPatterns } from '../message-pattern.ts';

/** apptainer and singularity: the same words. */
export const apptainer: ToolPatterns = {
  tool: 'apptainer',
  patterns: [
    {
      line: /image targets '(?<architecture>\w+)', cannot run on '\w+'/,
      symptoms: ['wrong-platform', 'exec-format-error'],
      precision: 'exact',
      examples: ["FATAL:   While checking image: image targets 'arm64', cannot run on 'amd64'"],
    },
    {
      line: /image's architecture \((?<architecture>\w+)\) could not run on the host's/,
      symptoms: ['wrong-platform', 'exec-format-error'],
      precision: 'exact',
      examples: ["FATAL:   the image's architecture (arm64) could not run on the host's (amd64)"],
    },
    {
      line: /FATAL: .*exec (?<program>\S+) failed: exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['FATAL:   exec /usr/bin/uname failed: exec format error'],
    },
    {
      line: /FATAL: .*exec (?<program>\S+) failed: (?:a shared library is likely missing|no such file or directory)/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['FATAL:   exec /usr/bin/uname failed: a shared library is likely missing in the image'],
    },
    {
      line: /Failed to create user namespace|maximum number of user namespaces exceeded/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: [
        'ERROR  : Failed to create user namespace: user namespace disabled',
        'ERROR  : Failed to create user namespace: maximum number of user namespaces exceeded, check /proc/sys/user/max_user_namespaces',
      ],
    },
    {
      line: /no mapping entry found in \/etc\/sub[ug]id/,
      symptoms: ['ids-not-mapped'],
      precision: 'exact',
      examples: ['FATAL:   could not use fakeroot: no mapping entry found in /etc/subuid for u'],
    },
    {
      line: /^(?:FATAL|INFO): {2,}|apptainer|singularity/i,
      symptoms: [],
      precision: 'vague',
      examples: ['FATAL:   container creation failed'],
    },
  ],
};
