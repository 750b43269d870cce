import { expect, test } from 'vitest';
import { storedPath } from '../host/stored-path.ts';
import { ledgerPath } from './ledger.ts';
import { survey } from './survey.ts';
import { install, registrationHost, state } from './testing/registration-host.ts';

const sha256 = 'ab'.repeat(32);

/** An entry for an emulator of the store, whose path was resolved as src/emulators does, and no ledger any more. */
function withoutLedger(directory: string, link?: readonly [from: string, to: string]) {
  const prepared = registrationHost([]);
  const { host, emulators, register } = prepared;
  if (link !== undefined) {
    host.files.addDirectory(link[1]);
    host.files.addLink(link[0], link[1]);
  }
  const path = storedPath(directory, { sha256, file: 'qemu-arm' });
  install(host, 'arm', '11.1.3', { path });
  emulators.set('arm', install(host, 'arm', '11.1.3', { path: host.files.resolve(path) }));
  register({ architectures: ['arm'] });
  host.files.remove(ledgerPath(state));
  return { ...prepared, path: host.files.resolve(path) };
}

const owners = (host: Parameters<typeof survey>[0], of = state) =>
  survey(host, of).entries.map(({ owner }) => owner.kind);

test('recognises an emulator of the store when the ledger is lost', () => {
  const { host } = withoutLedger(state);
  expect(owners(host)).toEqual(['anyarch']);
  expect(owners(host, '/home/me/.local/share/anyarch')).toEqual(['anyarch']);
});

test('recognises one whose file is gone as well', () => {
  const { host, path } = withoutLedger(state);
  host.files.remove(path);
  expect(owners(host)).toEqual(['anyarch']);
});

test('recognises one of a state directory that is a link', () => {
  const { host, path } = withoutLedger(state, [state, '/data/anyarch']);
  expect(path).toBe(`/data/anyarch/store/sha256/${sha256}/qemu-arm`);
  expect(owners(host)).toEqual(['anyarch']);
});

test('recognises one of another state directory', () => {
  const { host } = withoutLedger('/opt/anyarch');
  expect(owners(host)).toEqual(['anyarch']);
  expect(owners(host, '/opt/anyarch')).toEqual(['anyarch']);
});

test('takes no emulator that lies outside a store for its own', () => {
  const { host, addEntry } = registrationHost([]);
  const path = `/opt/anyarch/sha256/${sha256}/qemu-arm`;
  host.addProgram(path);
  addEntry(`:qemu-arm:M::abcd::${path}:F`);
  expect(owners(host, '/opt/anyarch')).toEqual(['unknown']);
});
