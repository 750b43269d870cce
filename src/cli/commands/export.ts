import { defineCommand } from '../command.ts';

export const exportRules = defineCommand({
  name: 'export',
  summary: 'write rules as files for systemd-binfmt or update-binfmts',
  description: `Writes what anyarch register would register as configuration for other programs: binfmt.d files (systemd), or files for
update-binfmts --import (debian). Nothing is registered. Without --dir the files go to stdout: those for systemd as one, for debian of
one ARCH. Either all files are written or none. The options in the second half are those of QEMU's qemu-binfmt-conf.sh, and write the
same bytes as it does.`,
  positionals: [
    { name: 'FORM', help: 'systemd or debian', choices: ['systemd', 'debian'] },
    {
      name: 'ARCH',
      help: 'architectures, or "all" (default): all that there is an emulator for',
      variadic: true,
      complete: 'architecture',
    },
  ],
  options: {
    dir: {
      type: 'string',
      value: 'DIR',
      help: 'write a file for each architecture there',
      complete: 'directory',
    },
    host: {
      type: 'string',
      value: 'ARCH',
      help: 'architecture of the machine that the files are for; default: this one',
      complete: 'architecture',
    },
    'own-family': {
      type: 'boolean',
      help: "also what is of that machine's own family (i386 on x86_64), but never its own",
    },
    qemu: {
      type: 'string',
      value: 'VERSION|PATH',
      help: 'which emulator of this machine to name',
      complete: 'emulator',
    },
    'qemu-path': {
      type: 'string',
      short: 'Q',
      value: 'DIR',
      help: 'where the emulators will be, whether they are there now or not',
      complete: 'directory',
    },
    'qemu-suffix': {
      type: 'string',
      short: 'F',
      value: 'SUFFIX',
      takesDash: true,
      help: 'end of their names there, such as -static',
    },
    credentials: { type: 'boolean', help: 'flag C: foreign setuid programs (sudo, su) gain their rights' },
    'no-fix-binary': {
      type: 'boolean',
      help: 'without flag F: the interpreter is looked up at each exec, in the container',
    },
    'open-binary': {
      type: 'boolean',
      help: "flag O, as Debian's own files have it: programs that can be executed but not read run, too",
    },
    'preserve-argv0': {
      type: 'string',
      short: 'g',
      value: 'auto|yes|no',
      help: 'flag P; default: unless the emulator is known to be older than 6.0',
    },
    force: {
      type: 'boolean',
      help: 'replace files that are in the way; with --credentials also take emulators that others can replace',
    },
    'dry-run': { type: 'boolean', help: 'with --dir: say what would be written, change nothing' },
    systemd: { type: 'string', short: 's', value: 'CPU|ALL', help: "as QEMU's script: binfmt.d files" },
    debian: { type: 'boolean', short: 'd', help: "as QEMU's script: files for update-binfmts" },
    exportdir: {
      type: 'string',
      short: 'e',
      value: 'DIR',
      help: "as QEMU's script: where to (/etc/binfmt.d, or /usr/share/binfmts)",
      complete: 'directory',
    },
    persistent: { type: 'string', short: 'p', value: 'yes|no', help: "as QEMU's script: flag F" },
    credential: { type: 'string', short: 'c', value: 'yes|no', help: "as QEMU's script: flags O and C" },
    'ignore-family': {
      type: 'string',
      short: 'i',
      value: 'yes|no',
      help: "as QEMU's script: also what is of this machine's own family",
    },
  },
  examples: [
    { command: 'sudo anyarch export systemd arm64 riscv64 --dir /etc/binfmt.d', does: 'for systemd-binfmt' },
    {
      command: 'anyarch export systemd all --host arm64 --qemu-path /usr/bin',
      does: 'for another machine, to stdout',
    },
    {
      command: 'sudo anyarch export debian all --dir /usr/share/binfmts',
      does: 'for update-binfmts --import',
    },
    {
      command: 'sudo anyarch export --systemd ALL --exportdir /etc/binfmt.d',
      does: "the command line of QEMU's qemu-binfmt-conf.sh",
    },
  ],
});
