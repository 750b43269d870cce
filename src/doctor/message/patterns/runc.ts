import type { ToolPatterns } from '../message-pattern.ts';

/** runc, as docker, podman, containerd and BuildKit show it; libcontainer's messages of before 2021 name a file of its source. */
export const runc: ToolPatterns = {
  tool: 'runc',
  patterns: [
    {
      line: /(?:^|[\s:"])exec (?<program>[^\s:]+): exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['exec /usr/bin/uname: exec format error'],
    },
    {
      line: /(?:^|[\s:"])exec (?<program>[^\s:]+): no such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['exec /usr/bin/uname: no such file or directory'],
    },
    {
      line: /(?:^|[\s:"])exec (?<program>[^\s:]+): (?:permission denied|operation not permitted)/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['exec /usr/bin/uname: permission denied', 'exec /usr/bin/uname: operation not permitted'],
    },
    {
      line: /(?:^|[\s:"])exec (?<program>[^\s:]+): too many levels of symbolic links/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['exec /usr/bin/uname: too many levels of symbolic links'],
    },
    {
      line: /exec user process caused:? "?exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'standard_init_linux.go:211: exec user process caused "exec format error"',
        'standard_init_linux.go:228: exec user process caused: exec format error',
      ],
    },
    {
      line: /exec user process caused:? "?no such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['standard_init_linux.go:190: exec user process caused "no such file or directory"'],
    },
    {
      line: /exec user process caused:? "?permission denied/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['standard_init_linux.go:228: exec user process caused: permission denied'],
    },
    {
      line: /exec: "(?<program>[^"]+)": (?:executable file not found in \$PATH|stat [^:]+: no such file or directory)/,
      symptoms: ['no-such-file'],
      examples: [
        'OCI runtime create failed: runc create failed: unable to start container process: exec: "uname": executable file not found in $PATH: unknown.',
        'unable to start container process: error during container init: exec: "/bin/x": stat /bin/x: no such file or directory',
      ],
    },
    {
      line: /exec: "(?<program>[^"]+)": permission denied/,
      symptoms: ['permission-denied'],
      examples: [
        'runc create failed: unable to start container process: exec: "/x": permission denied: unknown',
      ],
    },
    {
      line: /runc(?:\[\d+:\])?:? .*(?:nsexec|bootstrap).*: Operation not permitted|failed to unshare (?:user )?namespaces?/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: ['nsexec-1[1234]: failed to unshare user namespace: Operation not permitted'],
    },
  ],
};
