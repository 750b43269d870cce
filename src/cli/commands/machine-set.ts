import { defineCommand } from '../command.ts';
import { machineCreate } from './machine-create.ts';

const { port, cpu, mount } = machineCreate.options;

export const machineSet = defineCommand({
  name: 'machine set',
  summary: "change a stopped machine's processors, memory, ports and directories",
  description: `Its next start has what is named here; all else stays. For its disk there is "anyarch machine resize", which works while it runs.
A saved machine goes on only with the hardware that it was saved with: only its ports can be changed.`,
  positionals: [{ name: 'NAME', help: "the machine's name", required: true, complete: 'machine' }],
  options: {
    cpus: { type: 'string', value: 'N', help: 'processors' },
    memory: { type: 'string', value: 'SIZE', help: 'MiB, or 2G' },
    cpu: { ...cpu, help: "QEMU's processor model" },
    port: { ...port, help: 'instead of all ports that it has: one of this host that leads into the machine' },
    'no-ports': { type: 'boolean', help: 'take all ports away' },
    mount: {
      ...mount,
      help: 'instead of all directories that it has: one of this host that the machine sees',
    },
    'no-mounts': { type: 'boolean', help: 'take all directories away' },
  },
  examples: [
    { command: 'anyarch machine set demo --memory 4G --cpus 4', does: 'more of both' },
    { command: 'anyarch machine set demo -p 8080:80 -p 8443:443', does: 'these two ports and no other' },
    { command: 'anyarch machine set demo --mount ~/src:/src', does: 'this directory and no other' },
  ],
});
