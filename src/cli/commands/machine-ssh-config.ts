import { defineCommand } from '../command.ts';

export const machineSshConfig = defineCommand({
  name: 'machine ssh-config',
  summary: 'print how ssh, scp, rsync and editors reach a running machine',
  description: `Prints a block of ssh_config: address, port, user, key and the key that the machine is known by. Kept in a file that
~/.ssh/config includes, it serves all programs that use SSH. The port is another one after each start: print it again then. While anyarch's own
connection is open, as it is from the start on, the old block leads there, too.`,
  positionals: [{ name: 'NAME', help: 'the machine; it must run', required: true, complete: 'machine' }],
  options: {
    host: {
      type: 'string',
      value: 'ALIAS',
      help: 'what is typed behind ssh; default: anyarch- and its name',
    },
  },
  examples: [
    {
      command: 'anyarch machine ssh-config demo',
      does: 'into a file, for: ssh -F FILE anyarch-demo; or "Include FILE" on top of ~/.ssh/config',
    },
    {
      command: 'anyarch machine ssh-config demo --host demo',
      does: 'then: ssh demo, rsync -a src/ demo:src/',
    },
  ],
});
