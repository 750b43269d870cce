import { defineCommand } from '../command.ts';

/** A stopped machine is started for what needs it running. */
const starting = {
  wait: {
    type: 'string',
    choices: ['cloud-init', 'ssh'],
    help: 'for what: all that cloud-init was told (default in the very first start), or commands over SSH (default afterwards)',
  },
  'no-start': { type: 'boolean', help: 'fail when the machine is stopped instead of starting it' },
  'no-fetch': { type: 'boolean', help: 'fail instead of fetching QEMU when it is missing' },
  mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
} as const;

export const machineShell = defineCommand({
  name: 'machine shell',
  summary: "run a command in a machine, or the user's shell",
  description: `Runs a command as the machine's user, who becomes root with sudo, and ends with its exit code: 128 and the signal's number when
a signal ended it, 125 when anyarch itself failed. Words reach the program as they are; for a line with pipes or variables of the guest
write sh -c 'LINE'. With a terminal on both sides the guest has one, too; interrupts reach the command in any case. A stopped machine
is started; in its very first start all is done that it was told at "machine create" before the command runs. It is SSH, over one
connection that all commands share.`,
  positionals: [
    { name: 'NAME', help: 'the machine', required: true, complete: 'machine' },
    { name: 'CMD', help: 'what to run, and its arguments; default: a shell', variadic: true },
  ],
  passThrough: true,
  options: starting,
  examples: [
    { command: 'anyarch machine shell demo', does: 'a shell' },
    { command: 'anyarch machine shell demo -- uname -m', does: 'one command' },
    { command: "anyarch machine shell demo -- sh -c 'dmesg | tail'", does: "a line for the guest's shell" },
  ],
});

export const machineCopy = defineCommand({
  name: 'machine copy',
  summary: 'copy files and directories into a machine, or out of it',
  description: `Copies files and directories, with modes, times and links as they are, between the host and one machine, whose paths are
written NAME:PATH: absolute, or from the home directory of the machine's user. A target that is a directory gets the source below its
own name; DIR/. stands for the content of a directory. What is copied into a machine belongs to its user, what is copied out of it to
you, without set-user-id bits. A file has its name only when it is complete. A stopped machine is started.`,
  positionals: [
    { name: 'SRC', help: 'what to copy', required: true, complete: 'file' },
    {
      name: 'DST',
      help: 'further sources, and last of all the target',
      required: true,
      variadic: true,
      complete: 'file',
    },
  ],
  options: starting,
  examples: [
    { command: 'anyarch machine copy ./app demo:/tmp/', does: 'into the machine' },
    { command: 'anyarch machine copy demo:/var/log/syslog .', does: 'out of it' },
    { command: 'anyarch machine copy src/. demo:project', does: 'the content of a directory' },
  ],
});

export const machineConsole = defineCommand({
  name: 'machine console',
  summary: "tie this terminal to a machine's serial console",
  description: `Shows what the machine's console prints and sends it what is typed, key by key, from the firmware on: for a guest that cannot be
reached by SSH. Ctrl-] leaves; the machine runs on. Only one terminal at a time. What it printed before is in "anyarch machine logs".`,
  positionals: [{ name: 'NAME', help: 'the machine; it must run', required: true, complete: 'machine' }],
  options: {},
  examples: [
    { command: 'anyarch machine console demo', does: 'press Enter for a login prompt, Ctrl-] to leave' },
  ],
});
