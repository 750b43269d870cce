#!/usr/bin/env node
// Makes a fresh Debian machine ready for the tests with real engines: `node scripts/setup-debian.mjs` as root.
// Says what it did; does nothing when all is there. Starts no service and leaves binfmt_misc as it found it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilerPackage, platforms } from './entrypoint/platforms.mjs';

const packages = [
  // Engines, and what their default configuration needs.
  'docker.io',
  'podman',
  'buildah',
  'runc',
  'uidmap',
  'slirp4netns',
  'fuse-overlayfs',
  'bubblewrap',
  // Rootless docker, and what apptainer needs, which itself is unpacked beside the system.
  'rootlesskit',
  'squashfs-tools',
  'squashfuse',
  'patchelf',
  // A registry, and a client of registries that is not ours.
  'docker-registry',
  'skopeo',
  // Clients of a registration, and the tools that anyarch is compared with.
  'mmdebstrap',
  'arch-test',
  'binfmt-support',
  'systemd',
  // Virtual machines that reboot, and their disks.
  'qemu-system-x86',
  'qemu-utils',
  'e2fsprogs',
  // Readers of ISO 9660 that are not ours.
  'genisoimage',
  'xorriso',
  'libarchive-tools',
  // What judges the domains that machines are printed as.
  'libvirt-clients',
  'libxml2-utils',
  // What the doctor's page is looked at with, and letters.
  'chromium',
  'fonts-dejavu-core',
  // What the tests themselves call.
  'apt',
  'ca-certificates',
  'cpio',
  'debian-archive-keyring',
  'make',
  'passwd',
  'strace',
  'gdb-multiarch',
  'util-linux',
  'xz-utils',
  'zstd',
  // What the image's program is built with, beside the compilers: docs/entrypoint.md
  'binutils',
  'libc6-dev',
  'lz4',
];
// What one of the first two enables is not to reach the other. The third unpacks the disk of the tests' machines, while
// the engines of the others are tested.
const users = ['anyarch-test', 'anyarch-test2', 'anyarch-test3'];
const tablePath = '/proc/sys/fs/binfmt_misc';
const policyPath = '/usr/sbin/policy-rc.d';
const policy =
  '#!/bin/sh\n# Temporary, of anyarch/scripts/setup-debian.mjs: no service starts while packages are installed.\nexit 101\n';

main();

function main() {
  if (process.getuid() !== 0) notHere('root is needed to install packages: run it with sudo');
  if (
    !existsSync('/usr/bin/apt-get') ||
    !/^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'))
  ) {
    notHere('this is not Debian or a distribution like it; docs/dependencies.md names what the tests need');
  }
  const wanted = [...packages, ...compilers()];
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) say(`all ${wanted.length} packages are installed`);
  else installPackages(missing);
  users.forEach(makeUser);
}

/** For the machine itself and for the other ones that images are made for. */
function compilers() {
  const { stdout } = spawnSync('dpkg', ['--print-architecture'], { encoding: 'utf8' });
  return ['gcc', ...platforms.map((platform) => compilerPackage(platform, stdout.trim()))].filter(
    (name, index, all) => all.indexOf(name) === index,
  );
}

/** @param {string[]} names */
function installPackages(names) {
  const before = entries();
  withoutServices(() => {
    if (!isInLists(names)) {
      run(['apt-get', 'update', '-q']);
      say('updated the package lists');
    }
    installInPrivateTable(names);
  });
  for (const name of entries()) {
    if (before.includes(name)) continue;
    writeFileSync(join(tablePath, name), '-1');
    say(`removed the binfmt_misc entry ${name} that a package made`);
  }
  say(`installed ${names.join(' ')}`);
}

/**
 * Packages register interpreters when they are configured (binfmt-support: jar, python). They do it in a mount
 * namespace where files that nobody reads stand in for the table.
 * @param {string[]} names
 */
function installInPrivateTable(names) {
  const install = ['apt-get', 'install', '-q', '-y', '--no-install-recommends', ...names];
  const canHide = existsSync(tablePath) && spawnSync('unshare', ['--mount', 'true']).status === 0;
  if (!canHide) {
    run(install);
    return;
  }
  const stage = mkdtempSync(join(tmpdir(), 'anyarch-setup-'));
  writeFileSync(join(stage, 'register'), '');
  writeFileSync(join(stage, 'status'), 'enabled\n');
  try {
    const script = 'mount --bind "$0" "$1" && shift && exec "$@"';
    run(['unshare', '--mount', 'sh', '-c', script, stage, tablePath, ...install]);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** @param {() => void} action */
function withoutServices(action) {
  const own = existsSync(policyPath) && readFileSync(policyPath, 'utf8') !== policy;
  if (!own) writeFileSync(policyPath, policy, { mode: 0o755 });
  try {
    action();
  } finally {
    if (!own) rmSync(policyPath, { force: true });
  }
}

/** @param {string} user */
function makeUser(user) {
  if (field('/etc/passwd', user) !== undefined) {
    say(`the user ${user} exists`);
  } else {
    run([
      'useradd',
      '--create-home',
      '--shell',
      '/bin/bash',
      '--comment',
      'Tests of anyarch without privilege',
      user,
    ]);
    say(`made the user ${user}`);
  }
  for (const [file, option] of [
    ['/etc/subuid', '--add-subuids'],
    ['/etc/subgid', '--add-subgids'],
  ]) {
    if (field(file, user) !== undefined) continue;
    const start = firstFree(file);
    run(['usermod', option, `${start}-${start + 65_535}`, user]);
    say(`gave ${user} a range in ${file}`);
  }
}

/** @param {string} file @returns {number} */
function firstFree(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const ends = lines.filter(Boolean).map((line) => Number(line.split(':')[1]) + Number(line.split(':')[2]));
  return Math.max(100_000, ...ends);
}

/** @param {string} file @param {string} key @returns {string | undefined} the line of a colon-separated file */
function field(file, key) {
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${key}:`));
}

/** @param {string} name */
function isInstalled(name) {
  const query = spawnSync('dpkg-query', ['--show', '--showformat', '${db:Status-Status}', name], {
    encoding: 'utf8',
  });
  return query.stdout === 'installed';
}

/** @param {string[]} names */
function isInLists(names) {
  const simulated = spawnSync('apt-get', ['install', '--simulate', '--no-install-recommends', ...names]);
  return simulated.status === 0;
}

/** Names of the entries; looks at the table only when it is mounted. */
function entries() {
  if (!existsSync(join(tablePath, 'register'))) return [];
  return readdirSync(tablePath).filter((name) => name !== 'register' && name !== 'status');
}

/** @param {string[]} command */
function run([program, ...args]) {
  const result = spawnSync(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' },
  });
  if (result.status === 0) return;
  throw new Error(
    `${[program, ...args].join(' ')}: ${result.error?.message ?? `exit code ${result.status ?? result.signal}`}`,
  );
}

/** @param {string} message */
function say(message) {
  console.log(`setup-debian: ${message}`);
}

/** @param {string} reason @returns {never} */
function notHere(reason) {
  console.error(`setup-debian: not possible here: ${reason}`);
  process.exit(4);
}
