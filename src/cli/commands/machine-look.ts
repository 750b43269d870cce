import { defineCommand } from '../command.ts';

const machine = { name: 'NAME', help: "the machine's name", required: true, complete: 'machine' } as const;

export const machineList = defineCommand({
  name: 'machine list',
  summary: 'list machines, and what each is doing',
  positionals: [],
  options: { quiet: { type: 'boolean', short: 'q', help: 'names only' } },
  examples: [
    { command: 'anyarch machine list', does: 'names, architectures, states, ports, disks' },
    { command: 'anyarch machine list -q', does: 'names, for scripts' },
  ],
});

export const machineShow = defineCommand({
  name: 'machine show',
  summary: 'show what a machine is made of, and how it is reached',
  positionals: [machine],
  options: {},
  examples: [
    { command: 'anyarch machine show demo', does: "its SSH command, ports, directories, engine's socket" },
  ],
});

export const machineLogs = defineCommand({
  name: 'machine logs',
  summary: "print what a machine's console printed, or QEMU",
  positionals: [machine],
  options: {
    follow: { type: 'boolean', short: 'f', help: 'go on with what comes, until the machine stops' },
    qemu: { type: 'boolean', help: 'what QEMU and its helpers printed instead' },
    lines: { type: 'string', short: 'n', value: 'N', help: 'the last lines only' },
    raw: { type: 'boolean', help: 'with what moves cursors and colours, as a terminal gets it' },
  },
  examples: [{ command: 'anyarch machine logs -f demo', does: 'watch it boot' }],
});
