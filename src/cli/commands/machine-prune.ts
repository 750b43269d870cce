import { defineCommand } from '../command.ts';

export const machinePrune = defineCommand({
  name: 'machine prune',
  summary: 'remove images, layers and programs that no machine needs',
  description: `Removes base images, layers of disks and fetched programs that no machine, no snapshot and no process needs, what interrupted
downloads left, and what killed commands left. No machine loses anything; what goes is made or fetched again when it is needed.
Then merges layers that snapshots have left: a disk of many files becomes one of fewer, with the same content. Machines that run keep theirs.`,
  positionals: [],
  options: { 'dry-run': { type: 'boolean', help: 'show what would go, change nothing' } },
  examples: [{ command: 'anyarch machine prune --dry-run', does: 'what would go, and its size' }],
});
