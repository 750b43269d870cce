import { defineCommand } from '../command.ts';

export const explain = defineCommand({
  name: 'explain',
  summary: 'show what execve would do with a file here, and why',
  positionals: [{ name: 'FILE', help: 'a program', required: true, complete: 'file' }],
  options: {
    rootfs: {
      type: 'string',
      value: 'DIR',
      help: 'root file system in which the loader of a dynamic program is looked up',
      complete: 'directory',
    },
  },
  examples: [
    { command: 'anyarch explain ./hello-arm64', does: 'header, entries, winner, and what you would see' },
  ],
});
