import { defineCommand } from '../command.ts';

export const completion = defineCommand({
  name: 'completion',
  summary: 'print a shell completion script',
  positionals: [
    { name: 'SHELL', help: 'bash, zsh or fish', required: true, choices: ['bash', 'zsh', 'fish'] },
  ],
  options: {},
  examples: [{ command: 'source <(anyarch completion bash)', does: 'for this shell' }],
});
