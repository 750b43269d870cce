import { defineCommand } from '../command.ts';

export const machineSnapshot = defineCommand({
  name: 'machine snapshot',
  summary: 'keep a machine as it is now, and go back to it',
  description: `save keeps a machine with its disk, and with its memory when it runs or was stopped with --save; a running guest stands
still for some seconds and goes on. restore puts a stopped machine back: its next start goes on from there, in seconds. What it has
written since is lost then, unless another snapshot has it. Snapshots share what they have in common. New machines are made of them
with anyarch machine create --from.`,
  positionals: [
    {
      name: 'ACTION',
      help: 'save, restore, list or remove',
      required: true,
      choices: ['save', 'restore', 'list', 'remove'],
    },
    { name: 'NAME', help: 'the machine', required: true, complete: 'machine' },
    {
      name: 'SNAPSHOT',
      help: 'the name of the snapshot; without it, for list, all are shown',
      complete: 'snapshot',
    },
  ],
  options: {
    'disk-only': {
      type: 'boolean',
      help: 'save without what is in the memory: it boots then, as after a power cut',
    },
    quiet: { type: 'boolean', short: 'q', help: 'list: names only' },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching QEMU when it is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
  },
  examples: [
    { command: 'anyarch machine snapshot save demo before-upgrade', does: 'while it runs, or not' },
    { command: 'anyarch machine snapshot list demo', does: 'when, how large, with memory or without' },
    {
      command: 'anyarch machine snapshot restore demo before-upgrade',
      does: 'give up what has been done since',
    },
  ],
});
