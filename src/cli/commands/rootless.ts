import { engineNames } from '../../rootless/engine-names.ts';
import { defineCommand } from '../command.ts';

const engine = {
  name: 'ENGINE',
  variadic: true,
  choices: engineNames,
} as const;

const dryRun = { type: 'boolean', help: 'print what would be done, change nothing' } as const;

export const rootlessEnable = defineCommand({
  name: 'rootless enable',
  summary: 'make your rootless engines run foreign containers, without root, now and for good',
  description: `Gives the user namespaces that your containers run in a binfmt_misc table of their own (Linux 6.7 or later), proves each
architecture there, and installs what makes the table again after a reboot or "podman system migrate". Nothing changes
for other users, and none of your own files is edited. Architectures that the host's table handles are left to it.
Call it again after you have updated an emulator or changed an engine's configuration.`,
  positionals: [{ ...engine, help: 'podman, docker, buildah or apptainer; default: each that is found' }],
  options: {
    arch: {
      type: 'string',
      short: 'a',
      multiple: true,
      value: 'ARCH',
      help: 'architectures, or "all"; default: those that this machine has an emulator for, else the usual ones are fetched',
      complete: 'architecture',
    },
    qemu: { type: 'string', value: 'VERSION|PATH', help: 'which emulator to use', complete: 'emulator' },
    plain: { type: 'boolean', help: 'without the interposer: everything is emulated, also with a tool tree' },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
    force: { type: 'boolean', help: 'replace files of ours that somebody changed, keeping them beside' },
    'dry-run': dryRun,
  },
  examples: [
    {
      command: 'anyarch rootless enable',
      does: 'each engine, each architecture that there is an emulator for',
    },
    {
      command: 'anyarch rootless enable podman -a arm64 -a s390x',
      does: 'then: podman run --platform linux/arm64 …',
    },
  ],
});

export const rootlessDisable = defineCommand({
  name: 'rootless disable',
  summary: 'undo "rootless enable"',
  description: `Takes our entries out of the namespaces that run, and removes every file that "rootless enable" made. Containers stay, and can
be started again.`,
  positionals: [{ ...engine, help: 'default: each that is enabled' }],
  options: {
    force: { type: 'boolean', help: 'remove files of ours that somebody changed, keeping them beside' },
    'dry-run': dryRun,
  },
  examples: [
    { command: 'anyarch rootless disable', does: 'all engines are as they were before' },
    { command: 'anyarch rootless disable buildah', does: 'one of them' },
  ],
});

export const rootlessStatus = defineCommand({
  name: 'rootless status',
  summary: 'show whether your rootless engines run foreign containers, found by probe',
  description: `Executes a probe of each architecture in the namespace that each engine's containers run in, and tells what hides or
outdates what "rootless enable" made. Exit code 3 when something does not work or needs attention, 1 when nothing works.`,
  positionals: [{ ...engine, help: 'default: all' }],
  options: {},
  examples: [
    { command: 'anyarch rootless status', does: 'each engine, with what works in it' },
    { command: 'anyarch rootless status podman --json', does: 'for scripts' },
  ],
});
