import type { ToolPatterns } from '../message-pattern.ts';

export const crun: ToolPatterns = {
  tool: 'crun',
  patterns: [
    {
      line: /exec container process (?:\([^)]*\) )?`(?<program>[^`]+)`: Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        '{"msg":"exec container process `/usr/bin/uname`: Exec format error","level":"error","time":"2026-01-01T00:00:00Z"}',
      ],
    },
    {
      line: /exec container process (?:\([^)]*\) )?`(?<program>[^`]+)`: No such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: [
        'exec container process (missing dynamic library?) `//bin/uname`: No such file or directory',
      ],
    },
    {
      line: /exec container process (?:\([^)]*\) )?`(?<program>[^`]+)`: (?:Permission denied|Operation not permitted)/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['exec container process `/usr/bin/uname`: Permission denied'],
    },
    {
      line: /exec container process (?:\([^)]*\) )?`(?<program>[^`]+)`: Too many levels of symbolic links/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['exec container process `/usr/bin/uname`: Too many levels of symbolic links'],
    },
    {
      line: /crun: executable file `(?<program>[^`]+)`(?: not found in \$PATH)?: No such file or directory/,
      symptoms: ['no-such-file'],
      examples: [
        'Error: crun: executable file `uname` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found',
      ],
    },
    {
      line: /crun: open executable: Permission denied/,
      symptoms: ['permission-denied'],
      examples: ['Error: crun: open executable: Permission denied: OCI permission denied'],
    },
    {
      line: /crun: .*(?:unshare|clone|uid_map|gid_map).*(?:Operation not permitted|Permission denied|Invalid argument)/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: ['Error: crun: unshare: Operation not permitted: OCI permission denied'],
    },
  ],
};
