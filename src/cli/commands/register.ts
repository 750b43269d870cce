import { defineCommand } from '../command.ts';

export const register = defineCommand({
  name: 'register',
  summary: 'register emulators in the kernel, so that foreign programs and containers run (root)',
  description: `Registers emulators in the host's binfmt_misc table and proves each one by executing a foreign program.
Entries of others stay untouched, unless --adopt names them; an own entry is replaced without a gap. The host's own
architecture is left out.`,
  positionals: [
    { name: 'ARCH', help: 'architectures, or "all" (default)', variadic: true, complete: 'architecture' },
  ],
  options: {
    reset: {
      type: 'boolean',
      help: "first remove our entries and the qemu-* entries of other tools (never the distribution's)",
    },
    adopt: {
      type: 'string',
      multiple: true,
      value: 'NAME',
      help: "take the place of somebody else's entry, under its name; `anyarch release NAME` gives it back; with --force also of one that could not be given back as it is",
    },
    credentials: { type: 'boolean', help: 'flag C: foreign setuid programs (sudo, su) gain their rights' },
    'no-fix-binary': {
      type: 'boolean',
      help: 'without flag F: the interpreter is looked up at each exec, in the container',
    },
    qemu: { type: 'string', value: 'VERSION|PATH', help: 'which emulator to use', complete: 'emulator' },
    force: {
      type: 'boolean',
      help: 'register what this host runs natively, too, and with --credentials emulators that others can replace',
    },
    plain: { type: 'boolean', help: 'without the interposer: everything is emulated, also with a tool tree' },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
    'dry-run': { type: 'boolean', help: 'print the plan, change nothing' },
  },
  examples: [
    { command: 'sudo anyarch register arm64 riscv64', does: 'two architectures' },
    {
      command: 'sudo anyarch register all --reset',
      does: 'everything that there is an emulator for, afresh',
    },
    {
      command: 'sudo anyarch register --adopt qemu-aarch64',
      does: "in the place of the distribution's entry, until: anyarch release qemu-aarch64",
    },
    { command: 'anyarch register arm64 --dry-run', does: 'what would be written' },
  ],
});
