import { defineCommand } from '../command.ts';

export const rootlessEnsure = defineCommand({
  name: 'rootless ensure',
  isPlumbing: true,
  summary: 'register in the user namespace that this runs in (hooks call it)',
  description: `Sees to it that the user namespace in which it runs, as its root, runs what "anyarch rootless enable" recorded.
Where the host's table does already, nothing is mounted; otherwise the namespace gets a table of its own, with the host's
entries copied. Repeating it is harmless and quick.`,
  positionals: [],
  options: {
    state: {
      type: 'string',
      value: 'DIR',
      help: 'the state directory (default: of the user in the environment)',
      complete: 'directory',
    },
    probe: { type: 'boolean', help: 'execute a foreign program of each architecture afterwards' },
    hook: { type: 'boolean', help: 'say nothing and always exit 0; failures go to rootless-failure.json' },
    remove: { type: 'boolean', help: 'take the entries out of the table again' },
  },
  examples: [{ command: 'podman unshare anyarch rootless ensure --probe', does: "in podman's namespace" }],
});
