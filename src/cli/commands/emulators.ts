import { defineCommand } from '../command.ts';

const architectures = {
  name: 'ARCH',
  help: 'architectures, or "all" (default)',
  variadic: true,
  complete: 'architecture',
} as const;

export const emulatorsList = defineCommand({
  name: 'emulators list',
  summary: 'list the emulators of this machine, and why others were rejected',
  positionals: [architectures],
  options: {},
  examples: [{ command: 'anyarch emulators list arm64', does: 'candidates for one architecture' }],
});

export const emulatorsFetch = defineCommand({
  name: 'emulators fetch',
  summary: "fetch emulators from Debian's signed archive",
  description: `Fetches QEMU user-mode emulators from Debian, verified end to end: the archive's signature, its validity, the digest of
the index and of the package. Only the wanted ones are unpacked. Without ARCH the common ones are fetched.`,
  positionals: [architectures],
  options: {
    suite: {
      type: 'string',
      value: 'SUITE',
      help: 'Debian suite; default: the first one that offers a tested version',
    },
    version: { type: 'string', value: 'VERSION', help: 'pin the version of QEMU, such as 11.1 or 10.0.13' },
    mirror: {
      type: 'string',
      value: 'URL',
      help: "Debian mirror; default: ANYARCH_MIRROR, the host's apt configuration, https://ftp.debian.org/debian",
    },
    'allow-expired': {
      type: 'boolean',
      help: "accept a Release file whose Valid-Until has passed (sid's often has)",
    },
  },
  examples: [
    { command: 'anyarch emulators fetch arm64 riscv64', does: 'two emulators of the tested version' },
    { command: 'anyarch emulators fetch all --suite trixie', does: 'every target, from another suite' },
  ],
});

export const emulatorsVerify = defineCommand({
  name: 'emulators verify',
  summary: 'recompute the digests of the stored emulators',
  positionals: [architectures],
  options: {},
  examples: [{ command: 'anyarch emulators verify', does: 'every stored emulator' }],
});
