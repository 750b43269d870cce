import { beforeEach, expect, test } from 'vitest';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { chooseEmulator } from './choose.ts';
import { describedEmulator, descriptionsDirectory } from './described.ts';

const path = '/usr/bin/qemu-aarch64-static';
let host: FakeHost;
let description: Record<string, unknown>;
beforeEach(() => {
  host = fakeHost();
  host.addProgram(path);
  description = {
    schema: 1,
    target: 'aarch64',
    path,
    version: '11.1.3',
    packageVersion: '1:11.1.3+ds-1',
    linkage: 'static-pie',
    preservesArgv0: true,
    size: host.files.status(path)?.size,
    sha256: 'ab',
  };
});
const describe = (changes: Record<string, unknown> = {}) => {
  const text = JSON.stringify({ ...description, ...changes });
  host.files.addFile(`${descriptionsDirectory}/aarch64.json`, text);
};

test('an emulator that its image describes is not executed', () => {
  describe();
  expect(describedEmulator(host, 'aarch64', path)).toMatchObject({ version: '11.1.3', origin: 'image' });
  // The fake's processes would refuse --version.
  expect(chooseEmulator(host, 'arm64').emulator).toMatchObject({ path, sha256: 'ab' });
});

test('its hard link is described, too; another file of the same size is not', () => {
  describe();
  const alias = '/usr/bin/qemu-aarch64';
  const { files } = host;
  const aliased = (one: string) => (one === alias ? path : one);
  const linked = {
    ...files,
    status: (one: string) => files.status(aliased(one)),
    isExecutable: (one: string) => files.isExecutable(aliased(one)),
  };
  expect(describedEmulator({ files: linked }, 'aarch64', alias)).toMatchObject({ path: alias, sha256: 'ab' });
  files.addFile(alias, files.read(path), { mode: 0o755 });
  expect(describedEmulator(host, 'aarch64', alias)).toBeUndefined();
});

test.each([
  ['another size', { size: 1 }],
  ['another path', { path: '/usr/bin/qemu-aarch64' }],
  ['another target', { target: 'arm' }],
  ['another schema', { schema: 2 }],
  ['no version', { version: undefined }],
])('a description with %s describes nothing', (_, changes) => {
  describe(changes);
  expect(describedEmulator(host, 'aarch64', path)).toBeUndefined();
});

test('neither does one that is missing or damaged, or of a file that is not executable', () => {
  expect(describedEmulator(host, 'aarch64', path)).toBeUndefined();
  host.files.addFile(`${descriptionsDirectory}/aarch64.json`, '{');
  expect(describedEmulator(host, 'aarch64', path)).toBeUndefined();
  describe();
  host.files.addFile(path, host.files.read(path), { mode: 0o644 });
  expect(describedEmulator(host, 'aarch64', path)).toBeUndefined();
});
