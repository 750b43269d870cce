import { defineCommand } from '../command.ts';
import { guestWatchOptions } from './guest-watch-options.ts';
import { runImageOptions } from './run-image-options.ts';

export const run = defineCommand({
  name: 'run',
  summary: 'run a foreign program without privilege, engine or any change on the host',
  description: `Runs a command in a private user, mount and pid namespace whose own binfmt_misc table has the emulators that it
needs. No root, no engine; nothing on the host changes. The guest's exit code is returned.

With -a alone the root file system is Debian's busybox of that architecture (fetched and verified once); writes to it
are gone afterwards. With --rootfs the directory is used as it is, and writes stay. With --image an image is unpacked once
and run as its configuration says; writes to it are gone afterwards, and CMD replaces its arguments. With none of these,
CMD sees the host's own files and every architecture that has an emulator.`,
  positionals: [{ name: 'CMD', help: 'the command and its arguments; a shell when missing', variadic: true }],
  passThrough: true,
  options: {
    arch: {
      type: 'string',
      short: 'a',
      value: 'ARCH',
      help: 'architecture of the guest, any name of it (arm64, linux/arm/v7, s390x …)',
      complete: 'architecture',
    },
    rootfs: { type: 'string', value: 'DIR', help: "the guest's root file system", complete: 'directory' },
    ...runImageOptions,
    volume: {
      type: 'string',
      short: 'v',
      multiple: true,
      value: 'SRC:DST[:ro]',
      help: 'make a file or directory of the host visible',
      complete: 'file',
    },
    workdir: { type: 'string', short: 'w', value: 'DIR', help: 'working directory in the guest' },
    env: {
      type: 'string',
      short: 'e',
      multiple: true,
      value: 'K[=V]',
      help: 'environment variable; K alone takes the value of the host',
    },
    user: {
      type: 'string',
      short: 'u',
      value: 'USER[:GROUP]',
      help: 'user of the guest, a number or a name that it knows; root when missing',
    },
    'keep-id': {
      type: 'boolean',
      help: 'have your own user and group id in the guest, without any capability',
    },
    'map-auto': {
      type: 'boolean',
      help: 'have all your subordinate ids in the guest, not just one (by itself for root file systems, buildah, podman, mmdebstrap …)',
    },
    network: {
      type: 'string',
      value: 'host|none',
      choices: ['host', 'none'],
      help: "the host's network, or none but a loopback device",
    },
    hostname: { type: 'string', value: 'NAME', help: 'host name of the guest' },
    'read-only': { type: 'boolean', help: 'nothing but volumes can be written to' },
    memory: { type: 'string', short: 'm', value: 'SIZE', help: 'most memory of the guest: 512m, 2g' },
    cpus: { type: 'string', value: 'N', help: 'most processor time: 1.5 for one and a half processors' },
    'pids-limit': { type: 'string', value: 'N', help: 'most processes and threads at once' },
    'no-accelerate': {
      type: 'boolean',
      help: 'run no native tools in place of emulated ones, even where they are prepared (a guest that gets them, with a root of its own, gives up CAP_SYS_ADMIN)',
    },
    'acceleration-report': {
      type: 'string',
      value: 'FILE',
      help: 'write what ran natively, what was emulated and why, as JSON',
      complete: 'file',
    },
    ...guestWatchOptions,
    qemu: { type: 'string', value: 'VERSION|PATH', help: 'which emulator to use', complete: 'emulator' },
    plain: { type: 'boolean', help: 'without the interposer: everything is emulated, also with a tool tree' },
    'no-fetch': { type: 'boolean', help: 'fail instead of fetching what is missing' },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror to fetch from' },
  },
  examples: [
    { command: 'anyarch run -a s390x -- uname -m', does: 'a big-endian machine, without root' },
    { command: 'anyarch run -a arm64', does: 'an interactive shell' },
    {
      command: 'anyarch run --rootfs ./trixie-arm64 -v .:/src -w /src -- make',
      does: 'a build in a root file system of your own',
    },
    { command: 'anyarch run --image alpine -a arm64 -- uname -m', does: 'an image for another platform' },
    { command: 'anyarch run -- ./hello-riscv64', does: 'a foreign program among your own files' },
    {
      command: 'anyarch run --image node -a s390x --stall-timeout 10m -- npm ci',
      does: 'a build that may hang: then it is ended, with 124 and the reason',
    },
    {
      command: 'anyarch run --keep-id -- make check',
      does: 'a test suite of foreign programs, as yourself',
    },
    {
      command: 'anyarch run -- buildah build --platform linux/arm64 .',
      does: 'a foreign build, without root',
    },
  ],
});
