import { beforeEach, describe, expect, it } from 'vitest';
import { findArchitecture } from '../core/architecture.ts';
import { encodeUtf8 } from '../core/text.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import {
  forgetWantedTable,
  readWantedTable,
  recordWantedTable,
  wantedArchitecture,
  wantedTablePathIn,
  type WantedTable,
} from './wanted-table.ts';

const state = '/home/u/state';
let host: FakeHost;
beforeEach(() => {
  host = fakeHost();
});

const wanting = (path: string): WantedTable => ({
  schema: 1,
  architectures: [
    wantedArchitecture(findArchitecture('arm64'), {
      path,
      version: '11.1.3',
      sha256: 'ab',
      preservesArgv0: true,
    }),
  ],
  at: '2026-11-22',
  by: 'test',
});

describe('the document of what private tables are to have', () => {
  it('comes back as it was recorded, and is gone when it is forgotten', () => {
    expect(readWantedTable(host, state)).toBeUndefined();
    recordWantedTable(host, state, wanting('/q/a'));
    expect(readWantedTable(host, state)).toEqual(wanting('/q/a'));
    forgetWantedTable(host, state);
    expect(readWantedTable(host, state)).toBeUndefined();
    forgetWantedTable(host, state);
  });

  it('remembers the rules of former documents, each once', () => {
    const rules = ['/q/a', '/q/b', '/q/a', '/q/c'].map((path) => {
      recordWantedTable(host, state, wanting(path));
      return wanting(path).architectures[0]!.rule;
    });
    expect(readWantedTable(host, state)?.former).toEqual([rules[1], rules[0]]);
  });

  it('says what the kernel will list, as the kernel says it', () => {
    const [wanted] = wanting('/q/a').architectures;
    host.addProgram('/q/a');
    host.binfmt.table().register(encodeUtf8(wanted!.rule));
    expect(host.binfmt.table().read('qemu-aarch64')).toBe(wanted!.listed);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['another schema', JSON.stringify({ ...wanting('/q/a'), schema: 2 })],
    ['no architectures', JSON.stringify({ ...wanting('/q/a'), architectures: undefined })],
    ['an unknown field', JSON.stringify({ ...wanting('/q/a'), more: 1 })],
    [
      'half an architecture',
      JSON.stringify({ ...wanting('/q/a'), architectures: [{ architecture: 'aarch64' }] }),
    ],
  ])('is refused when it is %s, and stays; recording replaces it', (_, content) => {
    host.files.addFile(wantedTablePathIn(state), content);
    expect(() => readWantedTable(host, state)).toThrowWithCode('ANYARCH_STATE_INVALID');
    expect(host.files.status(wantedTablePathIn(state))?.size).toBe(content.length);
    recordWantedTable(host, state, wanting('/q/a'));
    expect(readWantedTable(host, state)).toEqual(wanting('/q/a'));
  });
});
