import { defineCommand } from '../command.ts';

export const status = defineCommand({
  name: 'status',
  summary: 'show what the kernel runs foreign programs with',
  positionals: [],
  options: {
    probe: { type: 'boolean', help: 'execute a tiny program of each architecture to prove that it works' },
  },
  examples: [
    { command: 'anyarch status --probe', does: 'every entry, with proof' },
    { command: 'anyarch status --json', does: 'for scripts' },
  ],
});
