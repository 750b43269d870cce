import type { ToolPatterns } from '../message-pattern.ts';

/** unshare, nsenter, setpriv, mount. */
export const utilLinux: ToolPatterns = {
  tool: 'util-linux',
  patterns: [
    {
      line: /(?:unshare|nsenter|setpriv|setarch|chrt|ionice|prlimit|taskset): failed to execute (?<program>[^:]+): Exec format error/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: ['nsenter: failed to execute ./hello: Exec format error'],
    },
    {
      line: /(?:unshare|nsenter|setpriv|setarch|chrt|ionice|prlimit|taskset): failed to execute (?<program>[^:]+): No such file or directory/,
      symptoms: ['no-such-file'],
      precision: 'exact',
      examples: ['unshare: failed to execute ./hello: No such file or directory'],
    },
    {
      line: /(?:unshare|nsenter|setpriv|setarch|chrt|ionice|prlimit|taskset): failed to execute (?<program>[^:]+): Permission denied/,
      symptoms: ['permission-denied'],
      precision: 'exact',
      examples: ['nsenter: failed to execute ./hello: Permission denied'],
    },
    {
      line: /(?:unshare|nsenter|setpriv|setarch|chrt|ionice|prlimit|taskset): failed to execute (?<program>[^:]+): Too many levels of symbolic links/,
      symptoms: ['too-many-links'],
      precision: 'exact',
      examples: ['nsenter: failed to execute ./hello: Too many levels of symbolic links'],
    },
    {
      line: /unshare: (?:unshare failed|write failed \/proc\/\S*[ug]id_map|cannot change root filesystem propagation|mount \S+ failed|setgroups failed)/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: [
        'unshare: unshare failed: Operation not permitted',
        'unshare: write failed /proc/self/uid_map: Operation not permitted',
      ],
    },
    {
      line: /new[ug]idmap: |write to [ug]id_map failed|no line matching user .* in \/etc\/sub[ug]id/,
      symptoms: ['ids-not-mapped'],
      precision: 'exact',
      examples: [
        'newuidmap: uid range [1-65536) -> [100000-165536) not allowed',
        'newuidmap: write to uid_map failed: Operation not permitted',
        'unshare: no line matching user "me" in /etc/subuid: Success',
      ],
    },
    {
      line: /mount: \/proc\/sys\/fs\/binfmt_misc: /,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: [
        'mount: /proc/sys/fs/binfmt_misc: permission denied.',
        "mount: /proc/sys/fs/binfmt_misc: unknown filesystem type 'binfmt_misc'.",
      ],
    },
  ],
};
