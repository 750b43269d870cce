import type { ToolPatterns } from '../message-pattern.ts';

/** Our own errors, which end with their code: docs/errors.md. */
export const anyarch: ToolPatterns = {
  tool: 'anyarch',
  patterns: [
    {
      line: /ANYARCH_(?:BINFMT_\w+|REGISTER_FAILED)\b/,
      symptoms: ['registration-refused'],
      precision: 'exact',
      examples: [
        'anyarch: the table is mounted read-only [ANYARCH_BINFMT_READ_ONLY]',
        '"code": "ANYARCH_REGISTER_FAILED",',
      ],
    },
    {
      line: /ANYARCH_(?:PROBE_FAILED|EMULATOR_UNUSABLE)\b/,
      symptoms: ['registration-refused'],
      examples: ['anyarch: a foreign program does not run [ANYARCH_PROBE_FAILED]'],
    },
    {
      line: /ANYARCH_EMULATOR_NOT_FOUND\b/,
      symptoms: ['exec-format-error'],
      examples: ['anyarch: no emulator for s390x [ANYARCH_EMULATOR_NOT_FOUND]'],
    },
    {
      line: /ANYARCH_NAMESPACE\b/,
      symptoms: ['namespace-refused'],
      precision: 'exact',
      examples: ['anyarch: cannot make the namespaces: unshare failed with ENOSPC [ANYARCH_NAMESPACE]'],
    },
    {
      line: /ANYARCH_(?:SUBORDINATE_IDS|IMAGE_OWNER)\b/,
      symptoms: ['ids-not-mapped'],
      precision: 'exact',
      examples: ['anyarch: u has no subordinate ids [ANYARCH_SUBORDINATE_IDS]'],
    },
    {
      line: /ANYARCH_DISK_FULL\b/,
      symptoms: ['no-space'],
      precision: 'exact',
      examples: ['anyarch: no space left: write /x [ANYARCH_DISK_FULL]'],
    },
    {
      line: /ANYARCH_PERMISSION\b/,
      symptoms: ['permission-denied'],
      examples: ['anyarch: not permitted: open /x [ANYARCH_PERMISSION]'],
    },
    {
      line: /ANYARCH_ENGINE_NOT_FOUND\b/,
      symptoms: ['engine-unreachable'],
      precision: 'exact',
      examples: ['anyarch: docker does not answer [ANYARCH_ENGINE_NOT_FOUND]'],
    },
    {
      line: /ANYARCH_(?:PLATFORM_NOT_FOUND|BUILD_PLATFORM)\b/,
      symptoms: ['wrong-platform'],
      precision: 'exact',
      examples: ['anyarch: x is not for linux/s390x, but for linux/amd64 [ANYARCH_PLATFORM_NOT_FOUND]'],
    },
    {
      line: /ANYARCH_(?:IMAGE_NOT_FOUND|REGISTRY_NOT_FOUND)\b/,
      symptoms: ['image-not-found'],
      precision: 'exact',
      examples: ['anyarch: no image x here [ANYARCH_IMAGE_NOT_FOUND]'],
    },
    {
      line: /ANYARCH_(?:ENTRY_NOT_FOUND|NOT_ADOPTED)\b/,
      symptoms: ['registration-lost'],
      examples: ['anyarch: no entry is called x [ANYARCH_ENTRY_NOT_FOUND]'],
    },
    {
      line: /ANYARCH_PERSIST_CLASH\b|is missing \[ANYARCH_FILE_CHANGED\]|next: anyarch rootless enable\b/,
      symptoms: ['registration-lost'],
      examples: [
        's390x: nothing registers s390x at boot any more [ANYARCH_PERSIST_CLASH]',
        's390x: the emulator /usr/local/lib/anyarch/current/qemu-s390x is missing [ANYARCH_FILE_CHANGED]',
        'warning: podman: containers.conf.d/zz-anyarch-podman.conf is missing; next: anyarch rootless enable podman',
      ],
    },
    {
      line: /^(?:\S*\/)?anyarch: /,
      symptoms: [],
      precision: 'vague',
      examples: ['anyarch: something'],
    },
  ],
};
