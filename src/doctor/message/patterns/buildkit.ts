import type { ToolPatterns } from '../message-pattern.ts';

/** `docker buildx build`, `buildctl`: BuildKit's daemon brings emulators of its own, which it calls /dev/.buildkit_qemu_emulator. */
export const buildkit: ToolPatterns = {
  tool: 'buildkit',
  patterns: [
    {
      line: /\.buildkit_qemu_emulator: (?:(?<program>[^\s:]+): )?(?:Invalid ELF image|Error while loading|Unable to find)/,
      symptoms: ['exec-format-error', 'wrong-platform'],
      precision: 'exact',
      examples: ['.buildkit_qemu_emulator: /bin/sh: Invalid ELF image for this architecture'],
    },
    {
      line: /\.buildkit_qemu_emulator: Could not open '(?<program>[^']+)'/,
      symptoms: ['loader-not-found'],
      precision: 'exact',
      examples: [
        ".buildkit_qemu_emulator: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory",
      ],
    },
    {
      line: /multi(?:ple |-)platforms?(?: feature| build)? is (?:currently )?not supported for (?:the )?docker driver/i,
      symptoms: ['wrong-platform'],
      precision: 'exact',
      examples: [
        'ERROR: Multi-platform build is not supported for the docker driver.',
        'error: multiple platforms feature is currently not supported for docker driver.',
      ],
    },
    {
      line: /no match for platform in manifest|exporter "docker" could not be found|docker exporter does not currently support exporting manifest lists/,
      symptoms: ['wrong-platform'],
      precision: 'exact',
      examples: [
        'ERROR: failed to solve: alpine:3.1: no match for platform in manifest sha256:0123: not found',
        'ERROR: docker exporter does not currently support exporting manifest lists',
      ],
    },
    {
      line: /process "(?:\/dev\/\.buildkit_qemu_emulator )?(?<program>[^" ]*)[^"]*" did not complete successfully: exit code: 13[249]\b/,
      symptoms: ['guest-crash'],
      examples: [
        'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 139',
        'process "/dev/.buildkit_qemu_emulator /bin/sh -c npm install" did not complete successfully: exit code: 134',
      ],
    },
    {
      line: /process "(?:\/dev\/\.buildkit_qemu_emulator )?(?<program>[^" ]*)[^"]*" did not complete successfully: exit code: 137\b/,
      symptoms: ['out-of-memory'],
      examples: ['process "/bin/sh -c npm ci" did not complete successfully: exit code: 137'],
    },
    {
      // The step that failed, which BuildKit repeats at the end.
      line: /^> \[(?<architecture>linux\/[\w/]+)[ \]]/,
      symptoms: [],
      precision: 'vague',
      examples: ['> [linux/arm64 2/2] RUN uname -m:'],
    },
    {
      line: /failed to solve: |did not complete successfully: exit code|\bbuildkit/,
      symptoms: [],
      precision: 'vague',
      examples: [
        'ERROR: failed to solve: process "/bin/sh -c uname" did not complete successfully: exit code: 255',
      ],
    },
  ],
};
