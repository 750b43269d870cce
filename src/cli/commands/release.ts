import { defineCommand } from '../command.ts';

export const release = defineCommand({
  name: 'release',
  summary: 'give entries back that `register --adopt` took over (root)',
  description: `Swaps our entry for the one that was there before, text for text, without a gap. What its owner has registered
again by now is left alone.`,
  positionals: [
    {
      name: 'NAME',
      help: 'names of entries, or "all"',
      variadic: true,
      required: true,
    },
  ],
  options: {
    force: { type: 'boolean', help: 'remove ours even where the other entry cannot be given back' },
    'dry-run': { type: 'boolean', help: 'print the plan, change nothing' },
  },
  examples: [
    { command: 'sudo anyarch release qemu-aarch64', does: 'one entry' },
    { command: 'sudo anyarch release all', does: 'everything that was taken over' },
    { command: 'anyarch release all --dry-run', does: 'what would be written' },
  ],
});
