import { defineCommand } from '../command.ts';

export const debug = defineCommand({
  name: 'debug',
  summary: 'start a foreign program under a debugger: gdb cannot trace inside of an emulation',
  description: `Starts the program stopped at its first instruction, under QEMU's own gdb server, and tells how gdb-multiarch is attached
to it. Registers, memory and breakpoints are the guest's. The server is reached by a socket in a directory that is yours only; with
--port on TCP, where anybody who reaches the port controls the program. Programs that the guest starts in turn are not debugged.
The guest's exit code is returned.`,
  positionals: [
    {
      name: 'BINARY',
      help: 'the foreign program; with --rootfs its path in there',
      required: true,
      complete: 'file',
    },
    { name: 'ARG', help: 'its arguments', variadic: true },
  ],
  passThrough: true,
  options: {
    arch: {
      type: 'string',
      short: 'a',
      value: 'ARCH',
      help: "architecture; default: what the program's ELF header says",
      complete: 'architecture',
    },
    rootfs: {
      type: 'string',
      value: 'DIR',
      help: "root file system with the program's loader and libraries; default: Debian's cross libraries",
      complete: 'directory',
    },
    port: { type: 'string', value: 'N', help: 'listen on this TCP port instead of a socket' },
    qemu: { type: 'string', value: 'VERSION|PATH', help: 'which emulator to use', complete: 'emulator' },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
  },
  examples: [
    { command: 'anyarch debug ./hello-arm64', does: 'then paste the gdb-multiarch command that it shows' },
    {
      command: 'anyarch debug --rootfs ./trixie-s390x /usr/bin/perl -e 1',
      does: 'a program of a root file system, with its libraries',
    },
  ],
});
