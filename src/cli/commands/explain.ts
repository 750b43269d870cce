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
    pid: {
      type: 'string',
      value: 'PID',
      help: "with the table that is in force for that process, and its root directory's loaders",
    },
  },
  examples: [
    { command: 'anyarch explain ./hello-arm64', does: 'header, entries, winner, and what you would see' },
    { command: 'anyarch explain --pid 1234 ./hello-arm64', does: 'the same, as that process would meet it' },
  ],
});
