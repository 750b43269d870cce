import { defineCommand } from '../command.ts';
import { guestWatchOptions } from './guest-watch-options.ts';

export const exec = defineCommand({
  name: 'exec',
  summary: 'run one foreign program under an emulator, without any registration',
  description: `Starts the emulator explicitly. Programs that the guest starts in turn are not emulated: use "anyarch run" for that.
The guest's exit code is returned.`,
  positionals: [
    { name: 'BINARY', help: 'the foreign program', required: true, complete: 'file' },
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
    ...guestWatchOptions,
    qemu: { type: 'string', value: 'VERSION|PATH', help: 'which emulator to use', complete: 'emulator' },
    sysroot: {
      type: 'string',
      short: 'L',
      value: 'DIR',
      help: "where a dynamic program's loader and libraries are; default: Debian's cross libraries",
      complete: 'directory',
    },
    plain: { type: 'boolean', help: 'without the interposer: everything is emulated, also with a tool tree' },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
  },
  examples: [
    { command: 'anyarch exec ./hello-arm64 --flag', does: 'architecture found in the ELF header' },
    { command: 'anyarch exec --stall-timeout 5m ./tests-s390x', does: 'end it, with 124, when it hangs' },
    { command: 'anyarch exec --qemu 10.0.13 ./hello-arm64', does: 'with a particular version' },
  ],
});
