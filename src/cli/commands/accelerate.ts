import { accelerateEngineNames } from '../../accelerate/engine-names.ts';
import { defineCommand } from '../command.ts';

const engine = { name: 'ENGINE', variadic: true, choices: accelerateEngineNames } as const;
const dryRun = { type: 'boolean', help: 'print what would be done, change nothing' } as const;

export const accelerateEnable = defineCommand({
  name: 'accelerate enable',
  summary:
    'have engines show containers the native tools, so that builds are emulated only where they must be',
  description: `Has podman, buildah or docker mount the tool tree (anyarch accelerate prepare) at /dev/.anyarch, read-only, into each
container that they start, builds too. A small program of ours stands in for the OCI runtime: it adds the mount, and becomes
the runtime. Where it cannot, the container starts without. Nothing is left in images, and none of your own files is edited.
As root for root's engines, as a user for the user's own. "anyarch run" needs none of this.`,
  positionals: [{ ...engine, help: 'podman, buildah or docker; default: each that is found' }],
  options: {
    force: { type: 'boolean', help: 'replace files of ours that somebody changed, keeping them beside' },
    print: {
      type: 'boolean',
      help: 'print what to add to an engine that you configure yourself, change nothing',
    },
    'dry-run': dryRun,
  },
  examples: [
    { command: 'anyarch accelerate enable podman', does: 'for your own containers and builds' },
    { command: 'sudo anyarch accelerate enable docker', does: 'then restart docker, as it says' },
    { command: 'anyarch accelerate enable docker --print', does: 'for a daemon without systemd' },
  ],
});

export const accelerateDisable = defineCommand({
  name: 'accelerate disable',
  summary: 'undo "accelerate enable"',
  description: `Removes every file that "accelerate enable" made. Containers stay, and can be started again. A docker that still runs with
our program keeps it, without effect, until it has been restarted.`,
  positionals: [{ ...engine, help: 'default: each that is enabled' }],
  options: {
    force: { type: 'boolean', help: 'remove files of ours that somebody changed, keeping them beside' },
    'dry-run': dryRun,
  },
  examples: [{ command: 'anyarch accelerate disable', does: 'all engines are as they were before' }],
});

export const accelerateStatus = defineCommand({
  name: 'accelerate status',
  summary: 'show the tool tree, which engines mount it, and what is missing for it to work',
  description: `Exit code 3 when something that is enabled needs attention. What was substituted in a build tells "accelerate report".`,
  positionals: [{ ...engine, help: 'default: all' }],
  options: {},
  examples: [
    { command: 'anyarch accelerate status', does: 'the tree, each engine, each registered emulator' },
    { command: 'anyarch accelerate status docker --json', does: 'for scripts' },
  ],
});
