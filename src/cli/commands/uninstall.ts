import { defineCommand } from '../command.ts';

export const uninstallAll = defineCommand({
  name: 'uninstall',
  summary: 'remove everything that anyarch made on this machine, and nothing else',
  description: `Removes anyarch's entries from the kernel's table (entries that it took over are given back), what persist and watch
installed, its state, emulators and caches, and what killed commands left. As root that is what it made for everybody; other users
call it for themselves. Files that anyarch did not make, or that somebody changed, stay and are named. Killed at any point, it finishes
when it is called again. The package itself stays: the last lines say how to remove it.`,
  positionals: [],
  options: {
    'dry-run': { type: 'boolean', help: 'list it all, change nothing' },
    verbose: {
      type: 'boolean',
      help: 'name every file, instead of counting those in directories of its own',
    },
    'keep-store': { type: 'boolean', help: 'keep the emulators and guests that were fetched' },
    machines: {
      type: 'boolean',
      help: 'remove virtual machines, too, with their disks and snapshots; without it they stay',
    },
    force: {
      type: 'boolean',
      help: 'although processes use it; and configuration that somebody changed, kept as PATH.anyarch-saved',
    },
  },
  examples: [
    { command: 'sudo anyarch uninstall --dry-run', does: 'what would go' },
    { command: 'sudo anyarch uninstall', does: 'all of it' },
    { command: 'anyarch uninstall', does: 'what anyarch made for this user' },
  ],
});
