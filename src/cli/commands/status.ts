import { engineNames } from '../../rootless/engine-names.ts';
import { defineCommand } from '../command.ts';

export const status = defineCommand({
  name: 'status',
  summary: 'show what the kernel runs foreign programs with',
  description: `Shows the table that is in force for this process. User namespaces can have tables of their own (Linux 6.7): with
--pid, --engine or --user it shows whose table is in force there, found by executing probes inside. Nothing is mounted.
Exit code 3 when some of several processes could not be looked at, 4 when none could.`,
  positionals: [],
  options: {
    probe: { type: 'boolean', help: 'execute a tiny program of each architecture to prove that it works' },
    pid: { type: 'string', value: 'PID', help: 'the table in force for that process' },
    engine: {
      type: 'string',
      value: 'ENGINE',
      choices: engineNames,
      help: "the table in force for this user's engine",
    },
    user: {
      type: 'string',
      value: 'NAME|UID',
      help: 'the tables in force in all user namespaces of that user (others than the own one: root)',
    },
  },
  examples: [
    { command: 'anyarch status --probe', does: 'every entry, with proof' },
    {
      command: 'anyarch status --engine podman',
      does: 'what the containers of podman without root run with',
    },
    { command: 'sudo anyarch status --user alice', does: 'what a user has registered in private' },
    { command: 'anyarch status --json', does: 'for scripts' },
  ],
});
