import { initNames } from '../../persistence/index.ts';
import { defineCommand } from '../command.ts';

const architectures = {
  name: 'ARCH',
  variadic: true,
  complete: 'architecture',
} as const;

const common = {
  'dry-run': { type: 'boolean', help: 'print what would be done, change nothing' },
} as const;

export const persistEnable = defineCommand({
  name: 'persist enable',
  summary: 'register emulators at each boot, and now (root)',
  description: `Copies static emulators to /usr/local/lib/anyarch, registers them with proof, and writes the configuration of what
starts this machine: systemd-binfmt, binfmt-support, OpenRC or runit. What is persisted already stays.
A boot then needs neither node nor anyarch. Files and entries of others stay untouched.`,
  positionals: [
    {
      ...architectures,
      help: 'architectures, or "all"; default: what is persisted or registered now, else all',
    },
  ],
  options: {
    init: {
      type: 'string',
      value: 'INIT',
      choices: initNames,
      help: 'systemd, debian (binfmt-support), openrc or runit; default: what runs here',
    },
    credentials: { type: 'boolean', help: 'flag C: foreign setuid programs (sudo, su) gain their rights' },
    'no-credentials': { type: 'boolean', help: 'without flag C; default: as it is registered now' },
    qemu: { type: 'string', value: 'VERSION|PATH', help: 'which emulator to use', complete: 'emulator' },
    plain: { type: 'boolean', help: 'without the interposer: everything is emulated, also with a tool tree' },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
    force: {
      type: 'boolean',
      help: 'replace files of ours that somebody changed, keeping them beside; and as for register',
    },
    ...common,
  },
  examples: [
    { command: 'sudo anyarch persist enable', does: 'what is registered now stays registered' },
    { command: 'sudo anyarch persist enable arm64 riscv64', does: 'two architectures, also after a reboot' },
    { command: 'anyarch persist enable all --dry-run', does: 'which files would be written' },
  ],
});

export const persistDisable = defineCommand({
  name: 'persist disable',
  summary: 'register emulators at boot no longer (root)',
  description: `Removes what "persist enable" installed. What is registered now stays until the next reboot, from another emulator of
this machine where there is one.`,
  positionals: [{ ...architectures, help: 'architectures, or "all" (default)' }],
  options: {
    now: { type: 'boolean', help: 'also remove the registrations that there are now' },
    force: { type: 'boolean', help: 'remove files of ours that somebody changed, keeping them beside' },
    ...common,
  },
  examples: [
    { command: 'sudo anyarch persist disable', does: 'nothing is registered at boot any more' },
    { command: 'sudo anyarch persist disable s390x --now', does: 'one architecture, at once' },
  ],
});

export const persistStatus = defineCommand({
  name: 'persist status',
  summary: 'show what is registered at boot, and whether it will be in force',
  description: `Reads every configuration file that the next boot reads, in the same order. Exit code 3 when something will not be
in force then, 1 when nothing will.`,
  positionals: [],
  options: {},
  examples: [
    { command: 'anyarch persist status', does: 'each architecture, with its emulator' },
    { command: 'anyarch persist status --json', does: 'for scripts' },
  ],
});
