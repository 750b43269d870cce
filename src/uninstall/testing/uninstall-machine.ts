import { createHash } from 'node:crypto';
import type { FakeHost, FakeHostOptions } from '../../host/testing/index.ts';
import { applyFiles } from '../../installed-files/index.ts';
import { registrationHost, type RegistrationHost } from '../../registration/testing/registration-host.ts';
import type { UninstallReport } from '../report.ts';
import { uninstall, type UninstallOptions } from '../uninstall.ts';

export const state = '/var/lib/anyarch';

const emulator = 'an emulator';
/** Of the emulator in the store. */
export const sha = createHash('sha256').update(emulator).digest('hex');

/** A machine on which anyarch has been used. */
export interface UninstallMachine {
  readonly host: FakeHost;
  readonly entries: RegistrationHost['entries'];
  readonly addEntry: RegistrationHost['addEntry'];
  run(options?: Partial<UninstallOptions>): Promise<UninstallReport>;
  /** Every path below a directory, without /proc. */
  tree(directory?: string): string[];
  /** Everything that anyarch leaves behind, killed commands included. */
  addEverything(home?: string): void;
  /** What `persist enable` and `watch enable` install, in short. */
  install(): void;
}

export function uninstallMachine(options: FakeHostOptions = {}): UninstallMachine {
  const { host, entries, addEntry } = registrationHost([], options);
  for (const path of ['/var/tmp', '/root/.cache', '/var/lib', '/var/cache', '/etc', '/usr/local/lib'])
    host.files.addDirectory(path);
  host.files.addDirectory('/dev/shm', { mode: 0o1777 });
  return {
    host,
    entries,
    addEntry,
    run: (more = {}) => uninstall(host, { workingDirectory: '/srv', ...more }),
    tree: (directory = '') => treeOf(host, directory),
    addEverything: (home = state) => {
      addEverything(host, home);
    },
    install: () => {
      applyFiles(host, state, 'persistence', [{ path: '/etc/binfmt.d/anyarch-s390x.conf', content: ':a:' }]);
      applyFiles(host, state, 'watch', [{ path: '/usr/local/lib/anyarch/bin/anyarch', content: 'program' }]);
    },
  };
}

function treeOf(host: FakeHost, directory: string): string[] {
  return host.files.list(directory === '' ? '/' : directory).flatMap((name) => {
    const path = `${directory}/${name}`;
    if (path === '/proc') return [];
    return host.files.linkStatus(path)?.kind === 'directory' ? [`${path}/`, ...treeOf(host, path)] : [path];
  });
}

function addEverything({ files }: FakeHost, home: string): void {
  const guest = `${home}/guests/${sha.slice(0, 16)}-1`;
  files.addFile(`${home}/store/sha256/${sha}/qemu-s390x`, emulator);
  files.addFile(`${guest}/bin/busybox`, emulator);
  files.addLink(`${guest}/bin/sh`, '/etc');
  for (const path of [
    'store/temporary/4026531836-77-123.0a1b2c',
    'emulators.json',
    'emulators.json.77-1-m3x.tmp',
    'guests.json',
    'guests/.building-aB3dEf/bin/busybox',
    'answers.json',
    'digests.json',
    'digests.json.7-2-abc.tmp',
    'persistence.json',
    'tool-tree/abc234/bin/make',
    'tool-tree/abc234/set.json',
    'tool-sets/pairings/0123456789abcdef.json',
    'tool-sets/stamps/abc234.json',
  ])
    files.addFile(`${home}/${path}`, '{"schema":1}');
  files.addFile(`${home}/tool-tree/r/ab12`, 'anyarch-recipe 1\n');
  for (const path of [
    `/root/.cache/anyarch/sha256/${sha}`,
    `/root/.cache/anyarch/sha256/${sha}.part.4026531836-7-12.0a1b`,
    '/root/.cache/anyarch/launcher/0123456789abcdef',
    '/root/.cache/anyarch/code/v20.20.0-x64-1-2-3-run',
    `/root/.cache/anyarch/layers/records/${sha}.gzip-6.json`,
    `/root/.cache/anyarch/layers/blobs/${sha}`,
    '/root/.cache/anyarch/layers/temporary/4026531836-7-12.0',
    `/root/.cache/anyarch/images/store/sha256/${sha}/qemu-arm`,
    '/root/.cache/anyarch/images/emulators.json',
    `/var/cache/anyarch/sha256/${sha}`,
    '/tmp/anyarch-0/launcher/0123456789abcdef',
    '/dev/shm/anyarch-0/launcher/0123456789abcdef.7-1-abc.tmp',
    '/tmp/anyarch-probe-77-4026531836-12/executable',
    '/var/tmp/anyarch-probe-77-1-12/s390x',
  ])
    files.addFile(path, '{"schema":1}');
  // Of a process that is gone.
  const dead = { pid: 77, startTime: '1', bootId: 'another', pidNamespace: 'pid:[1]', nonce: 'abc' };
  for (const name of ['registrations.lock', 'emulators.json.lock.after-abc-123'])
    files.addFile(`${home}/${name}`, JSON.stringify(dead));
  files.addDirectory(`${home}/mount`);
}
