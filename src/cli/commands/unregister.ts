import { defineCommand } from '../command.ts';

export const unregister = defineCommand({
  name: 'unregister',
  summary: 'remove registrations of anyarch (root)',
  positionals: [
    { name: 'ARCH', help: 'architectures, or "all" (default)', variadic: true, complete: 'architecture' },
  ],
  options: { 'dry-run': { type: 'boolean', help: 'print the plan, change nothing' } },
  examples: [
    { command: 'sudo anyarch unregister', does: 'remove all that anyarch registered, and nothing else' },
  ],
});
