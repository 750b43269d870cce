import { defineCommand } from '../command.ts';

const machine = { name: 'NAME', help: "the machine's name", required: true, complete: 'machine' } as const;

const fetching = {
  'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
  mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
} as const;

export const machineStart = defineCommand({
  name: 'machine start',
  summary: 'start a machine, and wait until it can be used',
  description: `Starts a machine in the background; it goes on when this command ends, and until it is stopped. A machine that was saved goes on
where it was. There is no time-out: a machine that advances is waited for, however slow it is; one that stands still, or can
never get ready, is reported with the last that was seen of it. One that runs already is only waited for.`,
  positionals: [machine],
  options: {
    wait: {
      type: 'string',
      choices: ['cloud-init', 'ssh', 'process'],
      help: 'for what: all that cloud-init was told (default at a boot), commands over SSH (default where a machine goes on), or nothing',
    },
    cold: { type: 'boolean', help: 'boot, and give up what was saved, as after a power cut' },
    ...fetching,
  },
  examples: [{ command: 'anyarch machine start demo', does: 'then: anyarch machine shell demo' }],
});

export const machineStop = defineCommand({
  name: 'machine stop',
  summary: 'stop a machine: gracefully, then by force; or save it as it is',
  description: `Presses the machine's power button; one that does not heed it is told over SSH. After the deadline it is ended as by pulling
the plug, which the result says. With --save, memory and all is kept on the disk and the next start goes on with it in seconds.`,
  positionals: [machine],
  options: {
    save: { type: 'boolean', help: 'keep it as it is; the next start goes on' },
    force: { type: 'boolean', help: 'pull the plug at once' },
    timeout: {
      type: 'string',
      value: 'SECONDS',
      help: 'until it is forced; default: 60 and more, by how slow the machine is',
    },
    'never-force': { type: 'boolean', help: 'fail instead' },
  },
  examples: [
    { command: 'anyarch machine stop demo', does: 'switch it off' },
    { command: 'anyarch machine stop demo --save', does: 'the next start takes seconds' },
  ],
});

export const machineWait = defineCommand({
  name: 'machine wait',
  summary: 'wait until a running machine can be used, or has stopped',
  positionals: [machine],
  options: {
    for: {
      type: 'string',
      choices: ['cloud-init', 'ssh', 'stopped'],
      help: 'what for; default: cloud-init',
    },
    timeout: { type: 'string', value: 'SECONDS', help: 'default: as long as the machine advances' },
  },
  examples: [{ command: 'anyarch machine wait demo --for stopped', does: 'until somebody stops it' }],
});

export const machineRemove = defineCommand({
  name: 'machine remove',
  summary: 'remove machines with their disks and snapshots',
  positionals: [
    { name: 'NAME', help: 'names of machines', required: true, variadic: true, complete: 'machine' },
  ],
  options: {
    force: {
      type: 'boolean',
      help: 'also those that run (the plug is pulled), and those whose records are damaged',
    },
    'dry-run': { type: 'boolean', help: 'show what would go, change nothing' },
  },
  examples: [{ command: 'anyarch machine remove demo', does: 'images stay, for other machines' }],
});

export const machineResize = defineCommand({
  name: 'machine resize',
  summary: "make a machine's disk larger, also while it runs",
  description: `The disk of a machine can only grow. One that runs sees that at once, and its file system grows, where cloud-init can do that;
otherwise at its next boot.`,
  positionals: [machine, { name: 'SIZE', help: 'of the whole disk: 20G, or MiB', required: true }],
  options: { 'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' } },
  examples: [{ command: 'anyarch machine resize demo 20G', does: 'the disk has 20 GiB then' }],
});
