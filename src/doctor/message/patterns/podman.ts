import type { ToolPatterns } from '../message-pattern.ts';

/** podman, and what it shares with buildah (containers/image, containers/storage). */
export const podman: ToolPatterns = {
  tool: 'podman',
  patterns: [
    {
      line: /image platform \((?<architecture>[\w/]+)\) does not match the expected platform/,
      symptoms: ['wrong-platform'],
      precision: 'vague',
      examples: ['WARNING: image platform (linux/arm64) does not match the expected platform (linux/amd64)'],
    },
    {
      line: /no image found in (?:manifest list|image index) for architecture "?(?<architecture>\w+)/,
      symptoms: ['wrong-platform', 'image-not-found'],
      precision: 'exact',
      examples: [
        'Error: choosing an image from manifest list docker://x: no image found in manifest list for architecture s390x, variant "", OS linux',
        'choosing an image from manifest list docker://x: no image found in image index for architecture "arm64", variant "v8", OS "linux"',
      ],
    },
    {
      line: /: image not known$|short-name "[^"]+" did not resolve|: reading manifest \S+ in \S+: manifest unknown|unable to find a name and tag match/,
      symptoms: ['image-not-found'],
      examples: [
        'Error: x: image not known',
        'Error: short-name "x" did not resolve to an alias and no unqualified-search registries are defined',
      ],
    },
    {
      line: /Cannot connect to Podman|unable to connect to Podman socket/i,
      symptoms: ['engine-unreachable'],
      precision: 'exact',
      examples: [
        'Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`',
        'Error: unable to connect to Podman socket: Get "http://d/v4.3.1/libpod/_ping": dial unix /run/podman/podman.sock: connect: no such file or directory',
      ],
    },
    {
      line: /default OCI runtime "[^"]+" not found|unable to find "[^"]+" .*OCI runtime/,
      symptoms: ['engine-unreachable'],
      precision: 'exact',
      examples: ['Error: default OCI runtime "crun" not found: invalid argument'],
    },
    {
      line: /no sub[ug]id ranges found|cannot find UID\/GID for user|insufficient UIDs or GIDs available in user namespace|potentially insufficient UIDs|lchown \S+: invalid argument/,
      symptoms: ['ids-not-mapped'],
      precision: 'exact',
      examples: [
        'Error: cannot find UID/GID for user u: no subuid ranges found for user "u" in /etc/subuid - check rootless mode in man pages.',
        'potentially insufficient UIDs or GIDs available in user namespace (requested 0:42 for /etc/gshadow): Check /etc/subuid and /etc/subgid: lchown /etc/gshadow: invalid argument',
      ],
    },
    {
      line: /cannot clone: |user namespaces are not enabled|cannot re-exec process/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: [
        'cannot clone: Operation not permitted',
        'cannot clone: No space left on device',
        'user namespaces are not enabled in /proc/sys/kernel/unprivileged_userns_clone',
        'Error: cannot re-exec process',
      ],
    },
    {
      // The runtime ended without a word, whatever it ended with.
      line: /container create failed \(no logs from conmon\)/,
      symptoms: ['engine-unreachable'],
      precision: 'exact',
      examples: [
        'Error: container create failed (no logs from conmon): conmon bytes "": readObjectStart: expect { or n, but found  ',
      ],
    },
    {
      line: /(?:^| )podman (?:run|build|create)\b|OCI runtime (?:error|attempted|permission denied)/,
      symptoms: [],
      precision: 'vague',
      examples: ['Error: OCI runtime error: something'],
    },
    {
      line: /cannot set ?up namespace using "[^"]*new[ug]idmap": exit status/,
      symptoms: ['ids-not-mapped'],
      precision: 'exact',
      examples: ['cannot setup namespace using "/usr/bin/newuidmap": exit status 1'],
    },
  ],
};
